"""The dataset that a query is asked of, as SPARQL wants it.

Several FROM clauses ask of the *merge* of their graphs, where a triple stands once
(https://www.w3.org/TR/sparql11-query/#specifyingDataset); the engine asks of each graph in turn and
finds a triple as often as it stands. So the merge is built, in a store of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

__all__ = ["Dataset", "View", "view"]

Dataset = tuple[tuple[str, ...], tuple[str, ...]]
"""The IRIs of default graphs and of named graphs, which together are all there is to ask of."""


@dataclass(frozen=True)
class View:
    """A store, and which of its graphs a query sees (None: all as they stand)."""

    store: Store
    default_graph: list[NamedNode | BlankNode | DefaultGraph] | None = None
    named_graphs: list[NamedNode | BlankNode] | None = None


def view(store: Store, dataset: Dataset | None) -> View:
    """Return where to ask: ``store`` itself, unless the dataset merges several graphs.

    A graph that the store does not have is empty. Building a merge copies its triples and those
    of the named graphs, in time and memory linear in their number.
    """
    if dataset is None:
        return View(store)
    default, named = ([NamedNode(iri) for iri in graphs] for graphs in dataset)
    if len(default) > 1:
        return View(_merge(store, default, named), [DefaultGraph()], [*named])
    return View(store, [*default], [*named])


def _merge(store: Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
    merged = Store()
    for graph in default:
        quads = store.quads_for_pattern(None, None, None, graph)
        merged.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in named:
        merged.bulk_extend(store.quads_for_pattern(None, None, None, graph))
    return merged
