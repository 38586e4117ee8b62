"""The claims that carry each row of a SELECT.

The pattern of the query is solved once more with all its variables. For each row of the answer, the
solutions that agree with it make of every triple pattern the triple that the row used; the claims
that state this triple carry the row. What is no triple pattern (a path, a subquery, a negation, a
filter) is not traced, and is named.

Patterns: https://www.w3.org/TR/sparql11-query/#sparqlAlgebra
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Triple,
    parse_query_results,
)
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Node

from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import objects, read_evidence
from sparql_endpoint.graph.ranking import triple_of
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import Query, QueryRunner
from sparql_endpoint.query.lexer import Lexer

__all__ = ["Statement", "Trace", "claim_record", "trace"]

_UNTRACED = {
    "Minus": "what MINUS takes away",
    "Builtin_NOTEXISTS": "what NOT EXISTS excludes",
    "Builtin_EXISTS": "what EXISTS asks for",
    "ToMultiSet": "what a subquery finds",
    "ServiceGraphPattern": "what another server answers",
}
"""Parts of a query that have no triple of their own in a row, in words."""
_COUNTED = "a row that counts or sums rests on all claims listed for it together"


@dataclass(frozen=True)
class Statement:
    """A triple that a row used, and the claims that state it; none for what needs no claim."""

    triple: Triple
    claims: tuple[NamedNode, ...]


@dataclass
class Trace:
    """For each row of an answer, in its order, the statements that carry it."""

    rows: list[tuple[Statement, ...]]
    untraced: tuple[str, ...]
    """What of the query is not traced, in words; empty where all of it is."""
    predicates: frozenset[str] = field(default_factory=frozenset)
    """IRIs of predicates in what is not traced."""


def trace(runner: QueryRunner, query: Query, answer: Mapping[str, Any]) -> Trace:
    """Return the statements that carry each row of an answer.

    Args:
        runner: what answered the query.
        query: a SELECT.
        answer: its answer, as SPARQL Results JSON is read.

    Raises:
        UsageError: the query is no SELECT, or has syntax that the tracer does not read.
        ForumGraphError: as ``QueryRunner.run``.
    """
    if "results" not in answer:
        raise UsageError("only the rows of a SELECT have evidence; ask one")
    reader = _Reader(query.text)
    store = runner.store_under(query.trust)
    index = _Index(store)
    solved = runner.run(
        Query(reader.all_variables, query.dataset or reader.dataset, "json", None, whole=True,
              base=query.base, trust=query.trust)
    )  # fmt: skip
    names, solutions = _solutions(solved.body.read())
    columns, given = _solutions(json.dumps(answer).encode())
    shared = [name for name in columns if name in names]
    by_key: defaultdict[tuple[str, ...], list[Mapping[str, Term]]] = defaultdict(list)
    for solution in solutions:
        by_key[_key(solution, shared)].append(solution)
    rows = []
    for row in given:
        found = (t for s in by_key[_key(row, shared)] for t in reader.triples(s, store))
        used = dict.fromkeys(found)
        rows.append(tuple(Statement(triple, index.claims(triple)) for triple in used))
    return Trace(rows, tuple(reader.untraced), frozenset(reader.predicates))


def _solutions(document: bytes) -> tuple[list[str], list[Mapping[str, Term]]]:
    """Return the variables of an answer in SPARQL Results JSON, and what each solution binds."""
    found = cast("QuerySolutions", parse_query_results(document, QueryResultsFormat.JSON))
    names = [variable.value for variable in found.variables]
    bound: list[Mapping[str, Term]] = [
        {name: value for name in names if (value := row[name]) is not None} for row in found
    ]
    return names, bound


def _key(solution: Mapping[str, Term], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(solution.get(name, "")) for name in names)


class _Reader:
    """The triple patterns of a query, and what of it is none."""

    def __init__(self, text: str) -> None:
        try:
            algebra = prepareQuery(text, initNs=dict(PREFIXES)).algebra
        except Exception as fault:  # noqa: BLE001  # the parser raises errors of several kinds
            reason = " ".join(str(fault).split())[:200]
            raise UsageError(f"this query's syntax is not traced: {reason}") from None
        if algebra.name != "SelectQuery":
            raise UsageError("only the rows of a SELECT have evidence; ask one")
        self.untraced: dict[str, None] = {}
        self.predicates: set[str] = set()
        self._patterns: dict[tuple[Node, Node, Node], None] = {}
        self._text = text
        self._walk(algebra.p)
        dataset = algebra.get("datasetClause") or []
        default = tuple(str(clause.default) for clause in dataset if clause.get("default"))
        named = tuple(str(clause.named) for clause in dataset if clause.get("named"))
        self.dataset = (default, named) if dataset else None

    @cached_property
    def all_variables(self) -> str:
        """The query with all variables of its pattern, without what orders, groups and cuts."""
        tokens = list(Lexer(self._text))
        first = next(t.start for t in tokens if t.ends_with("SELECT"))
        depth, begin, end = 0, -1, -1
        for token in tokens:
            if token.text == "{":
                begin = token.start if depth == 0 and begin < 0 else begin
                depth += 1
            elif token.text == "}":
                depth -= 1
                if depth == 0 and end < 0:
                    end = token.start + 1
        return f"{self._text[:first]}SELECT * {self._text[begin:end]}"

    def triples(self, solution: Mapping[str, Term], store: Store) -> Iterator[Triple]:
        """Yield the triples of the graph that a solution makes of the patterns."""
        for pattern in self._patterns:
            terms = [_bound(part, solution) for part in pattern]
            if any(
                term is None and not isinstance(part, BNode)
                for term, part in zip(terms, pattern, strict=True)
            ):
                continue  # of an OPTIONAL or a UNION that did not take part
            if isinstance(terms[0], Literal) or not isinstance(terms[1], NamedNode | None):
                continue
            subject, predicate, value = terms
            for quad in store.quads_for_pattern(subject, predicate, value, None):  # type: ignore[arg-type]
                yield quad.triple

    def _walk(self, node: Any, *, inside: bool = False) -> None:
        if isinstance(node, CompValue):
            if node.name in _UNTRACED:
                self.untraced[_UNTRACED[node.name]] = None
                if node.name == "Minus":
                    self._walk(node.p1, inside=inside)
                    self._walk(node.p2, inside=True)
                    return
                inside = True
            if node.name == "AggregateJoin":
                self.untraced[_COUNTED] = None
            if node.name in {"BGP", "TriplesBlock"}:
                for triple in self._of(node):
                    self._take(triple, inside=inside)
                return
            for value in node.values():
                self._walk(value, inside=inside)
        elif isinstance(node, list | tuple | set):
            for value in node:
                self._walk(value, inside=inside)

    @staticmethod
    def _of(node: CompValue) -> Iterable[tuple[Any, Any, Any]]:
        """Return the triples of a block, which the parser has one by one or in chains of terms."""
        terms = iter([term for part in node.get("triples") or [] for term in part])
        return list(zip(terms, terms, terms, strict=True))

    def _take(self, triple: tuple[Any, Any, Any], *, inside: bool) -> None:
        predicate = triple[1]
        if not isinstance(predicate, Node):
            self.untraced["the steps of a path"] = None
        if inside or not isinstance(predicate, Node):
            self.predicates |= set(_predicates(predicate))
        else:
            self._patterns[triple] = None


def _predicates(path: Any) -> Iterator[str]:
    """Yield the IRIs in a path."""
    if isinstance(path, Node):
        yield str(path)
        return
    for part in (
        getattr(path, "arg", None),
        getattr(path, "path", None),
        *getattr(path, "args", ()),
    ):
        if part is not None:
            yield from _predicates(part)


def _bound(part: Node, solution: Mapping[str, Term]) -> Term | None:
    """Return the term of a part of a pattern, None for a variable that is unbound."""
    match part:
        case Variable():
            return solution.get(str(part))
        case URIRef():
            return NamedNode(str(part))
        case RdflibLiteral(language=str(language)):
            return Literal(str(part), language=language)
        case RdflibLiteral(datatype=URIRef() as datatype):
            return Literal(str(part), datatype=NamedNode(str(datatype)))
        case RdflibLiteral():
            return Literal(str(part))
    return None  # a blank node, which is a variable that no solution names


class _Index:
    """The claims of a graph by what they state."""

    def __init__(self, store: Store) -> None:
        self._of_triple: defaultdict[object, list[NamedNode]] = defaultdict(list)
        self._claims = set()
        for claim in read_evidence(store).claims:
            self._of_triple[triple_of(claim)].append(claim.iri)
            self._claims.add(claim.iri)

    def claims(self, triple: Triple) -> tuple[NamedNode, ...]:
        """Return the claims that state a triple; a statement about a claim rests on it."""
        if triple.subject in self._claims:
            return (triple.subject,)  # type: ignore[return-value]  # claims are named
        return tuple(self._of_triple.get((triple.subject, triple.predicate, triple.object), ()))


def claim_record(store: Store, iri: NamedNode) -> dict[str, Any]:
    """Return a claim for JSON: who says it, its standing, and the words or the place."""

    def values(name: str) -> list[Term]:
        return objects(store, iri, name)

    evidence = values("dfo:evidence")
    sources = [next(iter(objects(store, e, "oa:hasSource")), e) for e in evidence]
    words = [
        w
        for e in evidence
        for s in objects(store, e, "oa:hasSelector")
        for w in objects(store, s, "oa:exact")
    ]
    return {
        "claim": iri.value,
        "claimant": [_value(term) for term in values("dfo:claimant")],
        "standing": [_value(term).rpartition("#")[2] for term in values("dfo:standing")],
        "sources": list(dict.fromkeys(_value(term) for term in sources)),
        "words": [_value(term) for term in words],
        "place": [_value(term) for term in values("dfo:locator")],
    }


def _value(term: Term) -> str:
    return getattr(term, "value", str(term))
