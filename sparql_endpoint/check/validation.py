"""Runs pySHACL over a graph, shape by shape and some thousand focus nodes at a time.

So the results of one shape are there before those of the next, and memory does not grow with their
number. Each shape is asked of the Oxigraph store as it stands where that gives SHACL's own verdict,
and of rdflib's memory where it does not (see ``sparql_endpoint.check.graphs``).
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
"""Told what is being done, how much of it is, and how much there is; 0 of 0 where nobody knows."""

_AT_ONCE = 10_000
"""Focus nodes that a shape is asked about at a time."""

_LOGGER = "pyshacl.validator"

use_own_components()
filterwarnings("ignore", category=ShapeRecursionWarning)  # notices.py says so beforehand


@dataclass(frozen=True)
class Data:
    """What is validated.

    Args:
        store: the graph to validate as the default graph of a store.
        as_written: returns its statements as they were read, where the store holds some literals
            with another text or datatype; else None.
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
    """What one shape found about some of its focus nodes.

    Args:
        shape: the shape.
        results: the properties of each result of SHACL and their values.
        beyond: how many results there are beside these.
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
    """Yield what each shape finds about the focus nodes that its targets give it.

    Args:
        data: the graph to validate.
        shapes: the shapes.
        most: of the solutions of one query, as many are results; the rest is counted.
        progress: told of each shape that is done.
        own: the shapes are the project's, whose queries are known to be right on Oxigraph.

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
    """Finds the graph that each shape is to be asked of."""

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
        """Return the store where it gives SHACL's verdict on a shape, else rdflib's memory."""
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
        """Return the properties and queries of a shape and of what it names."""
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
    """Return the properties of a result, which pySHACL gives with the graphs they come from."""
    values: dict[Node, tuple[Node, ...]] = {}
    for _, name, value in triples:
        values[name] = (*values.get(name, ()), value[1] if isinstance(value, tuple) else value)
    return values
