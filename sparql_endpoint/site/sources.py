"""Sources: their bibliographic records, and what each of them says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sparql_endpoint.names import expand
from sparql_endpoint.site import claims, kept
from sparql_endpoint.site.asking import Term, node, rows
from sparql_endpoint.site.claims import Claim, Evidence

__all__ = ["Record", "Words", "of_source", "record", "records"]

_MOST = 50_000
_RECORDS = f"""
SELECT ?source ?p ?o {{
    VALUES ?class {{ dfo:Source }}
    VALUES ?p {{
        dcterms:title rdfs:label dcterms:publisher dcterms:creator dcterms:issued schema:url
        dfo:accessed dfo:tier dfo:party schema:exampleOfWork dfo:sameTextAs
    }}
    ?source a dfo:Source ; ?p ?o
}} LIMIT {_MOST}"""
_SHARED = """
SELECT DISTINCT ?claim ?witness {{
    {source} (^oa:hasSource)?/^dfo:evidence ?claim .
    ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
    ?other rdf:object ?o ; rdf:subject ?s ; rdf:predicate ?p ; dfo:evidence/(oa:hasSource?) ?witness
    FILTER (?witness != {source})
}}"""


@dataclass(frozen=True)
class Record:
    """What a citation needs of a source; whatever is unknown is None or empty."""

    iri: str
    title: Term | None = None
    author: Term | None = None
    publisher: Term | None = None
    issued: Term | None = None
    url: Term | None = None
    accessed: Term | None = None
    tier: str = ""
    parties: tuple[str, ...] = ()
    """The parties to the Forum that publish it."""
    prints: tuple[str, ...] = ()
    """The documents whose text it is."""
    copy_of: tuple[str, ...] = ()

    @property
    def by_party(self) -> bool:
        """Whether a party publishes it."""
        return bool(self.parties)


@dataclass(frozen=True)
class Words:
    """A quotation, or a place in a source without text, with the claims that rest on it."""

    evidence: Evidence
    claims: tuple[Claim, ...]


def records(sources: Iterable[str]) -> dict[str, Record]:
    """Return the records of sources by their IRIs; all sources are asked for once a dataset."""
    known = kept.once(__name__, _ask)
    return {iri: known.get(iri, Record(iri)) for iri in sources}


def record(source: str) -> Record:
    """Return the record of one source."""
    return records([source])[source]


def _ask() -> dict[str, Record]:
    found: dict[str, dict[str, list[Term]]] = {}
    for row in rows(_RECORDS):
        values = found.setdefault(row["source"].value, {})
        values.setdefault(row["p"].value, []).append(row["o"])
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
    words = list(_in_text_order(iri, said))
    return {
        "words": words,
        "alone": alone,
        "said": said,
        "quoted": any(entry.evidence.exact for entry in words),
    }


def _in_text_order(iri: str, said: Iterable[Claim]) -> Iterable[Words]:
    places: dict[Evidence, list[Claim]] = {}
    for claim in said:
        for item in claim.evidence:
            if item.source == iri:
                places.setdefault(item, []).append(claim)
    for item in sorted(places):
        yield Words(item, tuple(places[item]))


def _record(iri: str, values: dict[str, list[Term]]) -> Record:
    def terms(name: str) -> list[Term]:
        return sorted(values.get(expand(name), ()))

    def value(name: str) -> Term | None:
        return next(iter(terms(name)), None)

    def iris(name: str) -> tuple[str, ...]:
        return tuple(term.value for term in terms(name))

    return Record(
        iri,
        value("dcterms:title") or value("rdfs:label"),
        value("dcterms:creator"),
        value("dcterms:publisher"),
        value("dcterms:issued"),
        value("schema:url"),
        value("dfo:accessed"),
        "".join(iris("dfo:tier")[:1]),
        iris("dfo:party"),
        iris("schema:exampleOfWork"),
        iris("dfo:sameTextAs"),
    )
