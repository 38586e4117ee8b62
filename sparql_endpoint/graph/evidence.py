"""Claims, quotes and sources as the graph states them, read into plain records.

What a broken graph lacks is None or empty here; saying so is the work of the shapes.
"""

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
    sources = {*_instances(store, "dfo:Source"), *_instances(store, "dfo:SourceArticle")}
    return Evidence(
        tuple(_claim(store, iri) for iri in _instances(store, "dfo:Claim")),
        tuple(_quote(store, iri) for iri in _instances(store, "oa:SpecificResource")),
        tuple(_source(store, iri) for iri in sorted(sources, key=str)),
    )


def _claim(store: Store, iri: NamedNode) -> Claim:
    return Claim(
        iri,
        subject=_one(store, iri, "rdf:subject"),
        predicate=_one(store, iri, "rdf:predicate"),
        object=_one(store, iri, "rdf:object"),
        claimant=_one(store, iri, "dfo:claimant"),
        standing=_one(store, iri, "dfo:standing"),
        basis=_one(store, iri, "dfo:basis"),
        evidence=tuple(objects(store, iri, "dfo:evidence")),
    )


def _source(store: Store, iri: NamedNode) -> Source:
    return Source(
        iri,
        sha256=_text(_one(store, iri, "schema:sha256")),
        body_end=_number(_one(store, iri, "dfo:bodyEnd")),
    )


def _quote(store: Store, iri: NamedNode) -> Quote:
    selector = _one(store, iri, "oa:hasSelector")
    return Quote(
        iri,
        selector,
        source=_one(store, iri, "oa:hasSource"),
        start=_number(_one(store, selector, "oa:start")),
        end=_number(_one(store, selector, "oa:end")),
        exact=_text(_one(store, selector, "oa:exact")),
    )


def _instances(store: Store, name: str) -> list[NamedNode]:
    quads = store.quads_for_pattern(None, _TYPE, NamedNode(expand(name)), DefaultGraph())
    return sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=str)


def _one(store: Store, subject: Term | None, predicate: str) -> Term | None:
    if subject is None or isinstance(subject, Literal):
        return None
    return next(iter(objects(store, subject, predicate)), None)


def _text(term: Term | None) -> str | None:
    return term.value if isinstance(term, Literal) else None


def _number(term: Term | None) -> int | None:
    text = _text(term)
    return int(text) if text is not None and text.isdecimal() else None
