"""Answers from columns: which queries are worth it, their SQL, and their rows as terms.

A query is translated once; what comes of it is remembered by its text. A query that has no exact
translation, or that fails here for whatever reason, goes to the first engine whole.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring
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
from sparql_endpoint.columns.dictionary import Dictionary, in_json
from sparql_endpoint.columns.making import VERSION, stamp
from sparql_endpoint.columns.parser import parse
from sparql_endpoint.columns.sql import Column, Figures, Relation, Translation
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import Results, Written

__all__ = ["Answering"]

_log = logging.getLogger(__name__)
_EMPTY = Store()
_REMEMBERED = 512
_ALL = 1 << 62
_BLOCK = 10_000
"""Rows that are read at once."""
_REDUCED, _REDUCED_ON_DISK = 3, 0
"""Triples that must be looked at for each row of the answer, as to write one costs time."""
_INTEGER = f"^^<{PREFIXES['xsd']}integer>"
_DECIMAL = f"^^<{PREFIXES['xsd']}decimal>"
_COUNT = f'"%d"{_INTEGER}'
_COUNT_IN_JSON = in_json(_COUNT)

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
    reduced: float
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
        }
        connection = duckdb.connect(str(folder / "quads.duckdb"), read_only=True, config=config)
        with suppress(duckdb.Error):  # another connection of this process has locked them
            connection.execute("SET enable_progress_bar = false")
            connection.execute("SET lock_configuration = true")
        figures = {
            int(p): Figures(count, subjects, objects, frozenset(classes))
            for p, (count, subjects, objects, classes) in about["predicates"].items()
        }
        dictionary = Dictionary(folder, about["classes"])
        reduced = _REDUCED if on_disk is None else _REDUCED_ON_DISK
        return cls(
            dictionary, figures, about["quads"], connection, duckdb.Error, few_steps, reduced
        )

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
            # DuckDB 2.0.1 counts to 1 for EXISTS, and loses that limit over a join with nothing
            sql = f"SELECT count(*) > 0 FROM ({relation.sql} LIMIT 1)"
            if self.few_steps and relation.rows >= 1:
                return None  # the first of many is found at once
        else:
            relation, order = translation.sorted(select)
            sql = relation.sql + order
        if self.few_steps and not self._is_worth_it(select, relation):
            return None
        columns = list(relation.columns.values())
        return _Plan(sql, columns, list(relation.columns), translation.unknown, select)

    def _is_worth_it(self, select: Select, relation: Relation) -> bool:
        """Return whether columns are quicker: where much is looked at, and little of it returned.

        No number behind LIMIT or OFFSET counts, so that one engine returns all parts of an answer.
        """
        if relation.steps < self.few_steps:
            return False
        if select.order or select.distinct or select.group is not None:
            return True
        return select.limit is None and relation.steps >= self.reduced * relation.rows

    def answer(
        self, text: str, dataset: Dataset | None, base: str | None, most: int, *, as_json: bool
    ) -> Results | None:
        """Return the answer to a query, None for one that is for the other engine."""
        plan = self._plans(text, dataset, base)
        if plan is None:
            return None
        try:
            return _results(plan, self, most, as_json=as_json)
        except (self.error, UntranslatableError, OSError) as error:
            _log.info("columns left a query to the other engine: %s", error)
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


def _results(plan: _Plan, data: Answering, most: int, *, as_json: bool) -> Results:
    select = plan.select
    if select.form == "ASK":
        (truth,) = data.connection.execute(plan.sql).fetchone()
        text = b'{"head":{},"boolean":%s}' % (b"true" if truth else b"false")
        answer = parse_query_results(text, QueryResultsFormat.JSON)
        assert isinstance(answer, QueryBoolean)  # noqa: S101  # as just written
        return answer
    limit = min(most + 1, _ALL) if select.form == "SELECT" else _ALL
    limit = limit if select.limit is None else min(select.limit, limit)
    rows = data.connection.execute(f"{plan.sql} LIMIT {limit} OFFSET {select.offset}")
    table = _Table(plan, rows, data.dictionary, limit)
    if as_json and select.form == "SELECT":
        return table
    solutions = _solutions(table.tsv())
    return solutions if select.form == "SELECT" else _construct(select, solutions)


class _Table(Written):
    """The rows of an answer."""

    def __init__(self, plan: _Plan, rows: Any, dictionary: Dictionary, limit: int) -> None:
        self._plan, self._dictionary, self._limit = plan, dictionary, limit
        self._first, self._fetch = rows.fetchmany(_BLOCK), rows.fetchmany

    def __iter__(self) -> Iterator[bytes]:
        """Yield a document in JSON as the first engine writes it."""
        names = [encode_basestring(name) for name in self._plan.names]
        yield b'{"head":{"vars":[%s]},"results":{"bindings":[' % ",".join(names).encode()
        row = "{" + ",".join(f"{name}:%s" for name in names) + "}"
        mark = ""
        for columns in self._columns(as_json=True):
            if any(None in column for column in columns):
                lines = [
                    "{" + ",".join(f"{n}:{c}" for n, c in zip(names, cells, strict=True) if c) + "}"
                    for cells in zip(*columns, strict=True)
                ]
            else:
                lines = list(map(row.__mod__, zip(*columns, strict=True)))
            yield (mark + ",".join(lines)).encode()
            mark = ","
        yield b"]}}"

    def tsv(self) -> str:
        """Return the rows in TSV, in which terms are as in Turtle."""
        lines = ["\t".join(f"?{name}" for name in self._plan.names)]
        for columns in self._columns(as_json=False):
            cells = [[cell or "" for cell in column] for column in columns]
            lines += map("\t".join, zip(*cells, strict=True))
        return "\n".join(lines) + "\n"

    def _columns(self, *, as_json: bool) -> Iterator[list[list[str | None]]]:
        """Yield blocks of rows as columns of terms, in JSON or in N-Triples."""
        texts: dict[Any, str | None] = {None: None}
        term = self._dictionary.json if as_json else self._dictionary.text
        write = in_json if as_json else str
        count, average = (_COUNT_IN_JSON if as_json else _COUNT).__mod__, _averages(write)
        unknown = [in_json(text) for text in self._plan.unknown] if as_json else self._plan.unknown
        block, left = self._first[: self._limit], self._limit
        while block:
            left -= len(block)
            found = list[list[str | None]]()
            for values, column in zip(zip(*block, strict=True), self._plan.columns, strict=True):
                if column.counted:
                    number = average if column.scaled else count
                    found.append([None if value is None else number(value) for value in values])
                    continue
                for one in set(values) - texts.keys():
                    texts[one] = term(one) if one > 0 else unknown[-one - 1]
                found.append(list(map(texts.__getitem__, values)))
            yield found
            block = self._fetch(_BLOCK)[:left]


def _averages(write: Callable[[str], str]) -> Callable[[int], str]:
    """Return what writes a decimal, given it times 10 to the 18th."""

    def average(value: int) -> str:
        whole, rest = divmod(abs(value), 10**18)
        digits = f"{whole}.{rest:018}".rstrip("0").rstrip(".")
        sign = "-" if value < 0 else ""
        return write(f'"{sign}{digits}"{_DECIMAL}')

    return average


def _solutions(document: str) -> QuerySolutions:
    solutions = parse_query_results(document.encode(), QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101  # a table is no truth value
    return solutions


def _construct(select: Select, solutions: QuerySolutions) -> Iterator[Triple]:
    """Yield the triples of a template for each solution, as the first engine does."""
    given = {node for triple in select.template for node in vars(triple).values()}
    fixed = sorted(node for node in given if isinstance(node, str))
    document = "\t".join(f"?v{at}" for at in range(len(fixed))) + "\n" + "\t".join(fixed) + "\n"
    constants: dict[Any, Any] = {}
    if fixed:
        row = next(iter(_solutions(document)))
        constants = dict(zip(fixed, row, strict=True))
    for solution in solutions:
        for triple in select.template:
            s, p, o = (
                solution[node.name] if isinstance(node, Variable) else constants[node]
                for node in (triple.subject, triple.predicate, triple.object)
            )
            if isinstance(s, NamedNode | BlankNode) and isinstance(p, NamedNode) and o is not None:
                yield Triple(s, p, o)
