"""Uvicorn's connection, with bounds on what a request may be and problems for what is none.

What is refused here never reaches the application: the request line is too long, or it is no HTTP,
or it takes too long to come. The answer repeats nothing of what was sent.
"""

import json
import socket
import struct
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sparql_endpoint.web.client import CLIENT, Client
from sparql_endpoint.web.headers import EVERY_ANSWER, QUERY_ID, new_query_id
from sparql_endpoint.web.logs import Answered, tell
from sparql_endpoint.web.problems import PROBLEM
from sparql_endpoint.web.settings import Settings

if TYPE_CHECKING:
    import asyncio

__all__ = ["Connection", "rendered"]

_LONGEST_LINE = 8190
"""Bytes of a URL or a header; a shorter URL that is too long is for the application to refuse."""
_MOST_HEADERS = 100

_TOO_LONG = (HTTPStatus.REQUEST_URI_TOO_LONG, "the request line is too long: use POST")
_TOO_MUCH = (
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "there are too many headers, or one is too long",
)
_EXPECTS = (HTTPStatus.EXPECTATION_FAILED, "only 100-continue can be expected")
_HOSTS = (HTTPStatus.BAD_REQUEST, "a request has exactly one Host header")
_SLOW = (HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")
_FULL = (HTTPStatus.SERVICE_UNAVAILABLE, "there are too many connections: come again later")
_BROKEN = (HTTPStatus.BAD_REQUEST, "the body breaks off, or its chunks are malformed")
_MALFORMED = (HTTPStatus.BAD_REQUEST, "the request is no HTTP that can be read")
_BY_PARSER = {
    "Invalid HTTP version": (
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
        "only HTTP/1.0 and 1.1 are spoken",
    ),
    "Request has invalid `Transfer-Encoding`": (
        HTTPStatus.NOT_IMPLEMENTED,
        "the only transfer coding is chunked",
    ),
}
"""What llhttp says of faults that have a status of their own (RFC 9112, sections 2.3, 6.1)."""


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
    """One connection of a client; what uvicorn gives each is in ``uvicorns``."""

    def __init__(self, settings: Settings, **uvicorns: Any) -> None:
        super().__init__(**uvicorns)
        self._settings = settings

    def connection_made(self, transport: Any) -> None:
        """Begin, unless there are too many."""
        super().connection_made(transport)
        self._client = Client(self._reset)
        self._end_of_patience: asyncio.TimerHandle | None = None
        self._next_look: asyncio.TimerHandle | None = None
        self._refusal: tuple[HTTPStatus, str] | None = None
        self._head = 0  # bytes of the request's head so far
        self._in_head = True
        self._in_body = False
        self._be_patient()
        if len(self.connections) > self._settings.max_connections:
            self._refuse(*_FULL)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let everybody know."""
        self._hurry_no_more()
        self._look_no_more()
        self._client.lost = True
        self._client.ended.set()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio has it
        """Answer a client that has sent all it will; only then close."""
        self._client.ended.set()
        if self._in_body:
            self._refuse(*_BROKEN)
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
                self._refuse(*_TOO_MUCH)

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
            self._stop(_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        super().on_header(name, value)
        if len(self.headers) > _MOST_HEADERS or len(name) + len(value) > _LONGEST_LINE:
            self._stop(_TOO_MUCH)
        if name.lower() == b"expect" and value.lower() != b"100-continue":
            self._stop(_EXPECTS)

    def on_headers_complete(self) -> None:
        """Hand the request over; its body may still come."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() != "1.0"):
            self._stop(_HOSTS)
        self._in_head, self._in_body = False, True
        super().on_headers_complete()
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
        fault = _BROKEN if self._in_body else _MALFORMED
        self._refuse(*(self._refusal or _BY_PARSER.get(said, fault)))

    def _reset(self) -> None:
        """End the connection by RST, not in order (SO_LINGER in socket(7))."""
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _stop(self, refusal: tuple[HTTPStatus, str]) -> None:
        self._refusal = refusal
        raise _RefusedError

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Answer with a problem, and close: what follows cannot be read."""
        self._refusal = status, detail
        self._in_body = False
        query_id = new_query_id()
        asker = self.client[0] if self.client else ""
        answer = rendered(status, detail, query_id)
        tell(Answered(query_id, asker, "unreadable", status, 0.0, len(answer)))
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer)
        elif not self.cycle.response_started:
            self.cycle.disconnected = True  # the application's answer would be a second one
            self.transport.write(answer)
        self.transport.close()

    def _be_patient(self) -> None:
        if self._end_of_patience is None:
            patience = self._settings.receive_seconds
            self._end_of_patience = self.loop.call_later(patience, self._refuse, *_SLOW)

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


def rendered(status: HTTPStatus, detail: str, query_id: str) -> bytes:
    """Return a response with a problem (RFC 9457) as it is sent, which ends the connection."""
    problem = {"type": "about:blank", "title": status.phrase, "detail": detail}
    body = json.dumps({**problem, "status": status, "query_id": query_id}).encode()
    headers = {
        **EVERY_ANSWER,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": PROBLEM,
        QUERY_ID: query_id,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{lines}\r\n".encode("ascii") + body
