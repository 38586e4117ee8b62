"""Sources: their bibliographic records, and what each of them says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sparql_endpoint.names import expand
from sparql_endpoint.site import claims, kept
from sparql_endpoint.site.asking import Term, node, rows
from sparql_endpoint.site.claims import Claim, Evidence

__all__ = ["Record", "Words", "of_source", "records"]

_RECORDS = """
SELECT ?source ?p ?o {{
    VALUES ?source {{ {sources} }}
    VALUES ?p {{
        dcterms:title rdfs:label dcterms:publisher dcterms:issued schema:url dfo:accessed
    }}
    ?source ?p ?o
}}"""
_SHARED = """
SELECT DISTINCT ?claim ?witness {{
    {source} (^oa:hasSource)?/^dfo:evidence ?claim .
    ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
    ?other rdf:object ?o ; rdf:subject ?s ; rdf:predicate ?p ; dfo:evidence/(oa:hasSource?) ?witness
    FILTER (?witness != {source})
}}"""


@dataclass(frozen=True)
class Record:
    """What a citation needs of a source; whatever is unknown is None."""

    iri: str
    title: Term | None = None
    publisher: Term | None = None
    issued: Term | None = None
    url: Term | None = None
    accessed: Term | None = None


@dataclass(frozen=True)
class Words:
    """A quotation, or a place in a source without text, with the claims that rest on it."""

    evidence: Evidence
    claims: tuple[Claim, ...]


def records(sources: Iterable[str]) -> dict[str, Record]:
    """Return the records of sources by their IRIs, in one query."""
    wanted = " ".join(node(iri) for iri in sources)
    found: dict[str, dict[str, Term]] = {}
    for row in rows(_RECORDS.format(sources=wanted)) if wanted else ():
        found.setdefault(row["source"].value, {})[row["p"].value] = row["o"]
    return {iri: _record(iri, values) for iri, values in found.items()}


def of_source(iri: str) -> dict[str, Any]:
    """Return what the page of a source needs: its words in text order, and what only it says."""
    said = claims.of_source(iri)
    is_a, source = kept.catalogue().is_a, expand("dfo:Source")
    shared = {
        row["claim"].value
        for row in rows(_SHARED.format(source=node(iri)))
        if is_a(row["witness"].value, source)
    }
    alone = {claim.iri for claim in said} - shared
    return {"words": list(_in_text_order(iri, said)), "alone": alone, "said": said}


def _in_text_order(iri: str, said: Iterable[Claim]) -> Iterable[Words]:
    places: dict[Evidence, list[Claim]] = {}
    for claim in said:
        for item in claim.evidence:
            if item.source == iri:
                places.setdefault(item, []).append(claim)
    for item in sorted(places):
        yield Words(item, tuple(places[item]))


def _record(iri: str, values: dict[str, Term]) -> Record:
    def value(name: str) -> Term | None:
        return values.get(expand(name))

    return Record(
        iri,
        value("dcterms:title") or value("rdfs:label"),
        value("dcterms:publisher"),
        value("dcterms:issued"),
        value("schema:url"),
        value("dfo:accessed"),
    )
