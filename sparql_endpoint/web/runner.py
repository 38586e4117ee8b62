"""What answers queries, as the web sees it: by the engine's processes, or in this one."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, serialize

from sparql_endpoint.engine.admission import admit
from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.query import Query, Result
from sparql_endpoint.errors import UsageError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS
from sparql_endpoint.query.merge import Dataset as Graphs
from sparql_endpoint.query.run import ask
from sparql_endpoint.query.syntax import explain
from sparql_endpoint.web.hearing import heard

__all__ = ["Answer", "EngineRunner", "InProcessRunner", "Question", "Runner", "no_close"]

_MOST_NESTING = 200
Dataset = tuple[tuple[str, ...], tuple[str, ...]]


def no_close() -> None:
    """Close nothing."""


@dataclass(frozen=True)
class Question:
    """A query, the graphs to ask it of (None: the query's own), and how the answer may be.

    A format is the short name of one; None refuses queries of that kind. ``client`` is who asks,
    ``gone`` tells whether they hung up, ``max_rows`` cuts the answer, and ``whole`` is for
    what the service asks for itself: it waits for all of it, however many rows they are.
    """

    query: str
    dataset: Dataset | None = None
    result_format: str | None = "json"
    graph_format: str | None = "turtle"
    client: str = ""
    max_rows: int | None = None
    whole: bool = False
    gone: Callable[[], bool] | None = None
    base: str | None = None


@dataclass
class Answer:
    """The bytes of an answer: a list where they are all there, an iterator where they come.

    ``complete`` and ``rows`` are None while they still come; then a failure raises from the
    iteration. Close it when it is not read to its end.
    """

    graph: bool
    """Whether it is triples, of a CONSTRUCT or DESCRIBE."""
    chunks: list[bytes] | Iterable[bytes]
    complete: bool | None = True
    rows: int | None = None
    close: Callable[[], None] = field(default=no_close, repr=False)
    notices: tuple[Notice, ...] = ()
    """Warnings beside the answer: where it is not what SPARQL 1.1 asks."""


class Runner(Protocol):
    """Something that answers queries about one dataset, which does not change."""

    def run(self, question: Question) -> Answer:
        """Return the answer.

        Raises:
            QueryError: the query cannot be run as it stands.
            UsageError: its kind is one that the question refuses.
            EngineError, TooManyRequestsError: a limit was met.
        """
        ...


class EngineRunner:
    """A runner by processes that may be ended at any moment, within limits."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def run(self, question: Question) -> Answer:
        """Return the answer: whole if it fits the engine's buffer, else as it comes."""
        return _answer(self.engine.run(_query(question), question.gone))

    async def run_soon(
        self, question: Question, hung_up: Callable[[], Awaitable[object]]
    ) -> Answer | None:
        """Return the answer without keeping the event loop waiting, None where ``run`` must do it.

        ``hung_up`` returns when the client has hung up.

        Raises:
            QueryCancelledError: the client has hung up.
            ForumGraphError: as ``run``.
        """
        dialogue = self.engine.begin(_query(question))
        if dialogue is None:
            return None
        try:
            await heard(dialogue, hung_up)
            if dialogue.orphaned:  # and why is not always known at once
                return _answer(await to_thread(dialogue.result))
        except BaseException:
            dialogue.close()
            raise
        return _answer(dialogue.result())


def _query(question: Question) -> Query:
    default, named = question.dataset or (None, None)
    return Query(
        question.query,
        question.result_format,
        question.graph_format,
        default,
        named,
        question.client,
        question.max_rows,
        question.whole,
        question.base,
    )


def _answer(result: Result) -> Answer:
    chunks: Iterator[bytes] = iter(result)
    held = chunks if result.streamed else list(chunks)
    return Answer(
        result.kind == "GRAPH", held, result.complete, result.rows, result.close, result.notices
    )


class InProcessRunner:
    """A runner over a store of this process, without limits: for tests and trusted callers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, question: Question) -> Answer:
        """Return the answer, whole."""
        admit(question.query, _MOST_NESTING, (), question.base)
        default, named = question.dataset or (None, None)
        try:
            dataset = Graphs(
                self._store,
                None if default is None else [NamedNode(iri) for iri in default],
                None if named is None else [NamedNode(iri) for iri in named],
            )
            result, notices = ask(dataset, question.query, PREFIXES, question.base)
        except SyntaxError as fault:
            raise explain(question.query, fault, question.base) from None
        written = _write(result, question)
        return Answer(isinstance(result, QueryTriples), [written], notices=tuple(notices))


def _write(result: QuerySolutions | QueryBoolean | QueryTriples, question: Question) -> bytes:
    if isinstance(result, QueryTriples):
        if question.graph_format is None:
            raise UsageError("no format was asked for that holds triples")
        rdf = RDF_FORMATS[question.graph_format].engine
        return serialize(result, format=rdf, prefixes=dict(PREFIXES)) or b""
    if question.result_format is None:
        raise UsageError("no format was asked for that holds solutions")
    return result.serialize(format=RESULT_FORMATS[question.result_format].engine) or b""
