"""Claims, quotes and sources as the graph states them, read into plain records.

What a broken graph lacks is None or empty here; saying so is the work of the shapes.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import expand

__all__ = ["Claim", "Evidence", "Quote", "Source", "objects", "read_evidence"]


@dataclass(frozen=True)
class Claim:
    """A triple as somebody stated it: ``standing`` and ``basis`` are concepts of the code lists."""

    iri: NamedNode
    subject: Term | None
    predicate: Term | None
    object: Term | None
    claimant: Term | None
    standing: Term | None
    basis: Term | None
    evidence: tuple[Term, ...]


@dataclass(frozen=True)
class Quote:
    """A span of a source's text: ``start`` and ``end`` in code points, ``exact`` its words."""

    iri: NamedNode
    selector: Term | None
    source: Term | None
    start: int | None
    end: int | None
    exact: str | None


@dataclass(frozen=True)
class Source:
    """A source; ``sha256`` only where there is a text of it, ``body_end`` where its footer begins.

    ``body_end`` is an offset in code points; what stands from there on is evidence for nothing.
    """

    iri: NamedNode
    sha256: str | None
    body_end: int | None


@dataclass(frozen=True)
class Evidence:
    """All claims, quotes and sources of a graph, each kind by IRI."""

    claims: tuple[Claim, ...]
    quotes: tuple[Quote, ...]
    sources: tuple[Source, ...]

    def claims_on(self, evidence: Term) -> tuple[NamedNode, ...]:
        """Return the claims that rest on a quote or source."""
        return self._claims_by_evidence.get(evidence, ())

    def words(self, claim: Claim) -> tuple[str, ...]:
        """Return the words of the quotes that a claim rests on."""
        return tuple(self._exact[term] for term in claim.evidence if term in self._exact)

    @cached_property
    def _claims_by_evidence(self) -> dict[Term, tuple[NamedNode, ...]]:
        found: dict[Term, tuple[NamedNode, ...]] = {}
        for claim in self.claims:
            for term in claim.evidence:
                found[term] = (*found.get(term, ()), claim.iri)
        return found

    @cached_property
    def _exact(self) -> dict[Term, str]:
        return {quote.iri: quote.exact for quote in self.quotes if quote.exact is not None}


_PROPERTIES = (
    "dfo:basis",
    "dfo:bodyEnd",
    "dfo:claimant",
    "dfo:evidence",
    "dfo:standing",
    "oa:end",
    "oa:exact",
    "oa:hasSelector",
    "oa:hasSource",
    "oa:start",
    "rdf:object",
    "rdf:predicate",
    "rdf:subject",
    "schema:sha256",
)
_TYPE = NamedNode(expand("rdf:type"))


def objects(store: Store, subject: Term, predicate: str) -> list[Term]:
    """Return the values, in a stable order, of a prefixed property in the default graph."""
    quads = store.quads_for_pattern(
        subject,  # type: ignore[arg-type]  # a literal subject matches nothing
        NamedNode(expand(predicate)),
        None,
        DefaultGraph(),
    )
    return sorted((quad.object for quad in quads), key=str)


def read_evidence(store: Store) -> Evidence:
    """Return the claims, quotes and sources of the default graph."""
    values = _Values(store)
    return Evidence(
        tuple(_claim(values, iri) for iri in _instances(store, "dfo:Claim")),
        tuple(_quote(values, iri) for iri in _instances(store, "oa:SpecificResource")),
        tuple(_source(values, iri) for iri in _instances(store, "dfo:Source")),
    )


class _Values:
    """The values of the properties of evidence, all read in one go."""

    def __init__(self, store: Store) -> None:
        self._values: defaultdict[tuple[Term, str], list[Term]] = defaultdict(list)
        for name in _PROPERTIES:
            predicate = NamedNode(expand(name))
            for quad in store.quads_for_pattern(None, predicate, None, DefaultGraph()):
                self._values[quad.subject, name].append(quad.object)

    def all(self, subject: Term, name: str) -> tuple[Term, ...]:
        return tuple(sorted(self._values.get((subject, name), ()), key=str))

    def one(self, subject: Term | None, name: str) -> Term | None:
        return None if subject is None else next(iter(self.all(subject, name)), None)


def _claim(values: _Values, iri: NamedNode) -> Claim:
    return Claim(
        iri,
        subject=values.one(iri, "rdf:subject"),
        predicate=values.one(iri, "rdf:predicate"),
        object=values.one(iri, "rdf:object"),
        claimant=values.one(iri, "dfo:claimant"),
        standing=values.one(iri, "dfo:standing"),
        basis=values.one(iri, "dfo:basis"),
        evidence=values.all(iri, "dfo:evidence"),
    )


def _source(values: _Values, iri: NamedNode) -> Source:
    return Source(
        iri,
        sha256=_text(values.one(iri, "schema:sha256")),
        body_end=_number(values.one(iri, "dfo:bodyEnd")),
    )


def _quote(values: _Values, iri: NamedNode) -> Quote:
    selector = values.one(iri, "oa:hasSelector")
    return Quote(
        iri,
        selector,
        source=values.one(iri, "oa:hasSource"),
        start=_number(values.one(selector, "oa:start")),
        end=_number(values.one(selector, "oa:end")),
        exact=_text(values.one(selector, "oa:exact")),
    )


def _instances(store: Store, name: str) -> list[NamedNode]:
    quads = store.quads_for_pattern(None, _TYPE, NamedNode(expand(name)), DefaultGraph())
    return sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=str)


def _text(term: Term | None) -> str | None:
    return term.value if isinstance(term, Literal) else None


def _number(term: Term | None) -> int | None:
    text = _text(term)
    return int(text) if text is not None and text.isdecimal() else None
