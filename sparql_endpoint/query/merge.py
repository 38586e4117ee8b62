"""The merge of several graphs as a query's default graph, without a triple twice.

RDF merges graphs, in which a triple is or is not (SPARQL 1.1 Query, section 13.2:
https://www.w3.org/TR/sparql11-query/#specifyingDataset). Oxigraph reads its graphs one after the
other and gives a triple once for each it stands in. Graphs that share none need no more than that,
and the engine itself tells quickly; others are copied into a store of their own, where each triple
is once. Blank nodes are apart already: a store has one name for each.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

__all__ = ["Dataset", "Merges"]

_SHARED = """ASK {
    GRAPH ?one { ?s ?p ?o }
    FILTER EXISTS { GRAPH ?other { ?s ?p ?o } FILTER(?other != ?one) }
}"""
_REMEMBERED = 4


@dataclass(frozen=True)
class Dataset:
    """What to ask a query of: a store, and its graphs as pyoxigraph's ``query`` takes them."""

    store: Store
    default_graph: list[NamedNode | BlankNode | DefaultGraph] | None = None
    named_graphs: list[NamedNode | BlankNode] | None = None


@dataclass
class Merges:
    """The datasets of one store that queries asked for; the last few merges are kept."""

    store: Store
    _kept: OrderedDict[tuple[tuple[str, ...], ...], Dataset] = field(default_factory=OrderedDict)

    def dataset(self, default: tuple[str, ...], named: tuple[str, ...]) -> Dataset:
        """Return the dataset of which ``default`` are merged and ``named`` are named."""
        key = (default, named)
        found = self._kept.pop(key, None) or self._make(default, named)
        self._kept[key] = found
        if len(self._kept) > _REMEMBERED:
            self._kept.popitem(last=False)
        return found

    def _make(self, default: tuple[str, ...], named: tuple[str, ...]) -> Dataset:
        merged = _nodes(default)
        elsewhere = not isinstance(self.store, Store)  # another server merges by itself
        if elsewhere or len(merged) < len(["one", "other"]) or not self._share(merged):
            return Dataset(self.store, [*merged], [*_nodes(named)])
        store = Store()
        store.extend(self._quads(merged, DefaultGraph()))
        for graph in _nodes(named):
            store.extend(self._quads([graph], graph))
        return Dataset(store, [DefaultGraph()], [*_nodes(named)])

    def _share(self, graphs: list[NamedNode]) -> bool:
        return bool(self.store.query(_SHARED, named_graphs=[*graphs]))

    def _quads(self, graphs: Iterable[NamedNode], into: NamedNode | DefaultGraph) -> Iterator[Quad]:
        for graph in graphs:
            for quad in self.store.quads_for_pattern(None, None, None, graph):
                yield Quad(quad.subject, quad.predicate, quad.object, into)


def _nodes(iris: Iterable[str]) -> list[NamedNode]:
    """Return the graphs, each once; a text that is no IRI names none."""
    return [NamedNode(iri) for iri in dict.fromkeys(iris)]
