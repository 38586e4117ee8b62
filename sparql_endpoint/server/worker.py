"""The worker: a process that answers one request at a time, from its first byte to its last.

It may be killed at any moment. The listener keeps a duplicate of the client's socket and the bytes
of the request, so that another worker can send the error to the client.
"""

import contextlib
import logging
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, NoReturn

from werkzeug.http import http_date

from sparql_endpoint import errors
from sparql_endpoint.endpoint.proxies import client_of
from sparql_endpoint.endpoint.request_checks import FAILURE
from sparql_endpoint.endpoint.response_cache import AFTER
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.limits import Limits
from sparql_endpoint.server.http_request import Request, RequestReader
from sparql_endpoint.server.messages import Kind, Message, receive, send
from sparql_endpoint.server.rejections import UNFORESEEN, RejectedError, rejection
from sparql_endpoint.server.sandbox import die_with_parent, limit_memory, prefer_for_oom
from sparql_endpoint.server.shared_state import LONGEST_REQUEST, SharedState, Slot, client_number

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Worker", "run_worker"]

_log = logging.getLogger(__name__)
_http_date = lru_cache(maxsize=1)(http_date)
_STAY_SECONDS, _SHORT_STAY_SECONDS = 5.0, 0.05
"""Seconds that a worker waits for its client's next request before it hands the client back: the
first while other workers are free, the second while none is."""
_TURN_SECONDS, _TURN_STAY_SECONDS = 0.005, 0.0005
"""Seconds of a client's turn while other clients wait, and of the longest pause in it."""
_SPARE_MEMORY = 64 << 20
"""Bytes that a worker may have held beyond those at its start and still answer another request."""
_READ_SIZE = 1 << 16
_SEND_SIZE = 1 << 20
_BODILESS = {"204", "304"}


@dataclass(frozen=True)
class _Response:
    head: bytes
    body: bytes = b""
    file: IO[bytes] | None = None
    keep_alive: bool = False
    after: Sequence[Callable[[], None]] = ()


def run_worker(  # noqa: PLR0913, PLR0917  # as ``Worker``
    make: Callable[[], "WSGIApplication"],
    channel: socket.socket,
    state: SharedState,
    number: int,
    parent: int,
    limits: Limits,
    settings: Settings,
) -> NoReturn:
    """Answer the requests that come over ``channel`` until it closes, then end the process.

    ``make`` opens the store and returns the application; ``number`` is the number of the slot.
    """
    code = 1
    try:
        die_with_parent(parent)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        prefer_for_oom()
        worker = Worker(make(), channel, state, number, limits, settings)
        limit_memory(limits.query_memory)
        worker.warm_up()
        send(channel, Message(Kind.READY))
        worker.serve()
        code = 0
    except ConnectionError:
        code = 0
    except BaseException as error:  # noqa: BLE001  # nothing may unwind into the fork server's loop
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(code)


