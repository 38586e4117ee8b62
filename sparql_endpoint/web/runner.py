"""What answers queries, as the web sees it; and the simplest one, inside this process."""

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

from sparql_endpoint.errors import QueryError, RequestError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import Format, GraphFormat, ResultFormat

__all__ = ["Answer", "InProcessRunner", "Question", "Runner"]


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
            raise QueryError(fault.msg) from None
        return Answer([_write(result, question.format)])


def _write(result: QuerySolutions | QueryBoolean | QueryTriples, fmt: Format) -> bytes:
    if isinstance(result, QueryTriples) and isinstance(fmt, GraphFormat):
        written = serialize(result, format=fmt.engine, prefixes=dict(PREFIXES))
    elif not isinstance(result, QueryTriples) and isinstance(fmt, ResultFormat):
        written = result.serialize(format=fmt.engine)
    else:
        raise RequestError(f"{fmt.title} is no format for this kind of query")
    return written or b""
