"""The talk with one child about one job, from the front's side: ask, read, and make out a death."""

import json
import pickle
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sparql_endpoint.engine.handle import Child
from sparql_endpoint.engine.housekeeper import memory_text
from sparql_endpoint.engine.jobs import Job
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.engine.messages import raised
from sparql_endpoint.engine.query import Result
from sparql_endpoint.engine.ticket import Ticket
from sparql_endpoint.engine.wire import Frame, frame
from sparql_endpoint.errors import (
    EngineError,
    ForumGraphError,
    QueryCancelledError,
    QueryCrashedError,
    QueryError,
    QueryMemoryError,
    ResultTooLargeError,
    UsageError,
)
from sparql_endpoint.query.deviations import Notice

__all__ = ["Demand", "Dialogue"]

_POLL = 0.1
_BURIAL = 2.0
_OUT_OF_MEMORY = "memory allocation of"

Release = Callable[[bool, str, int, int], None]


@dataclass(frozen=True)
class Demand:
    """Who wants an answer, and how."""

    client: str | None
    whole: bool = False
    cancelled: Callable[[], bool] | None = None
    time_limit: float | None = None


class Dialogue:
    """One job in one child. ``release`` is called exactly once, when the child is done with it.

    It is told whether the child may be used again, how the job ended, the rows and the bytes.
    """

    def __init__(
        self,
        limits: Limits,
        demand: Demand,
        ticket: Ticket,
        child: Child,
        release: Release,
    ) -> None:
        self._limits, self._demand, self._release = limits, demand, release
        self._ticket, self._child = ticket, child
        self._open = True
        self._size = 0
        self._result: Result | None = None

    def send(self, job: Job) -> None:
        """Let the child begin.

        Raises:
            ForumGraphError: what became of it.
        """
        try:
            self._send(frame(Frame.JOB, pickle.dumps(job)))
        except BaseException as error:
            self._end(reusable=False, outcome=_outcome(error))
            raise

    def result(self) -> Result:
        """Wait for the answer and return it, ended if it is small or wanted whole.

        Raises:
            ForumGraphError: what the child says, or what became of it.
        """
        self._child.sock.settimeout(_POLL)
        try:
            return self._receive()
        except BaseException as error:
            self._end(reusable=False, outcome=_outcome(error))
            raise

    def close(self) -> None:
        """End the job if it is not ended."""
        self._end(reusable=False, outcome="QueryCancelledError")

    def fileno(self) -> int:
        """Return the descriptor that can be read when the child has said something or died."""
        return self._child.sock.fileno()

    def gather(self) -> bool:
        """Take in what the child has said by now; return whether ``result`` would not wait.

        It never waits itself. Where the child died, ``result`` may wait for the cause of death.
        """
        reader = self._child.reader
        reader.gather()
        frames = reader.held()
        return reader.closed or frames[:1] == [Frame.ERROR] or len(frames) > 1

    @property
    def orphaned(self) -> bool:
        """Whether the child is gone, as ``gather`` saw."""
        return self._child.reader.closed

    def _receive(self) -> Result:
        kind, payload = self._next()
        told = json.loads(payload)
        if kind is Frame.ERROR:
            self._refused(told)
        result = Result(
            told["kind"], tuple(told["variables"]), told["format"], self._stream(), self.close
        )
        result.notices = tuple(Notice(*pair) for pair in told.get("notices", ()))
        self._result = result
        if not told["streamed"]:
            _, body = self._next()
            self._size = len(body)
            self._ended(kind, told)
            result.hold([body])
        elif self._demand.whole:
            result.hold(list(result))
        return result

    def _send(self, data: bytes) -> None:
        self._child.sock.settimeout(None)
        try:
            self._child.sock.sendall(data)
        except OSError as error:
            raise self._cause_of_death() from error

    def _stream(self) -> Iterator[bytes]:
        try:
            while True:
                kind, payload = self._next()
                if kind is Frame.END:
                    self._ended(kind, json.loads(payload))
                    return
                if kind is Frame.ERROR:
                    self._refused(json.loads(payload))
                self._size += len(payload)
                self._ticket.stall()
                yield payload
                self._ticket.unstall()
        except BaseException as error:
            self._end(reusable=False, outcome=_outcome(error))
            raise

    def _ended(self, kind: Frame, told: dict[str, Any]) -> None:
        complete, rows = told["complete"], told["rows"]
        if self._result is not None:
            self._result.complete, self._result.rows = complete, rows
            if kind is Frame.END and not complete:
                self._end(reusable=not told["retires"], outcome="cut", rows=rows)
                raise ResultTooLargeError(self._cut_text())
        outcome = "complete" if complete else "cut"
        self._end(reusable=not told["retires"], outcome=outcome, rows=rows)

    def _cut_text(self) -> str:
        rows, size = self._limits.max_rows, self._limits.max_result_bytes >> 20
        return f"the result has more than {rows} rows or {size} MiB: add a LIMIT, or ask in parts"

    def _next(self) -> tuple[Frame, bytes]:
        while True:
            try:
                return self._child.reader.read()
            except TimeoutError:
                if self._demand.cancelled is not None and self._demand.cancelled():
                    raise QueryCancelledError("the client is gone") from None
                if self._ticket.doom is not None:
                    raise self._ticket.doom from None
            except (EOFError, OSError) as error:
                raise self._cause_of_death() from error

    def _refused(self, told: dict[str, Any]) -> None:
        error = raised(told) or self._limit(told)
        self._end(reusable=not told["retires"], outcome=_outcome(error))
        raise error

    def _limit(self, told: dict[str, Any]) -> ForumGraphError:
        code, message = told["code"], told["message"]
        if code == "memory":
            return QueryMemoryError(memory_text(self._limits))
        if code == "bytes":
            return ResultTooLargeError(self._cut_text())
        return UsageError(f"this kind of query ({message}) has no answer in the format asked for")

    def _cause_of_death(self) -> ForumGraphError:
        """Return why the child closed its socket: we ended it, or it died of itself."""
        child = self._child
        if self._ticket.doom is not None:
            return self._ticket.doom
        child.died.wait(_BURIAL)
        if self._ticket.doom is not None:
            return self._ticket.doom
        if child.status == -signal.SIGABRT and _OUT_OF_MEMORY in child.last_words:
            return QueryMemoryError(memory_text(self._limits))
        if child.status == -signal.SIGSEGV:
            return QueryCrashedError("the query crashed the engine: nest it less deeply")
        if child.status == -signal.SIGKILL:
            return QueryCrashedError("the process that answered was killed from outside: ask again")
        return QueryCrashedError(f"the query crashed the engine (status {child.status})")

    def _end(self, *, reusable: bool, outcome: str, rows: int = 0) -> None:
        if self._open:
            self._open = False
            self._release(reusable, outcome, rows, self._size)


def _outcome(error: BaseException) -> str:
    if isinstance(error, GeneratorExit):
        return QueryCancelledError.__name__
    known = isinstance(error, EngineError | QueryError | UsageError)
    return type(error).__name__ if known else "fault"