class Worker:
    """Answers the requests of one client after another by a WSGI application."""

    def __init__(  # noqa: PLR0913, PLR0917  # each is a thing of its own
        self,
        app: "WSGIApplication",
        channel: socket.socket,
        state: SharedState,
        number: int,
        limits: Limits,
        settings: Settings,
    ) -> None:
        self._app, self._channel, self._state = app, channel, state
        self._slot: Slot = state.slot(number)
        self._limits, self._max_body = limits, settings.max_body_bytes
        self._proxies, self._stay = settings.trusted_proxies, float(settings.keep_alive_seconds)
        self._most_memory = _peak_memory() + _SPARE_MEMORY
        self._spent = False

    def warm_up(self) -> None:
        """Run one query before any client asks, so that the first client's query is not slower."""
        head = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n"
        request, _ = RequestReader(self._max_body).feed(head) or (Request(), b"")
        self._respond(request, "", ("localhost", 0), None)

    def serve(self) -> None:
        """Answer requests until the channel closes, or this process has held much memory."""
        while not self._spent:
            message, descriptors = receive(self._channel)
            if message is None or message.kind is Kind.STOP:
                return
            if message.kind is Kind.REQUEST:
                self._serve_client(message, descriptors)

    def _serve_client(self, message: Message, descriptors: list[int]) -> None:
        data, failure = message.data, _failure(message.fields)
        with socket.socket(fileno=descriptors[0]) as client:
            peer, server = message.fields["client"], client.getsockname()[:2]
            is_first, turn_ends = True, time.monotonic() + _TURN_SECONDS
            while data:
                try:
                    parsed = RequestReader(self._max_body).feed(data)
                    if parsed is None or not (is_first or self._begin(parsed[0], peer, data)):
                        self._release(Kind.IDLE, data)
                        return
                    request, data = parsed
                    response = self._respond(request, peer, server, failure)
                except RejectedError as error:
                    response = _Response(rejection(error.rejection, peer))
                if not self._send(client, response, data):
                    return
                failure, is_first = None, False
                data = data or self._next(client, turn_ends)

    def _begin(self, request: Request, peer: str, data: bytes) -> bool:
        """Note the start of a next request; return False if it goes back to the listener instead.

        It goes back if its client is at the limit of requests, or if it is too long for a slot.
        """
        number = client_number(client_of(request.environ(peer, ("", 0)), self._proxies))
        if (
            self._state.busy_of(number) >= self._limits.max_queries_per_client
            or len(data) > LONGEST_REQUEST
        ):
            return False
        self._slot.begin(number, data)
        return True

    def _next(self, client: socket.socket, turn_ends: float) -> bytes:
        """Wait for the client's next request; hand the client back if none comes."""
        since = time.monotonic()
        others_wait = self._state.waiting
        if not self._spent and (not others_wait or since < turn_ends):
            poll = select.poll()
            poll.register(client, select.POLLIN)
            stay = _TURN_STAY_SECONDS
            if not others_wait:
                poll.register(self._channel, select.POLLIN)
                stay = _STAY_SECONDS if self._state.spare else _SHORT_STAY_SECONDS
            ready = [descriptor for descriptor, _ in poll.poll(min(stay, self._stay) * 1000)]
            if ready == [client.fileno()]:
                with contextlib.suppress(OSError):
                    if data := client.recv(_READ_SIZE):
                        return data
                self._release(Kind.CLOSE)
                return b""
        self._release(Kind.IDLE, fields={"since": since})
        return b""

    def _respond(
        self, request: Request, peer: str, server: tuple[str, int], failure: Exception | None
    ) -> _Response:
        environ = request.environ(peer, server)
        after: list[Callable[[], None]] = []
        environ[AFTER] = after
        environ["wsgi.file_wrapper"] = _File
        if failure is not None:
            environ[FAILURE] = failure
        head: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[..., None]:
            head[:] = [status, headers]
            return _no_write

        try:
            content = self._app(environ, start)
            body, file = _content(content)
        except Exception:  # noqa: BLE001  # whatever it is, it ends this answer alone
            _log.exception("unforeseen error")
            raise RejectedError(UNFORESEEN) from None
        status, headers = head
        rendered = _rendered_head(status, headers, body, file, keep_alive=request.keep_alive)
        if request.method == "HEAD":
            body, file = b"", None
        return _Response(rendered, body, file, request.keep_alive, after)

    def _send(self, client: socket.socket, response: _Response, rest: bytes) -> bool:
        """Send a response; return whether this worker still has the client.

        If the client does not take all of it at once, the listener gets the rest, with the bytes
        that follow the request.
        """
        self._slot.deliver()
        file, data, offset = response.file, response.head + response.body, 0
        try:
            if file is None:
                while offset < len(data):
                    offset += client.send(memoryview(data)[offset : offset + _SEND_SIZE])
            else:
                client.send(data, socket.MSG_MORE)
                offset, size = file.tell(), os.fstat(file.fileno()).st_size
                while offset < size:
                    offset += os.sendfile(client.fileno(), file.fileno(), offset, _SEND_SIZE)
            kind = None if response.keep_alive else Kind.CLOSE
        except BlockingIOError:
            kind = Kind.DELIVER
        except OSError:
            kind = Kind.CLOSE
        self._slot.end()
        for call in response.after:
            call()
        self._spent = _peak_memory() > self._most_memory
        if kind is Kind.DELIVER:
            self._deliver(data, offset, response, rest)
        elif kind is Kind.CLOSE:
            self._release(kind)
        if file is not None:
            file.close()
        return kind is None

    def _deliver(self, data: bytes, offset: int, response: _Response, rest: bytes) -> None:
        """Hand the unsent rest of an answer to the listener, in a file."""
        file = response.file
        if file is None:
            file = os.fdopen(os.memfd_create("response"), "w+b")
            file.write(data[offset:])
            file.flush()
            offset = 0
        fields = {"offset": offset, "keep_alive": response.keep_alive}
        with file:
            self._release(Kind.DELIVER, rest, fields, [file.fileno()])

    def _release(
        self,
        kind: Kind,
        data: bytes = b"",
        fields: dict[str, Any] | None = None,
        descriptors: list[int] | None = None,
    ) -> None:
        """Hand the client back to the listener, and become free for another."""
        self._slot.end()
        fields = {**(fields or {}), **({"last": True} if self._spent else {})}
        send(self._channel, Message(kind, data, fields), descriptors)


class _File:
    """A file as the body of a response: wsgi.file_wrapper (PEP 3333)."""

    def __init__(self, file: IO[bytes], _: int = 0) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(_READ_SIZE), b"")

    def close(self) -> None:
        """Leave the file open: it is closed after it has been sent."""


def _content(content: Iterable[bytes]) -> tuple[bytes, IO[bytes] | None]:
    """Return the body of a response as bytes or as a file with a descriptor."""
    wrapped = getattr(content, "response", content)  # werkzeug wraps what an application returns
    if isinstance(wrapped, _File):
        with contextlib.suppress(OSError, AttributeError):  # BytesIO has no descriptor
            wrapped.file.fileno()
            return b"", wrapped.file
    try:
        return b"".join(content), None
    finally:
        close = getattr(content, "close", None)
        if close is not None:
            close()


def _rendered_head(
    status: str,
    headers: list[tuple[str, str]],
    body: bytes,
    file: IO[bytes] | None,
    *,
    keep_alive: bool,
) -> bytes:
    lines = [f"HTTP/1.1 {status}", *[f"{name}: {value}" for name, value in headers]]
    lines.append(f"Date: {_http_date(int(time.time()))}")
    has_length = any(name.lower() == "content-length" for name, _ in headers)
    if not has_length and status[:3] not in _BODILESS:
        size = len(body) if file is None else os.fstat(file.fileno()).st_size
        lines.append(f"Content-Length: {size}")
    if not keep_alive:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _failure(fields: dict[str, Any]) -> Exception | None:
    """Return the error that ended an earlier attempt to answer the request, None if none did."""
    if "error" not in fields:
        return None
    kind = getattr(errors, fields["error"])
    error: Exception = kind(*fields["arguments"])
    return error


def _peak_memory() -> int:
    """Return the peak memory of this process in bytes, including memory inherited by fork."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _no_write(_: bytes) -> None:
    """Raise NotImplementedError: no application of ours uses the ``write`` of PEP 3333."""
    raise NotImplementedError
