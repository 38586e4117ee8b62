"""Where a child writes an answer: counted, held back up to a bound, then streamed to the front."""

import resource
import socket
from typing import Any

from sparql_endpoint.engine.rows import RowCounter
from sparql_endpoint.engine.wire import Frame, frame, json_frame

__all__ = ["Channel", "EnoughRows", "Output", "TooManyBytes"]

_BLOCK = 1 << 16


class EnoughRows(Exception):  # noqa: N818  # a signal between our own functions, not an error
    """More rows were written than asked for."""


class TooManyBytes(Exception):  # noqa: N818  # as above
    """More bytes were written than a result may have."""


class Channel:
    """A child's socket to the front, and whether the child should answer on it again."""

    def __init__(self, sock: socket.socket, kept_memory: int) -> None:
        self._sock = sock
        self._ceiling = _peak() + kept_memory

    @property
    def spent(self) -> bool:
        """Whether this process has ever held so much memory that a fresh one should follow it."""
        return _peak() > self._ceiling

    def send(self, data: bytes) -> None:
        """Send frames; wait while the front does not read."""
        self._sock.sendall(data)

    def refuse(self, code: str, message: str = "", **more: Any) -> None:
        """Send an ERROR instead of an answer."""
        self.send(self.last_frame(Frame.ERROR, {"code": code, "message": message, **more}))

    def last_frame(self, kind: Frame, value: dict[str, Any]) -> bytes:
        """Return a frame that tells how an answer ends, and whether the child ends with it."""
        return json_frame(kind, value | {"retires": self.spent})


def _peak() -> int:
    """Return the most memory that this process ever held, in bytes; what it inherited counts."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Output:
    """A binary file to write one answer to.

    Up to ``buffer_bytes`` stay here, so that ``finish`` can still tell how the answer ended before
    its first byte. Beyond them the answer goes out in blocks, as fast as the front reads.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        buffer_bytes: int,
        max_bytes: int,
        meta: dict[str, Any],
    ) -> None:
        self.meta = meta
        self.streamed = False
        self.size = 0
        self._channel = channel
        self._buffer_bytes, self._max_bytes = buffer_bytes, max_bytes
        self._counter: RowCounter | None = None
        self._max_rows = 0
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._held: list[bytes] = []

    def count_rows(self, counter: RowCounter, max_rows: int) -> None:
        """Raise EnoughRows from ``write`` once more than ``max_rows`` rows have passed."""
        self._counter, self._max_rows = counter, max_rows

    @property
    def rows(self) -> int:
        """The rows counted so far; 0 where none are."""
        return max(self._counter.rows, 0) if self._counter else 0

    def write(self, data: bytes) -> int:
        """Take the next bytes from the engine's serialiser.

        Raises:
            EnoughRows, TooManyBytes: a limit is reached; the bytes are kept.
        """
        self._pending.append(data)
        self._pending_size += len(data)
        if self._pending_size >= _BLOCK:
            self._take()
        return len(data)

    def flush(self) -> None:
        """Do nothing: serialisers flush where it suits them."""

    def body(self) -> bytes:
        """Return what is held back: the whole answer so far unless ``streamed``."""
        return b"".join(self._held)

    def settle(self) -> None:
        """Count and pass on what is pending."""
        if self._pending:
            self._take()

    def finish(self, *, complete: bool, rows: int, body: bytes | None = None) -> None:
        """Send the end of the answer, or all of it when nothing was streamed.

        ``body`` replaces what is held back.
        """
        end = {"complete": complete, "rows": rows}
        if self.streamed:
            self._channel.send(self._channel.last_frame(Frame.END, end))
            return
        whole = self.body() if body is None else body
        meta = self._channel.last_frame(Frame.META, self.meta | {"streamed": False} | end)
        self._channel.send(meta + frame(Frame.DATA, whole))

    def _take(self) -> None:
        block = b"".join(self._pending)
        self._pending, self._pending_size = [], 0
        self.size += len(block)
        if self._counter is not None:
            self._counter.feed(block)
        self._pass_on(block)
        if self.size > self._max_bytes:
            raise TooManyBytes
        if self._counter is not None and self._counter.rows > self._max_rows:
            raise EnoughRows

    def _pass_on(self, block: bytes) -> None:
        if self.streamed:
            self._channel.send(frame(Frame.DATA, block))
            return
        self._held.append(block)
        if self.size > self._buffer_bytes:
            self.streamed = True
            meta = json_frame(Frame.META, self.meta | {"streamed": True})
            self._channel.send(meta + b"".join(frame(Frame.DATA, part) for part in self._held))
            self._held = []
