"""The asserted claims of the graph with the references that carry them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from sparql_endpoint.link.entities import Term
from sparql_endpoint.names import expand

__all__ = ["Reference", "Statement", "asserted_statements"]

_Triple = tuple[str, str, Term]
_PASSING = frozenset({"dev", "preview", "staging", "test"})
"""Labels of hosts that show a page before it is published, at an address that passes."""


@dataclass(frozen=True, order=True)
class Reference:
    """Where a statement is read: the page, when it was read, its title, the words themselves.

    ``language`` is the source's, as a code; what is unknown is empty. ``accessed`` is a date or a
    month as it stands in the graph.
    """

    url: str
    title: str = ""
    language: str = ""
    accessed: str = ""
    quotation: str = ""


@dataclass(frozen=True)
class Statement:
    """A triple that the graph asserts, and the references of the claims whose sources state it.

    ``stated`` is False where every claim only infers it.
    """

    subject: str
    predicate: str
    value: Term
    references: tuple[Reference, ...]
    stated: bool = True


def asserted_statements(store: Store) -> list[Statement]:
    """Return the triples that claims assert, sorted, with every reference to a page to cite.

    Cited is what states the triple, on a page of its own or of the same text: no weak source, and
    no host that shows pages before they are published.
    """
    graph = _Graph(store)
    found: dict[_Triple, set[Reference]] = defaultdict(set)
    stated: set[_Triple] = set()
    asserted, inferred = NamedNode(expand("dfo:asserted")), NamedNode(expand("dfo:inferred"))
    for claim in graph.subjects("dfo:standing", asserted):
        implied = inferred in graph.objects(claim, "dfo:basis")
        for triple in _triples(graph, claim):
            found[triple] |= set() if implied else set(_references(graph, claim))
            stated |= set() if implied else {triple}
    return [
        Statement(*triple, tuple(sorted(references)), triple in stated)
        for triple, references in sorted(found.items(), key=lambda pair: tuple(map(str, pair[0])))
    ]


class _Graph:
    """The default graph of a store, asked by prefixed names."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def subjects(self, prefixed: str, value: NamedNode) -> Iterator[NamedNode]:
        for quad in self._store.quads_for_pattern(None, _node(prefixed), value, DefaultGraph()):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject

    def objects(self, subject: NamedNode, prefixed: str) -> Iterator[Term]:
        for quad in self._store.quads_for_pattern(subject, _node(prefixed), None, DefaultGraph()):
            yield quad.object

    def nodes(self, subject: NamedNode, prefixed: str) -> Iterator[NamedNode]:
        return (term for term in self.objects(subject, prefixed) if isinstance(term, NamedNode))

    def text(self, subject: NamedNode, prefixed: str) -> str:
        """Return the first value in order, as plain text, empty where there is none."""
        return min(map(_value, self.objects(subject, prefixed)), default="")


def _node(prefixed: str) -> NamedNode:
    return NamedNode(expand(prefixed))


def _value(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)


def _triples(graph: _Graph, claim: NamedNode) -> Iterator[_Triple]:
    for subject in graph.nodes(claim, "rdf:subject"):
        for predicate in graph.nodes(claim, "rdf:predicate"):
            for value in graph.objects(claim, "rdf:object"):
                yield subject.value, predicate.value, value


def _references(graph: _Graph, claim: NamedNode) -> Iterator[Reference]:
    for evidence in graph.nodes(claim, "dfo:evidence"):
        sources: Iterable[NamedNode] = list(graph.nodes(evidence, "oa:hasSource")) or [evidence]
        quotation = next(_quotations(graph, evidence), "")
        for source in sources:
            for page in _pages(graph, source):
                yield _reference(graph, page, quotation)


def _pages(graph: _Graph, source: NamedNode) -> Iterator[NamedNode]:
    """Return the source if it has a page to cite, else those with the same text that have one."""
    if _citable(graph, source):
        yield source
    elif not graph.text(source, "schema:url"):
        same = {*graph.nodes(source, "dfo:sameTextAs"), *graph.subjects("dfo:sameTextAs", source)}
        yield from sorted((page for page in same if _citable(graph, page)), key=str)


def _citable(graph: _Graph, source: NamedNode) -> bool:
    host = urlsplit(graph.text(source, "schema:url")).hostname or ""
    weak = NamedNode(expand("dfo:weak")) in graph.objects(source, "dfo:tier")
    return bool(host) and not weak and not _PASSING & set(host.split("."))


def _quotations(graph: _Graph, quote: NamedNode) -> Iterator[str]:
    for selector in graph.nodes(quote, "oa:hasSelector"):
        yield graph.text(selector, "oa:exact")


def _reference(graph: _Graph, source: NamedNode, quotation: str) -> Reference:
    return Reference(
        graph.text(source, "schema:url"),
        title=graph.text(source, "dcterms:title"),
        language=graph.text(source, "dcterms:language").rpartition("/")[2],
        accessed=max(map(_value, graph.objects(source, "dfo:accessed")), default=""),
        quotation=quotation,
    )
