"""The claims as a table, a row each."""

import csv
import io
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Store

from sparql_endpoint.export.table_definitions import BETWEEN, table_definitions
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Claim, Quote, objects, read_evidence
from sparql_endpoint.names import shorten

__all__ = ["COLUMNS", "claims_csv"]

COLUMNS = table_definitions()["claims"].header
"""The header. Quotes of one claim share a cell, with `` | `` between them, as do their offsets."""


def claims_csv(quads: Iterable[Quad], surroundings: Iterable[Quad]) -> bytes:
    """Return the claims among ``quads`` as CSV (RFC 4180), sorted by their IRI.

    Labels and titles are in English where ``surroundings`` have them so: a label may stand in a
    graph that is not exported itself.
    """
    store, context = _merge(quads), _merge(surroundings)
    evidence = read_evidence(store)
    quotes: dict[Term, Quote] = {quote.iri: quote for quote in evidence.quotes}
    output = io.StringIO(newline="")
    table = csv.DictWriter(output, COLUMNS)
    table.writeheader()
    for claim in evidence.claims:
        table.writerow(_row(claim, [quotes.get(term) for term in claim.evidence], store, context))
    return output.getvalue().encode()


def _merge(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.bulk_extend(Quad(*quad.triple) for quad in quads)
    return store


def _row(
    claim: Claim, quoted: Sequence[Quote | None], store: Store, context: Store
) -> dict[str, str]:
    quotes = [quote for quote in quoted if quote is not None]
    plain = [term for term, quote in zip(claim.evidence, quoted, strict=True) if quote is None]
    sources = list(dict.fromkeys([*(quote.source for quote in quotes), *plain]))
    return {
        "claim": claim.iri.value,
        "subject": _text(claim.subject),
        "subject_label": _name(context, claim.subject),
        "predicate": _text(claim.predicate),
        "predicate_label": _name(context, claim.predicate),
        "object": _text(claim.object),
        "object_type": _type(claim.object),
        "object_label": _name(context, claim.object),
        "claimant": _text(claim.claimant),
        "claimant_label": _name(context, claim.claimant),
        "voiced_in": _all(store, claim, "dfo:voicedIn"),
        "standing": _code(claim.standing),
        "basis": _code(claim.basis),
        "source": _join(_text(source) for source in sources),
        "source_title": _join(_name(context, source) for source in sources),
        "locator": _all(store, claim, "dfo:locator"),
        "quote": _join(quote.exact or "" for quote in quotes),
        "start": _join(str(quote.start) for quote in quotes),
        "end": _join(str(quote.end) for quote in quotes),
        "note": _all(store, claim, "skos:editorialNote"),
        "rule": _join(map(_code, objects(store, claim.iri, "dfo:rule"))),
        "conflicts_with": _all(store, claim, "dfo:conflictsWith"),
    }


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term or "")


def _type(term: Term | None) -> str:
    """Return the language, with an at sign, or the datatype of a literal; ``iri`` for an IRI."""
    if not isinstance(term, Literal):
        return "iri" if isinstance(term, NamedNode) else ""
    return f"@{term.language}" if term.language else shorten(term.datatype.value)


def _code(term: Term | None) -> str:
    """Return a code of the ontology without its namespace: ``asserted``."""
    return _text(term).rpartition("#")[2]


def _name(store: Store, term: Term | None) -> str:
    """Return what a thing is called: its English label or title, else its short name."""
    if not isinstance(term, NamedNode):
        return ""
    called = _english(store, term, "rdfs:label") or _english(store, term, "dcterms:title")
    return called or shorten(term.value)


def _english(store: Store, term: NamedNode, predicate: str) -> str:
    """Return the value in English, the first of any language where there is none, or nothing."""
    values = [value for value in objects(store, term, predicate) if isinstance(value, Literal)]
    english = [value.value for value in values if value.language == "en"]
    return next(iter([*english, *(value.value for value in values)]), "")


def _all(store: Store, claim: Claim, predicate: str) -> str:
    return _join(_text(term) for term in objects(store, claim.iri, predicate))


def _join(texts: Iterable[str]) -> str:
    return BETWEEN.join(texts)
