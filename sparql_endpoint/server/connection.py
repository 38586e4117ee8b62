"""A client's connection, as the listener sees it."""

import os
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sparql_endpoint.server.http_request import RequestReader, is_whole

if TYPE_CHECKING:
    from sparql_endpoint.errors import ForumGraphError
    from sparql_endpoint.server.worker_process import WorkerProcess

__all__ = ["Connection", "Delivery", "State"]

_READ_SIZE = 1 << 16
_SEND_SIZE = 1 << 20


class State(Enum):
    """The states of a connection: each names the event that it waits for."""

    READING = "for its client's request, or more of it"
    QUEUED = "for a worker"
    ANSWERING = "for the worker that has its request"
    DELIVERING = "for its client to read the answer"
    CLOSING = "for its client to close it"


@dataclass
class Delivery:
    """The rest of an answer, in a file that this process has open."""

    file: int
    offset: int
    size: int
    keep_alive: bool
    began: float
    progress: float
    """When the client last read some of it."""


class Connection:
    """The socket of a client, and the state of its request.

    Times are seconds of the monotonic clock; ``max_body`` is the limit of a body in bytes.
    """

    def __init__(self, sock: socket.socket, peer: str, max_body: int) -> None:
        self.sock, self.peer = sock, peer
        self.state = State.READING
        self.since = time.monotonic()
        """When its present state began; for a request, when its first byte arrived."""
        self.served = False
        """Whether a request has been answered on it."""
        self.request = b""
        """The bytes of a complete request."""
        self.client = 0
        """The number of the client, as limits count it."""
        self.failure: ForumGraphError | None = None
        """The error that ended an earlier attempt to answer the request."""
        self.worker: WorkerProcess | None = None
        self.hung_up_at = 0.0
        """When the client closed its sending side; 0 while it may still send."""
        self.gone = False
        """Whether nothing can be sent to the client any more."""
        self.delivery: Delivery | None = None
        self.behind = b""
        """The bytes that the client sent after the request whose answer it reads."""
        self._max_body = max_body
        self._reader = RequestReader(max_body)
        self._data = bytearray()
        self._continued = False

    def enter(self, state: State, since: float | None = None) -> None:
        """Change the state, as of now or of ``since``."""
        self.state, self.since = state, time.monotonic() if since is None else since

    @property
    def is_idle(self) -> bool:
        """Whether it is open and no byte of a next request has arrived."""
        return self.state is State.READING and not self._data and self.sock.fileno() >= 0

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request has arrived."""
        return bool(self._data)

    def read(self) -> bool:
        """Read the bytes that the client has sent; return False if it has closed its sending side.

        Raises:
            RejectedError: the bytes are no request that can be answered.
            OSError: the connection is lost.
        """
        try:
            data = self.sock.recv(_READ_SIZE)
        except BlockingIOError:
            return True
        if data:
            self.take(data)
        return bool(data)

    def take(self, data: bytes) -> None:
        """Take bytes of the client's next request; set ``request`` once it is complete.

        Raises:
            RejectedError: the bytes are no request that can be answered.
        """
        if not self._data:
            self.since = time.monotonic()
            if is_whole(data):
                self.request = data
                return
        self._data += data
        parsed = self._reader.feed(data)
        if parsed is not None:
            request, rest = parsed
            self.request = bytes(self._data)
            self._data.clear()
            self._continued = False
            del request, rest  # the worker reads it again, and what is behind it
            self._reader = RequestReader(self._max_body)
        elif self._expects_continue():
            self._continued = True
            with suppress(OSError):
                self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _expects_continue(self) -> bool:
        """Return whether the client waits for "100 Continue" before it sends the body.

        A client of HTTP/1.0 does not: RFC 9110, section 10.1.1.
        """
        head = self._reader.request
        waits = head.has_head and head.version == "1.1" and not self._continued
        return waits and bool(head.header(b"expect"))

    def deliver(self) -> bool:
        """Send a part of the answer; return whether it was the last.

        Raises:
            OSError: the connection is lost.
        """
        delivery = self.delivery
        assert delivery is not None  # noqa: S101  # only a connection that delivers is asked
        try:
            while delivery.offset < delivery.size:
                delivery.offset += os.sendfile(
                    self.sock.fileno(), delivery.file, delivery.offset, _SEND_SIZE
                )
                delivery.progress = time.monotonic()
        except BlockingIOError:
            return False
        return True

    def end_delivery(self) -> None:
        """Give up the rest of the answer."""
        if self.delivery is not None:
            os.close(self.delivery.file)
            self.delivery = None

    def reset(self) -> None:
        """Have the connection end by RST, so that the client sees that its answer is incomplete.

        See SO_LINGER in socket(7).
        """
        with suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
