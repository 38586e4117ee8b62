"""Which statements an export holds."""

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Quad

from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.export.labels import labelled
from sparql_endpoint.names import GRAPH, expand, shorten
from sparql_endpoint.query.near import nearest

__all__ = ["content", "triples_of"]

_SHOWN = 5
"""Graphs that an error names."""


def content(statements: Iterable[Quad], graphs: Sequence[str] = ()) -> list[Quad]:
    """Return statements, each in the graph where it stands, and each once.

    Blank nodes get labels that are the same in every run.

    Args:
        statements: those of a file or store.
        graphs: named graphs to take alone, each as an IRI, as ``graph:data/states`` or as
            ``data/states``; all of them, and the default graph, if there is none.

    Raises:
        NotFoundError: the statements have no such graph.
    """
    if not graphs:
        return labelled(statements)
    every = list(statements)
    known = {quad.graph_name for quad in every}
    iris = {name.value for name in known if isinstance(name, NamedNode)}
    names = {_named(iris, graph) for graph in graphs}
    return labelled(quad for quad in every if quad.graph_name in names)


def triples_of(quads: Iterable[Quad]) -> list[Quad]:
    """Return the merge of all graphs, as statements of the default graph, each once."""
    return [Quad(*triple) for triple in {quad.triple: None for quad in quads}]


def _named(known: set[str], graph: str) -> NamedNode:
    """Return the graph that ``graph`` means; that it holds nothing is taken for a slip."""
    for iri in (expand(graph), GRAPH + graph):
        if iri in known:
            return NamedNode(iri)
    short = {shorten(iri).removeprefix("graph:") for iri in known}
    near = nearest(graph.removeprefix("graph:"), short)
    some = ", ".join(sorted(short)[:_SHOWN]) or "none"
    rest = f" and {len(short) - _SHOWN} more" if len(short) > _SHOWN else ""
    advice = f"did you mean '{near}'?" if near else f"there is {some}{rest}"
    raise NotFoundError(f"there is no graph '{graph}'; {advice}")
