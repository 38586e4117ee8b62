"""The talk with a child, whose part the test plays."""

import json
import signal
import socket
from typing import TYPE_CHECKING, Any, cast

import pytest

from sparql_endpoint.engine.dialogue import Demand, Dialogue
from sparql_endpoint.engine.handle import Child
from sparql_endpoint.limits import Limits
from sparql_endpoint.engine.ticket import Ticket
from sparql_endpoint.engine.wire import Frame, frame, json_frame
from sparql_endpoint.errors import (
    ForumGraphError,
    QueryCrashedError,
    QueryError,
    QueryMemoryError,
    QueryTimeoutError,
    ResultTooLargeError,
    UsageError,
)

if TYPE_CHECKING:
    from sparql_endpoint.engine.jobs import Job

META = {"kind": "SELECT", "variables": ["s"], "format": "csv", "streamed": True}
STREAM = json_frame(Frame.META, META) + frame(Frame.DATA, b"s\r\n")
WHOLE = json_frame(Frame.META, META | {"streamed": False}) + frame(Frame.DATA, b"s\r\n")


class Stage:
    """A dialogue, the child's end of its socket, and how it was released."""

    def __init__(self, **demand: Any) -> None:
        ours, self.theirs = socket.socketpair()
        self.child = Child.__new__(Child)
        self.child.__init__(0, ours, -1)  # type: ignore[misc]  # a child without a process
        self.ticket = Ticket("client", 10)
        self.released: list[tuple[bool, str, int, int]] = []
        self.dialogue = Dialogue(
            Limits(), Demand("client", **demand), self.ticket, self.child, self._release
        )

    def _release(self, reusable: bool, outcome: str, rows: int, size: int) -> None:  # noqa: FBT001  # as it is called
        self.released.append((reusable, outcome, rows, size))
        self.child.sock.close()
        self.theirs.close()

    def ask(self, *frames: bytes) -> Any:
        self.theirs.sendall(b"".join(frames))
        return self.asked()

    def asked(self) -> Any:
        self.dialogue.send(cast("Job", None))
        return self.dialogue.result()

    def die(self, status: int, words: str) -> None:
        self.child.status, self.child.last_words = status, words
        self.child.died.set()
        self.theirs.shutdown(socket.SHUT_RDWR)


def _error(code: str) -> bytes:
    return json_frame(Frame.ERROR, {"code": code, "message": "said", "retires": False})


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("memory", QueryMemoryError),
        ("bytes", ResultTooLargeError),
        ("format", UsageError),
        ("QueryError", QueryError),
    ],
)
def test_refusal_is_raised_and_the_child_used_again(
    code: str, error: type[ForumGraphError]
) -> None:
    """A child that refused is fine."""
    stage = Stage()
    with pytest.raises(error):
        stage.ask(_error(code))
    assert stage.released == [(True, error.__name__, 0, 0)]


def test_refusal_within_a_stream_is_raised_from_it() -> None:
    """A query that fails half-way raises from the iteration."""
    stage = Stage()
    result = stage.ask(
        json_frame(Frame.META, META), frame(Frame.DATA, b"s\r\n"), _error("QueryError")
    )
    assert next(result) == b"s\r\n"
    with pytest.raises(QueryError, match="said"):
        next(result)
    assert stage.released == [(True, "QueryError", 0, 3)]


def test_answer_that_is_not_read_to_its_end_ends_its_query() -> None:
    """To close an answer is to say that nobody wants more; once is enough."""
    stage = Stage()
    result = stage.ask(json_frame(Frame.META, META), frame(Frame.DATA, b"s\r\n"))
    next(result)
    result.close()
    result.close()
    assert stage.released == [(False, "QueryCancelledError", 0, 3)]


def test_end_tells_how_the_answer_ended() -> None:
    """Rows and completeness are known behind the last byte; the child may retire."""
    stage = Stage()
    end = {"complete": True, "rows": 1, "retires": True}
    result = stage.ask(
        json_frame(Frame.META, META), frame(Frame.DATA, b"s\r\n1\r\n"), json_frame(Frame.END, end)
    )
    assert result.read() == b"s\r\n1\r\n"
    assert (result.complete, result.rows, result.streamed) == (True, 1, True)
    assert stage.released == [(False, "complete", 1, 6)]


@pytest.mark.parametrize(
    ("status", "words", "error", "says"),
    [
        (-signal.SIGABRT, "memory allocation of 9 bytes failed", QueryMemoryError, "1024 MiB"),
        (-signal.SIGABRT, "", QueryCrashedError, "status -6"),
        (-signal.SIGSEGV, "", QueryCrashedError, "less deeply"),
        (-signal.SIGKILL, "", QueryCrashedError, "killed from outside"),
        (1, "PanicException: no", QueryCrashedError, "status 1"),
    ],
)
def test_death_of_the_child_is_explained(
    status: int, words: str, error: type[ForumGraphError], says: str
) -> None:
    """What the process died of tells what to say."""
    stage = Stage()
    stage.die(status, words)
    with pytest.raises(error, match=says):
        stage.asked()
    assert stage.released[0][:2] == (False, error.__name__)


def test_doom_is_told_even_if_the_child_lives() -> None:
    """A query that was ended says why, whatever its child does."""
    stage = Stage()
    stage.ticket.doom = QueryTimeoutError("too long")
    with pytest.raises(QueryTimeoutError, match="too long"):
        stage.asked()


def test_fault_of_ours_is_counted_as_such() -> None:
    """An error that is not ours to tell is an outcome of its own."""

    def fail() -> bool:
        raise ZeroDivisionError

    stage = Stage(cancelled=fail)
    with pytest.raises(ZeroDivisionError):
        stage.asked()
    assert stage.released[0][1] == "fault"


@pytest.mark.parametrize(
    ("frames", "ready"),
    [
        ([], [False]),
        ([_error("bytes")], [True]),
        ([WHOLE[:9], WHOLE[9:]], [False, True]),
        ([STREAM[:9], STREAM[9:-3], STREAM[-3:]], [False, False, True]),
    ],
    ids=["silence", "error", "answer", "stream"],
)
def test_what_has_come_is_gathered_without_waiting(frames: list[bytes], ready: list[bool]) -> None:
    """The answer is there once its description and its first bytes are."""
    stage = Stage()
    stage.dialogue.send(cast("Job", None))
    seen = [stage.dialogue.gather()] if not frames else []
    for part in frames:
        stage.theirs.sendall(part)
        seen.append(stage.dialogue.gather())
    assert (seen, stage.dialogue.orphaned) == (ready, False)
    stage.dialogue.close()


def test_a_child_that_is_gone_is_noticed_without_waiting() -> None:
    """Its cause of death is another thing."""
    stage = Stage()
    stage.die(-signal.SIGSEGV, "")
    assert (stage.dialogue.gather(), stage.dialogue.orphaned) == (True, True)
    with pytest.raises(QueryCrashedError, match="crashed the engine"):
        stage.dialogue.result()


def test_error_frame_is_json() -> None:
    """A child tells an error as JSON, never as something to unpickle."""
    assert json.loads(_error("bytes")[5:])["code"] == "bytes"
