"""What answers queries, as the web sees it; and the simplest one, inside this process."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    serialize,
)

from sparql_endpoint.errors import Place, QueryError, QuerySyntaxError, RequestError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import Format, GraphFormat, ResultFormat

__all__ = ["Answer", "InProcessRunner", "Question", "Runner"]


_ENGINE_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """A query, the graphs to ask it of (None: the query's own), and the format of the answer."""

    query: str
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None
    format: Format


@dataclass
class Answer:
    """The bytes of an answer as they come, and whether they are all of it."""

    chunks: Iterable[bytes]
    complete: bool = True


class Runner(Protocol):
    """Something that answers queries about one dataset, which does not change."""

    def run(self, question: Question) -> Answer:
        """Return the answer.

        Raises:
            QueryError: the query cannot be run as it stands.
        """
        ...


class InProcessRunner:
    """A runner over a store of this process, without limits: for tests and trusted callers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, question: Question) -> Answer:
        """Return the answer, whole."""
        default, named = question.dataset or (None, None)
        try:
            result = self._store.query(
                question.query,
                prefixes=dict(PREFIXES),
                default_graph=None if default is None else [NamedNode(iri) for iri in default],
                named_graphs=None if named is None else [NamedNode(iri) for iri in named],
            )
        except SyntaxError as fault:
            raise _syntax_error(question.query, fault.msg) from None
        return Answer([_write(result, question.format)])


def _write(result: QuerySolutions | QueryBoolean | QueryTriples, fmt: Format) -> bytes:
    if isinstance(result, QueryTriples) and isinstance(fmt, GraphFormat):
        written = serialize(result, format=fmt.engine, prefixes=dict(PREFIXES))
    elif not isinstance(result, QueryTriples) and isinstance(fmt, ResultFormat):
        written = result.serialize(format=fmt.engine)
    else:
        raise RequestError(f"{fmt.title} is no format for this kind of query")
    return written or b""


def _syntax_error(query: str, message: str) -> QueryError:
    """Return the engine's complaint, "error at LINE:COLUMN: expected …", with its place."""
    found = _ENGINE_ERROR.match(message)
    if found is None:
        return QueryError(message)
    line, column = int(found[1]), int(found[2])
    lines = query.split("\n")
    text = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return QuerySyntaxError(_readable(found[3]), Place(line, column, text))


def _readable(expected: str) -> str:
    """Return the engine's list of what it expected without its character classes."""
    parts = expected.removeprefix("expected ").removeprefix("one of ").split(", ")
    words = [part for part in parts if re.fullmatch(r"[A-Za-z_ .']+", part)]
    return f"expected {' or '.join(words)}" if words else "this cannot stand here"
