"""Runs pySHACL over an Oxigraph store, shape by shape and some thousand focus nodes at a time.

So the results of one shape are there before those of the next, and memory does not grow with their
number. The store is queried as it stands: with SPARQL constraints that is many times faster than a
graph of rdflib.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from pyoxigraph import QuerySolution, QuerySolutions, Store
from pyshacl.graph_abstraction import OxigraphDataGraph, to_ox, to_rdf
from pyshacl.shape import Shape
from pyshacl.validator import Validator
from rdflib import Graph
from rdflib.query import Result as QueryResult
from rdflib.term import Node, Variable

from sparql_endpoint.check.batch import in_batches
from sparql_endpoint.check.quiet import quiet
from sparql_endpoint.errors import DataError

__all__ = ["Progress", "Results", "validate"]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is, and how much there is; 0 of 0 where nobody knows."""

_AT_ONCE = 10_000
"""Focus nodes that a shape is asked about at a time."""

_LOGGER = "pyshacl.validator"


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


class _Graph(OxigraphDataGraph):
    """A store as pySHACL takes it, which gives of each query's solutions at most ``most``.

    pySHACL 0.40 writes ``datagraph or …``, and the truth of a graph is the number of its triples.
    It also looks each solution of a constraint up in the list of those before, so that the time for
    them grows with the square of their number.
    """

    def __init__(self, store: Store, most: int | None) -> None:
        super().__init__(store)
        self.most = most
        self.beyond = 0

    def __bool__(self) -> bool:
        return True

    def query(self, *args: Any, **kwargs: Any) -> QueryResult:
        """Return the first solutions by how they are written, and count the others."""
        if self.most is None:
            return super().query(*args, **kwargs)
        bindings = kwargs.get("initBindings") or {}
        substituted = {name: to_ox(value) for name, value in bindings.items()}
        solutions = self.query_oxigraph(args[0], initBindings=substituted)
        if not isinstance(solutions, QuerySolutions):
            return super().query(*args, **kwargs)
        found = QueryResult("SELECT")
        names = [Variable(variable.value) for variable in solutions.variables]
        first = nsmallest(self.most, self._distinct(solutions), key=_written)
        self.beyond -= len(first)
        found.vars = names
        found.bindings = [_row(names, solution) for solution in first]
        return found

    def _distinct(self, solutions: QuerySolutions) -> Iterator[QuerySolution]:
        seen: set[int] = set()  # hashes: the terms themselves would take ten times the memory
        for solution in solutions:
            identity = hash(tuple(solution))
            if identity not in seen:
                seen.add(identity)
                yield solution
        self.beyond += len(seen)


def validate(
    store: Store,
    shapes: Graph,
    most: int | None = None,
    progress: Progress = lambda _what, _done, _of: None,
) -> Iterator[Results]:
    """Yield what each shape finds about the focus nodes that its targets give it.

    Args:
        store: data and ontology as its default graph.
        shapes: the shapes.
        most: of the solutions of one query, as many are results; the rest is counted.
        progress: told of each shape that is done.

    Raises:
        DataError: a shape is not well formed.
    """
    graph = _Graph(store, most)
    try:
        with quiet(_LOGGER):
            validator = Validator(graph, shacl_graph=in_batches(shapes), options={"inplace": True})
            each = list(validator.shacl_graph.shapes)
            for done, shape in enumerate(each):
                progress("shapes", done, len(each))
                yield from _about(shape, validator, graph)
            progress("shapes", len(each), len(each))
    except (RuntimeError, SyntaxError) as fault:  # pySHACL's, and Oxigraph's about a query
        reason = " ".join(str(fault).split())
        raise DataError(f"the shapes cannot be used: {reason}") from None


def _about(shape: Shape, validator: Validator, graph: _Graph) -> Iterator[Results]:
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


def _row(names: Iterable[Variable], solution: QuerySolution) -> dict[Any, Any]:
    return {name: to_rdf(value) for name, value in zip(names, solution, strict=True)}


def _written(solution: QuerySolution) -> tuple[str, ...]:
    return tuple(map(str, solution))
