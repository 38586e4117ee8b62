"""Runs pySHACL over a graph, shape by shape and some thousand focus nodes at a time.

So the results of one shape are ready before the next shape runs, and memory does not grow with
their number. Each shape runs on the Oxigraph store if that returns SHACL's results for it, else on
a graph of rdflib in memory (see ``sparql_endpoint.check.graphs``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from warnings import filterwarnings

from pyoxigraph import DefaultGraph, Quad, Store, Triple
from pyshacl.errors import ShapeRecursionWarning
from pyshacl.shape import Shape
from pyshacl.validator import Validator
from rdflib import SH, Graph
from rdflib.term import Node

from sparql_endpoint.check.batch import in_batches
from sparql_endpoint.check.components import use_own_components
from sparql_endpoint.check.graphs import DataGraph, MemoryGraph, StoreGraph, is_simple, selects_this
from sparql_endpoint.check.normal_form import check_form, in_normal_form
from sparql_endpoint.check.quiet import quiet
from sparql_endpoint.errors import DataError, ForumGraphError

__all__ = ["Data", "Progress", "Results", "validate"]

Progress = Callable[[str, int, int], None]
"""A function of the present step, the amount done, and the whole amount, 0 where it is unknown."""

_AT_ONCE = 10_000
"""Focus nodes that a shape is run on at a time."""

_LOGGER = "pyshacl.validator"

use_own_components()
filterwarnings("ignore", category=ShapeRecursionWarning)  # notices.py has reported it before


@dataclass(frozen=True)
class Data:
    """A graph to validate.

    Args:
        store: the graph to validate as the default graph of a store.
        as_written: returns its statements as they were read, if the store has changed the text or
            datatype of some literals; else None.
    """

    store: Store
    as_written: Callable[[], Iterable[Quad]] | None = None

    def statements(self) -> Iterable[Triple]:
        """Yield the triples, with each literal as it was written."""
        if self.as_written is None:
            return (quad.triple for quad in self.store.quads_for_pattern(*_ANY, DefaultGraph()))
        return (quad.triple for quad in self.as_written())


_ANY = (None, None, None)


@dataclass(frozen=True)
class Results:
    """The results of one shape for some of its focus nodes.

    Args:
        shape: the shape.
        results: the properties of each result of SHACL and their values.
        beyond: the number of further results, which are not in ``results``.
    """

    shape: Node
    results: tuple[Mapping[Node, tuple[Node, ...]], ...]
    beyond: int


def validate(
    data: Data,
    shapes: Graph,
    most: int | None = None,
    progress: Progress = lambda _what, _done, _of: None,
    *,
    own: bool,
) -> Iterator[Results]:
    """Yield the results of each shape for the focus nodes of its targets.

    Args:
        data: the graph to validate.
        shapes: the shapes.
        most: the maximum solutions of one query that become results; the others are counted.
        progress: is called after each shape.
        own: whether the shapes are the project's, whose queries are right on Oxigraph.

    Raises:
        DataError: a shape is not well formed, or uses what pySHACL does not have.
    """
    try:
        with quiet(_LOGGER), quiet("rdflib.term"):
            check_form(shapes)
            graphs = _Graphs(data, in_normal_form(in_batches(shapes)), most, own=own)
            validator = Validator(
                graphs.stored, shacl_graph=graphs.shapes, options={"inplace": True}
            )
            each = list(validator.shacl_graph.shapes)
            for done, shape in enumerate(each):
                progress("shapes", done, len(each))
                yield from _about(shape, validator, graphs.graph_for(shape.node))
            progress("shapes", len(each), len(each))
    except (ForumGraphError, MemoryError):
        raise
    except (
        Exception
    ) as fault:  # pySHACL raises whatever it meets in shapes that are not well formed
        reason = " ".join(str(fault).split()) or type(fault).__name__
        raise DataError(f"the shapes cannot be used: {reason}") from fault


class _Graphs:
    """Finds the graph on which each shape runs."""

    def __init__(self, data: Data, shapes: Graph, most: int | None, *, own: bool) -> None:
        self.shapes = shapes
        for query in shapes.objects(None, SH.select):
            if not (own or selects_this(str(query))):
                raise SyntaxError(f"a query of a shape must select $this: {query}")
        self.stored = StoreGraph(data.store, most)
        self._data, self._most, self._own = data, most, own
        self._parameters = {
            path
            for parameter in shapes.objects(None, SH.parameter)
            for path in shapes.objects(parameter, SH.path)
        }

    @cached_property
    def in_memory(self) -> MemoryGraph:
        return MemoryGraph(self._data.statements(), self._most)

    def graph_for(self, shape: Node) -> DataGraph:
        """Return the store if it returns SHACL's results for a shape, else a graph of rdflib."""
        names, queries = self._reach(shape)
        if self._own:
            exact = self._data.as_written is not None and not queries
        else:
            exact = (
                self._data.as_written is not None
                or bool(names & self._parameters)
                or not all(map(is_simple, queries))
            )
        return self.in_memory if exact else self.stored

    def _reach(self, shape: Node) -> tuple[set[Node], set[str]]:
        """Return the properties and queries of a shape and of the shapes that it refers to."""
        names, queries, seen, left = set[Node](), set[str](), {shape}, [shape]
        while left:
            for name, value in self.shapes.predicate_objects(left.pop()):
                names.add(name)
                if name in (SH.select, SH.ask):
                    queries.add(str(value))
                elif value not in seen:
                    seen.add(value)
                    left.append(value)
        return names, queries


def _about(shape: Shape, validator: Validator, graph: DataGraph) -> Iterator[Results]:
    executor = validator.make_executor()
    # Sorted, so that the first are always the same.
    focus = sorted(shape.focus_nodes(graph), key=str)  # type: ignore[no-untyped-call]  # it is not
    for start in range(0, len(focus), _AT_ONCE):
        _, reports = shape.validate(executor, graph, focus=focus[start : start + _AT_ONCE])
        beyond, graph.beyond = graph.beyond, 0
        yield Results(shape.node, tuple(_values(triples) for _, _, triples in reports), beyond)


def _values(triples: Iterable[tuple[Node, Node, Any]]) -> Mapping[Node, tuple[Node, ...]]:
    """Return the properties of a result, without the graphs that pySHACL adds to them."""
    values: dict[Node, tuple[Node, ...]] = {}
    for _, name, value in triples:
        values[name] = (*values.get(name, ()), value[1] if isinstance(value, tuple) else value)
    return values
