"""Answers from columns: which queries are worth it, their SQL, and their rows as terms.

A query is translated once; what comes of it is remembered by its text. A query that has no exact
translation, or that fails here for whatever reason, goes to the first engine whole.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Triple,
    parse_query_results,
)

from sparql_endpoint.columns.algebra import Select, UntranslatableError, Variable
from sparql_endpoint.columns.dictionary import Dictionary
from sparql_endpoint.columns.making import VERSION, stamp
from sparql_endpoint.columns.parser import parse
from sparql_endpoint.columns.sql import Column, Figures, Translation
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import Results

__all__ = ["Answering"]

_log = logging.getLogger(__name__)
_EMPTY = Store()
_REMEMBERED = 512
_BLOCK = 10_000
"""Rows that are read at once."""
_REDUCED = 3
"""How many triples there must be looked at for each row of the answer."""
_INTEGER = f"^^<{PREFIXES['xsd']}integer>"
_RANGE = range(-(1 << 63), 1 << 63)

Dataset = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class _Plan:
    sql: str
    columns: Sequence[Column]
    names: Sequence[str]
    unknown: Sequence[str]
    select: Select


@dataclass
class Answering:
    """The files, and a connection to DuckDB that only reads."""

    dictionary: Dictionary
    figures: Mapping[int, Figures]
    quads: int
    connection: Any
    error: type[Exception]
    few_steps: float
    _plans: Any = field(init=False)

    def __post_init__(self) -> None:
        self._plans = lru_cache(_REMEMBERED)(self._plan_of)

    @classmethod
    def read(cls, folder: Path, on_disk: Path | None, memory: int, few_steps: float) -> "Answering":
        """Open the files of a folder.

        Raises:
            Exception: they are not there, or not those that were made of the store.
        """
        import duckdb  # noqa: PLC0415  # an extra

        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in about["sizes"]}
        if about["version"] != VERSION or sizes != about["sizes"]:
            raise ValueError("they are of another version, or not whole")
        if about["store"] != stamp(on_disk):
            raise ValueError("they were made of another content of the store")
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": 1,  # a query that gives way must do so with all that it runs
            "async_threads": 0,
            "memory_limit": f"{memory}B",
            "max_temp_directory_size": "0B",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "enable_external_access": False,
            "lock_configuration": True,
        }
        connection = duckdb.connect(str(folder / "quads.duckdb"), read_only=True, config=config)
        figures = {
            int(p): Figures(count, subjects, objects, frozenset(classes))
            for p, (count, subjects, objects, classes) in about["predicates"].items()
        }
        dictionary = Dictionary(folder, about["classes"])
        return cls(dictionary, figures, about["quads"], connection, duckdb.Error, few_steps)

    def plan(self, select: Select, dataset: Dataset | None) -> _Plan | None:
        """Return the SQL of a query, None where it is quicker without.

        Raises:
            UntranslatableError: it has no exact translation.
        """
        graphs = (
            None if dataset is None else tuple([f"<{iri}>" for iri in part] for part in dataset)
        )
        translation = Translation(self.dictionary, self.figures, self.quads, graphs)  # type: ignore[arg-type]  # two parts
        if select.form == "ASK":
            relation = translation.pattern(select.pattern, translation.default())
            sql = f"SELECT EXISTS ({relation.sql})"
            if self.few_steps and relation.rows >= 1:
                return None  # the first of many is found at once
        else:
            relation, order = translation.sorted(select)
            sql = relation.sql + order
        plain = select.limit is not None and not select.order and not select.distinct
        if self.few_steps and (
            relation.steps < self.few_steps
            or relation.steps < _REDUCED * relation.rows
            or (plain and select.group is None and relation.rows >= select.limit)  # type: ignore[operator]  # there is a limit
        ):
            return None
        columns = list(relation.columns.values())
        return _Plan(sql, columns, list(relation.columns), translation.unknown, select)

    def answer(
        self, text: str, dataset: Dataset | None, base: str | None, most: int
    ) -> Results | None:
        """Return the answer to a query, None for one that is for the other engine."""
        plan = self._plans(text, dataset, base)
        if plan is None:
            return None
        try:
            return _results(plan, self, most)
        except (self.error, UntranslatableError, OSError) as error:
            _log.warning("columns: %s", error)
            return None

    def _plan_of(self, text: str, dataset: Dataset | None, base: str | None) -> _Plan | None:
        try:
            plan = self.plan(parse(text, base), dataset)
            if plan is not None:  # the first engine decides what is a query
                _EMPTY.query(text, prefixes=dict(PREFIXES), base_iri=base)
        except (UntranslatableError, SyntaxError, ValueError, OSError, RuntimeError) as reason:
            _log.debug("not for columns: %s", reason)
            return None
        return plan


def _results(plan: _Plan, data: Answering, most: int) -> Results:
    select = plan.select
    if select.form == "ASK":
        (truth,) = data.connection.execute(plan.sql).fetchone()
        text = b'{"head":{},"boolean":%s}' % (b"true" if truth else b"false")
        answer = parse_query_results(text, QueryResultsFormat.JSON)
        assert isinstance(answer, QueryBoolean)  # noqa: S101  # as just written
        return answer
    limit = most + 1 if select.form == "SELECT" else 1 << 62
    limit = limit if select.limit is None else min(select.limit, limit)
    rows = data.connection.execute(f"{plan.sql} LIMIT {limit} OFFSET {select.offset}")
    head = "\t".join(f"?{name}" for name in plan.names) + "\n"
    document = head + "".join(_lines(rows, plan, data.dictionary))
    solutions = _table(document)
    return solutions if select.form == "SELECT" else _construct(select, solutions)


def _table(document: str) -> QuerySolutions:
    solutions = parse_query_results(document.encode(), QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101  # a table is no truth value
    return solutions


def _lines(rows: Any, plan: _Plan, dictionary: Dictionary) -> Iterator[str]:
    """Yield the rows of an answer in TSV, in which terms are as in Turtle."""
    text_of: dict[Any, str] = {None: ""}
    counted = [column.counted for column in plan.columns]
    while block := rows.fetchmany(_BLOCK):
        for column, is_count in zip(zip(*block, strict=True), counted, strict=True):
            if not is_count:
                for identifier in set(column) - text_of.keys():
                    text_of[identifier] = (
                        dictionary.text(identifier)
                        if identifier > 0
                        else plan.unknown[-identifier - 1]
                    )
        if any(counted):
            cells = [
                [_count(value) if is_count else text_of[value] for value in column]
                for column, is_count in zip(zip(*block, strict=True), counted, strict=True)
            ]
            yield "\n".join(map("\t".join, zip(*cells, strict=True))) + "\n"
        else:
            text = text_of.__getitem__
            yield "\n".join(["\t".join(map(text, row)) for row in block]) + "\n"


def _count(value: int | None) -> str:
    if value is None:
        return ""
    if int(value) not in _RANGE:
        raise UntranslatableError("a sum beyond 64 bits")
    return f'"{int(value)}"{_INTEGER}'


def _construct(select: Select, solutions: QuerySolutions) -> Iterator[Triple]:
    """Yield the triples of a template for each solution, as the first engine does."""
    given = {node for triple in select.template for node in vars(triple).values()}
    fixed = sorted(node for node in given if isinstance(node, str))
    document = "\t".join(f"?v{at}" for at in range(len(fixed))) + "\n" + "\t".join(fixed) + "\n"
    constants: dict[Any, Any] = {}
    if fixed:
        row = next(iter(_table(document)))
        constants = dict(zip(fixed, row, strict=True))
    for solution in solutions:
        for triple in select.template:
            s, p, o = (
                solution[node.name] if isinstance(node, Variable) else constants[node]
                for node in (triple.subject, triple.predicate, triple.object)
            )
            if isinstance(s, NamedNode | BlankNode) and isinstance(p, NamedNode) and o is not None:
                yield Triple(s, p, o)
