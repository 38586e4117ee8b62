"""Uvicorn's connection, with bounds on what a request may be and problems for what is none.

What is refused here never reaches the application: the request line is too long, or it is no HTTP,
or it takes too long to come. The answer repeats nothing of what was sent.
"""

import socket
import struct
import sys
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sparql_endpoint.web import refusals
from sparql_endpoint.web.client import CLIENT, Client
from sparql_endpoint.web.headers import new_query_id
from sparql_endpoint.web.logs import Answered
from sparql_endpoint.web.settings import Settings

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from http import HTTPStatus

__all__ = ["Connection"]

_LONGEST_LINE = 8190
"""Bytes of a URL or a header; a shorter URL that is too long is for the application to refuse."""
_MOST_HEADERS = 100


class _AnyLength(int):
    """The length of a body that ends with its connection: to uvicorn, ever what is left of it."""

    def __lt__(self, other: int) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return False

    def __sub__(self, other: int) -> int:
        return self

    __eq__ = int.__eq__
    __hash__ = int.__hash__


class _RefusedError(Exception):
    """The request is refused before it is whole; the parser is to stop."""


class Connection(HttpToolsProtocol):
    """One connection of a client; what uvicorn gives each is in ``uvicorns``.

    ``note`` is told of every request that is refused here.
    """

    def __init__(
        self, settings: Settings, note: "Callable[[Answered], None]", **uvicorns: Any
    ) -> None:
        super().__init__(**uvicorns)
        self._settings, self._note = settings, note

    def connection_made(self, transport: Any) -> None:
        """Begin, unless there are too many."""
        super().connection_made(transport)
        self._client = Client(self._reset)
        self._end_of_patience: asyncio.TimerHandle | None = None
        self._began = self.loop.time()
        self._next_look: asyncio.TimerHandle | None = None
        self._refusal: refusals.Refusal | None = None
        self._head = 0  # bytes of the request's head so far
        self._in_head = True
        self._in_body = False
        self._be_patient()
        if len(self.connections) > self._settings.max_connections:
            self._refuse(*refusals.FULL)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let everybody know."""
        self._hurry_no_more()
        self._look_no_more()
        self._client.lost.set()
        self._client.ended.set()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio has it
        """Answer a client that has sent all it will; only then close."""
        self._client.ended.set()
        if self._in_body:
            self._refuse(*refusals.BROKEN)
        return bool(self.cycle and not self.cycle.response_complete)

    def data_received(self, data: bytes) -> None:
        """Take what was sent, up to the bounds."""
        if self._refusal is not None:
            return
        in_head = self._in_head
        super().data_received(data)
        if in_head and self._in_head:
            self._head += len(data)
            if self._head > _MOST_HEADERS * _LONGEST_LINE:
                self._refuse(*refusals.TOO_MUCH)

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self.scope["extensions"] = {CLIENT: self._client}  # type: ignore[dict-item]  # an extension of ours
        self._be_patient()

    def on_url(self, url: bytes) -> None:
        """Take a part of the URL."""
        super().on_url(url)
        if len(self.url) > _LONGEST_LINE:
            self._stop(refusals.TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        super().on_header(name, value)
        if len(self.headers) > _MOST_HEADERS or len(name) + len(value) > _LONGEST_LINE:
            self._stop(refusals.TOO_MUCH)
        if name.lower() == b"expect" and value.lower() != b"100-continue":
            self._stop(refusals.EXPECTS)

    def on_headers_complete(self) -> None:
        """Hand the request over; its body may still come."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() != "1.0"):
            self._stop(refusals.HOSTS)
        if self.parser.get_method() == b"CONNECT":
            self._stop(refusals.TUNNEL)
        super().on_headers_complete()
        self._in_head, self._in_body = False, True
        if self.scope["http_version"] == "1.0":  # it knows no chunks (RFC 9112, section 6.1)
            self.cycle.chunked_encoding = False
            self.cycle.expected_content_length = _AnyLength()

    def on_message_complete(self) -> None:
        """Wait for nothing more."""
        self._in_body, self._in_head = False, True
        self._hurry_no_more()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Close behind the answer to a client that will ask nothing more."""
        super().on_response_complete()
        if self._client.ended.is_set() and self.cycle.response_complete:
            self.transport.close()

    def pause_writing(self) -> None:
        """Wait for a client that has much to read, as long as it reads."""
        super().pause_writing()
        self._look(sys.maxsize)

    def resume_writing(self) -> None:
        """Write on."""
        self._look_no_more()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser does not take; ``msg`` is uvicorn's."""
        said = str(sys.exception())
        fault = refusals.BROKEN if self._in_body else refusals.MALFORMED
        self._refuse(*(self._refusal or refusals.BY_PARSER.get(said, fault)))

    def _reset(self) -> None:
        """End the connection by RST, not in order (SO_LINGER in socket(7))."""
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _stop(self, refusal: refusals.Refusal) -> None:
        self._refusal = refusal
        raise _RefusedError

    def _refuse(self, status: "HTTPStatus", detail: str) -> None:
        """Answer with a problem, and close: what follows cannot be read.

        What was asked before in good order is answered first, and then nothing more.
        """
        self._refusal = status, detail
        in_body, self._in_body = self._in_body, False
        if in_body:
            self.cycle.disconnected = True  # the application's answer would be a second one
        elif self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
            self._hurry_no_more()
            return
        if not in_body or not (self.cycle.response_started or self.pipeline):
            self._tell(status, detail)
        self._hurry_no_more()
        self.transport.close()

    def _tell(self, status: "HTTPStatus", detail: str) -> None:
        query_id = new_query_id()
        asker = self.client[0] if self.client else ""
        seconds = self.loop.time() - self._began if self._end_of_patience else 0.0
        answer = refusals.refusal(status, detail, query_id)
        size = int(answer.headers["Content-Length"])
        self._note(Answered(query_id, asker, "unreadable", status, seconds, size))
        self.transport.write(refusals.rendered(answer))

    def _be_patient(self) -> None:
        if self._end_of_patience is None:
            self._began = self.loop.time()
            patience = self._settings.receive_seconds
            self._end_of_patience = self.loop.call_later(patience, self._refuse, *refusals.SLOW)

    def _hurry_no_more(self) -> None:
        if self._end_of_patience is not None:
            self._end_of_patience.cancel()
            self._end_of_patience = None

    def _look(self, before: int) -> None:
        """Break off if as much is left to read as ``before``, else look again later."""
        left = self.transport.get_write_buffer_size()
        if left < before:
            patience = self._settings.send_seconds
            self._next_look = self.loop.call_later(patience, self._look, left)
        else:
            self._reset()

    def _look_no_more(self) -> None:
        if self._next_look is not None:
            self._next_look.cancel()
            self._next_look = None
