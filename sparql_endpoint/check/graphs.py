"""Graphs that pySHACL can query: an Oxigraph store, or a graph of rdflib in memory.

The store is many times faster with SPARQL constraints. Its results are right if it has not changed
the text of any literal, and if the queries are simple. rdflib's graph keeps the text of every
literal, and binds ``$this`` before evaluation, as SHACL requires
(https://www.w3.org/TR/shacl/#pre-binding).
"""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, Store, Triple
from pyoxigraph import Literal as OxigraphLiteral
from pyoxigraph import Variable as OxigraphVariable
from pyshacl.graph_abstraction import RdfLibDataGraph
from rdflib import Graph, Literal
from rdflib.query import Result
from rdflib.store import Store as RdflibStore
from rdflib.term import BNode, IdentifiedNode, Node, URIRef, Variable

from sparql_endpoint.check.rdf import are_stored_as_written, to_oxigraph, to_rdflib

__all__ = ["DataGraph", "MemoryGraph", "StoreGraph", "is_simple", "selects_this"]

_Pattern = tuple[Node | None, Node | None, Node | None]
_TOKEN = re.compile(
    r"""<[^<>\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\#[^\n]*|[?$]\w+|[\w.-]*:[\w.-]*|\w+|[{}()*]"""
)
_DEFAULT = DefaultGraph()
_NOT_SIMPLE = frozenset({"BIND", "BOUND", "GRAPH", "GROUP", "HAVING", "REGEX", "REPLACE", "VALUES"})
"""Keywords whose meaning depends on pre-bound variables, or that Oxigraph reads otherwise."""


class DataGraph(RdfLibDataGraph):
    """A graph for pySHACL that returns at most ``most`` solutions of each query; None is no limit.

    The limit is needed because pySHACL 0.40 looks each solution of a constraint up in the list of
    earlier ones, so that its time grows with the square of their number. A graph is true without
    counting its triples, since pySHACL writes ``datagraph or …``.
    """

    def __init__(self, graph: Graph, most: int | None) -> None:
        super().__init__(graph.store, graph)
        self.most = most
        self.beyond = 0
        """The number of solutions that were counted and not returned."""

    def __bool__(self) -> bool:
        return True

    def quads(self, pattern: Any = None) -> Generator[Any, None, None]:
        """Yield statements with their graph, which is always the default graph."""
        for triple in self.impl.triples((pattern or (None, None, None))[:3]):
            yield (*triple, self.impl)

    def query(self, *args: Any, **kwargs: Any) -> Result:
        """Return the first solutions in the order of their text, and count the others.

        Args:
            args: the text of the query; further arguments are ignored.
            kwargs: ``initBindings`` are the terms of pre-bound variables.
        """
        answer = self._ask(str(args[0]), kwargs.get("initBindings") or {})
        result = Result("ASK" if isinstance(answer, bool) else "SELECT")
        if isinstance(answer, bool):
            result.askAnswer = answer
            return result
        names, rows = answer
        result.vars = [Variable(name) for name in names]
        result.bindings = [
            {
                Variable(name): self._for_rdflib(term)
                for name, term in zip(names, row, strict=True)
                if term is not None
            }
            for row in self._first(rows)
        ]
        return result

    def _ask(
        self, query: str, bindings: Mapping[str, Node]
    ) -> bool | tuple[Sequence[str], Iterator[tuple[Any, ...]]]:
        """Return the boolean of an ASK, or the variables and the rows of a SELECT."""
        raise NotImplementedError

    def _for_rdflib(self, term: Any) -> Any:
        return term

    def _first(self, rows: Iterator[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
        if self.most is None:
            return rows
        first = nsmallest(self.most, self._distinct(rows), key=_written)
        self.beyond -= len(first)
        return first

    def _distinct(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        seen: set[int] = set()  # hashes: the terms themselves would take ten times the memory
        for row in rows:
            identity = hash(row)
            if identity not in seen:
                seen.add(identity)
                yield row
        self.beyond += len(seen)


class StoreGraph(DataGraph):
    """The default graph of an Oxigraph store."""

    def __init__(self, store: Store, most: int | None) -> None:
        super().__init__(Graph(_Triples(store), bind_namespaces="none"), most)
        self._oxigraph = store

    def objects(
        self,
        subject: Any = None,
        predicate: Any = None,
        unique: bool = False,  # noqa: FBT001, FBT002
    ) -> Generator[Any, None, None]:
        """Yield the same values as the base class, read directly from the store."""
        if unique or not isinstance(subject, IdentifiedNode) or not isinstance(predicate, URIRef):
            yield from super().objects(subject, predicate, unique=unique)
            return
        name, property_ = to_oxigraph(subject), NamedNode(str(predicate))
        for quad in self._oxigraph.quads_for_pattern(name, property_, None, _DEFAULT):  # type: ignore[arg-type]  # no triple
            yield to_rdflib(quad.object)

    def _ask(
        self, query: str, bindings: Mapping[str, Node]
    ) -> bool | tuple[Sequence[str], Iterator[tuple[Any, ...]]]:
        terms = {OxigraphVariable(name): to_oxigraph(term) for name, term in bindings.items()}
        answer = self._oxigraph.query(query, substitutions=terms)
        if isinstance(answer, QueryBoolean):
            return bool(answer)
        if not isinstance(answer, QuerySolutions):
            raise SyntaxError("a constraint of SHACL asks by SELECT or ASK")  # noqa: TRY004
        return [name.value for name in answer.variables], map(tuple, answer)

    def _for_rdflib(self, term: Any) -> Any:
        return to_rdflib(term)


class MemoryGraph(DataGraph):
    """Triples in a graph of rdflib in memory; each literal keeps the text of its file."""

    def __init__(self, triples: Iterable[Triple], most: int | None) -> None:
        graph = Graph(bind_namespaces="none")
        for triple in triples:
            graph.add(tuple(map(to_rdflib, triple)))  # type: ignore[arg-type]  # three terms
        super().__init__(graph, most)

    def _ask(
        self, query: str, bindings: Mapping[str, Node]
    ) -> bool | tuple[Sequence[str], Iterator[tuple[Any, ...]]]:
        answer = self.impl.query(query, initBindings=bindings)  # type: ignore[arg-type]  # terms
        if answer.type == "ASK":
            return bool(answer.askAnswer)
        names = tuple(answer.vars or ())
        rows = (tuple(map(row.get, names)) for row in answer.bindings)
        return [str(name) for name in names], rows


class _Triples(RdflibStore):
    """The default graph of an Oxigraph store, to be read by rdflib."""

    context_aware = graph_aware = True  # pySHACL's graphs are datasets

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._oxigraph = store

    def triples(
        self,
        triple_pattern: Any,
        context: Any = None,
    ) -> Iterator[Any]:
        subject, predicate, value = triple_pattern
        if isinstance(subject, Literal) or isinstance(predicate, Literal | BNode):
            return
        terms = [None if term is None else to_oxigraph(term) for term in triple_pattern]
        if isinstance(terms[2], OxigraphLiteral) and not are_stored_as_written([terms[2]]):
            return  # the store would also return literals of equal value
        for quad in self._oxigraph.quads_for_pattern(*terms, _DEFAULT):  # type: ignore[arg-type, call-arg]
            found = (
                subject or to_rdflib(quad.subject),
                predicate or to_rdflib(quad.predicate),
                value if value is not None else to_rdflib(quad.object),
            )
            yield found, iter((context,))

    def __len__(self, context: Any = None) -> int:
        return len(self._oxigraph)


def selects_this(query: str) -> bool:
    """Return whether a SELECT query selects ``$this`` (SHACL, section 5.2.1)."""
    tokens = [each for each in _TOKEN.findall(query) if not each.startswith("#")]
    before = tokens[: tokens.index("{")] if "{" in tokens else tokens
    return not {"$this", "?this", "*"}.isdisjoint(before)


def is_simple(query: str) -> bool:
    """Return whether Oxigraph answers a query as if ``$this`` were bound before, as SHACL requires.

    That is so if the query selects ``$this`` and has a single group, in which ``$this`` is in a
    triple pattern, and if it has no function that Oxigraph reads otherwise than SPARQL.
    """
    tokens = [each for each in _TOKEN.findall(query) if not each.startswith("#")]
    words = {each.upper() for each in tokens}
    if tokens.count("{") != 1 or tokens.count("}") != 1 or words & _NOT_SIMPLE:
        return False
    start, end = tokens.index("{"), tokens.index("}")
    selected = tokens[:start]
    if "(" in selected or not {"$this", "?this"}.intersection(selected):
        return False
    depth = 0
    bound = set[str]()
    used = set[str]()
    for before, each in zip(tokens[start:], tokens[start + 1 : end], strict=False):
        depth += (each == "(") - (each == ")")
        if each == "(" and ":" in before:  # a cast, or an extension function
            return False
        if each[0] in "?$":
            (used if depth else bound).add(each[1:])
    return "this" in bound and used <= bound


def _written(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(map(str, row))
