"""Connections of clients: from the first byte of a request to the last of its answer."""

import errno
import logging
import select
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.errors import ForumGraphError, QueryCancelledError
from sparql_endpoint.limits import Limits
from sparql_endpoint.server.connection import Connection, State
from sparql_endpoint.server.deliveries import Deliveries
from sparql_endpoint.server.event_loop import GONE, READ, EventLoop
from sparql_endpoint.server.http_request import client_of_request
from sparql_endpoint.server.messages import Kind, Message
from sparql_endpoint.server.pools import Pools
from sparql_endpoint.server.rejections import (
    BROKEN,
    FULL,
    SLOW,
    RejectedError,
    Rejection,
    of_error,
    rejection,
)
from sparql_endpoint.server.request_queue import RequestQueue
from sparql_endpoint.server.shared_state import SharedState, client_number

__all__ = ["Clients"]

_LINGER_SECONDS = 1.0
"""Seconds that a client may take to close a connection after its last answer."""
_HANG_UP_SECONDS = 0.1
"""Seconds that a request may go on after its client has closed its sending side."""
_log = logging.getLogger(__name__)


class Clients:
    """The connections of one listener: accepted, read, queued, answered, closed."""

    def __init__(
        self,
        loop: EventLoop,
        limits: Limits,
        settings: Settings,
        state: SharedState,
        pools: Pools,
    ) -> None:
        self._loop, self._settings = loop, settings
        self._connections: dict[int, Connection] = {}
        """By descriptor."""
        self.requests = RequestQueue(limits, state, pools)
        self.deliveries = Deliveries(loop, self._close, settings.send_seconds, limits.delivery_time)
        self._stopping = False
        self.accepted = self.rejected = 0
        """The numbers of connections accepted and of requests refused so far."""

    def __len__(self) -> int:
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._connections.values()))

    @property
    def are_served(self) -> bool:
        """Whether any connection has more to do than to read a request."""
        return any(c.state is not State.READING for c in self._connections.values())

    def begin_to_stop(self) -> None:
        """Answer the requests that have arrived, and close the connections that have none."""
        self._stopping = True
        self.requests.close()
        for connection in self:
            if connection.is_idle:
                self._event(connection, READ)  # its request may be there
            if connection.is_idle:
                self._close(connection)

    def refuse_all(self, error: ForumGraphError) -> None:
        """Answer with an error each waiting request that has none yet."""
        for connection in self.requests:
            if connection.failure is None:
                self._reject(connection, of_error(error))

    def reset_all(self) -> None:
        """Reset all connections, so that no client takes half an answer for a whole one."""
        for connection in self:
            connection.reset()
            self._close(connection)

    def accept(self, listening: socket.socket) -> None:
        """Accept all connections that wait."""
        while True:
            try:
                sock, address = listening.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in {errno.EMFILE, errno.ENFILE}:
                    _log.error("no connection can be accepted: %s", error)
                return
            sock.settimeout(0)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(sock, str(address[0]), self._settings.max_body_bytes)
            self._connections[sock.fileno()] = connection
            self.accepted += 1
            self._loop.add(sock.fileno(), lambda events, c=connection: self._event(c, events))  # type: ignore[misc]  # the default binds it
            if len(self._connections) > self._settings.max_connections:
                self._reject(connection, FULL)

    def _event(self, connection: Connection, events: int) -> None:
        try:
            match connection.state:
                case State.READING:
                    self._read(connection)
                case State.CLOSING:
                    if events & GONE or not connection.sock.recv(1 << 16):
                        self._close(connection)
                case State.DELIVERING:
                    self._deliver(connection)
                case State.QUEUED | State.ANSWERING:
                    self._hung_up(connection, events)
        except BlockingIOError:
            return
        except RejectedError as error:
            self._reject(connection, error.rejection)
        except OSError:
            self._close(connection)

    def _read(self, connection: Connection) -> None:
        open_ended = connection.read()
        if not open_ended:
            if connection.has_begun and not connection.request:
                self._reject(connection, BROKEN)
            elif not connection.request:
                self._close(connection)
            return
        if connection.request:
            self._begin_request(connection)

    def _begin_request(self, connection: Connection) -> None:
        """Hand a complete request to a worker, or queue it.

        Raises:
            RejectedError: the request is malformed, or exceeds the client's limit.
        """
        peer, settings = connection.peer, self._settings
        if settings.trusted_proxies:
            peer = client_of_request(connection.request, peer, settings)
        connection.client = client_number(peer)
        self._loop.change(connection.sock.fileno(), select.EPOLLRDHUP)  # to see it hang up
        self.requests.add(connection, self.deliveries)

    def _deliver(self, connection: Connection) -> None:
        keep_alive = self.deliveries.go_on(connection)
        if keep_alive is None:
            return
        data, connection.behind = connection.behind, b""
        if keep_alive:
            self._resume(connection, data)
        else:
            self._linger(connection)

    def _resume(self, connection: Connection, data: bytes, since: float | None = None) -> None:
        """Wait for the client's next request; ``data`` are bytes of it that are already here.

        ``since`` is when the wait began, in seconds of the monotonic clock; None is now.
        """
        connection.enter(State.READING, since)
        if self._stopping or (connection.hung_up_at and not data):
            self._linger(connection)
            return
        self._loop.change(connection.sock.fileno(), READ)
        try:
            if data:
                connection.take(data)
            if connection.request:
                self._begin_request(connection)
        except RejectedError as error:
            self._reject(connection, error.rejection)

    def _hung_up(self, connection: Connection, events: int) -> None:
        """Note that a client has closed its sending side, or is gone."""
        connection.hung_up_at = time.monotonic()
        if not events & GONE:  # the client may still read a quick answer
            self._loop.change(connection.sock.fileno(), 0)
            return
        self._loop.remove(connection.sock.fileno())
        connection.gone = True
        if connection.state is State.QUEUED:
            self._close(connection)
        else:
            self._cancel(connection)

    def _cancel(self, connection: Connection) -> None:
        """End the worker that answers this request; an idle worker notices the closed socket."""
        worker = connection.worker
        if worker is not None and worker.error is None and worker.is_busy:
            worker.kill(QueryCancelledError("the client is gone"))

    def _reject(self, connection: Connection, rejected: Rejection) -> None:
        """Answer with a problem, and close: the bytes that follow cannot be read, or are unwanted.

        The problem is a document by RFC 9457.
        """
        self.requests.remove(connection)
        self.rejected += 1
        with suppress(OSError):
            connection.sock.send(rejection(rejected, connection.peer))
        self._linger(connection)

    def _linger(self, connection: Connection) -> None:
        """Close after the client has closed, so that the unread rest of the answer is not lost."""
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_WR)
        connection.enter(State.CLOSING)
        with suppress(OSError):
            self._loop.change(connection.sock.fileno(), READ)

    def _close(self, connection: Connection) -> None:
        descriptor = connection.sock.fileno()
        self._loop.remove(descriptor)
        self._connections.pop(descriptor, None)
        self.requests.remove(connection)
        self.deliveries.forget(connection)
        connection.sock.close()

    def take_back(self, connection: Connection, message: Message, descriptors: list[int]) -> None:
        """Go on with a connection whose request a worker has answered."""
        connection.worker, connection.served = None, True
        connection.request, connection.failure = b"", None
        if connection.gone:
            self._close(connection)
        elif message.kind is Kind.CLOSE:
            self._linger(connection)
        elif message.kind is Kind.DELIVER:
            self.deliveries.begin(connection, message, descriptors[0])
        else:
            self._resume(connection, message.data, message.fields.get("since"))

    def take_back_failed(self, connection: Connection, error: ForumGraphError) -> None:
        """Have another worker answer for one that is gone, in a format that the client accepts."""
        worker, connection.worker = connection.worker, None
        if isinstance(error, QueryCancelledError):
            self._close(connection)
        elif worker is not None and worker.slot.activity.delivering:
            connection.reset()
            self._close(connection)
        elif connection.failure is not None:
            self._reject(connection, of_error(connection.failure))
        else:
            # A slot holds no long request; but that is the one which this process handed over.
            written = b"" if worker is None else worker.slot.request
            connection.request = written or connection.request
            self.requests.add_failed(connection, error)

    def give_out(self) -> None:
        """Hand the waiting requests to the free workers."""
        self.requests.give_out(self._connections.values())

    def tick(self, now: float) -> None:
        """End the requests and connections that have taken too long."""
        for connection in self:
            try:
                self._check_time(connection, now)
            except RejectedError as error:
                self._reject(connection, error.rejection)

    def _check_time(self, connection: Connection, now: float) -> None:
        """Check how long a connection has been in its state.

        Raises:
            RejectedError: its request has taken too long.
        """
        waited = now - connection.since
        match connection.state:
            case State.READING:
                if connection.has_begun or not connection.served:
                    if waited > self._settings.receive_seconds:
                        raise RejectedError(SLOW)
                elif waited >= self._settings.keep_alive_seconds:
                    self._close(connection)
            case State.QUEUED:
                self.requests.check(connection, now)
            case State.ANSWERING:
                self._check_hang_up(connection, now)
            case State.DELIVERING:
                self.deliveries.check(connection, now)
            case State.CLOSING:
                if waited > _LINGER_SECONDS:
                    self._close(connection)

    def _check_hang_up(self, connection: Connection, now: float) -> None:
        worker = connection.worker
        if connection.hung_up_at and worker is not None:
            since = max(connection.hung_up_at, worker.slot.activity.started)
            if now - since > _HANG_UP_SECONDS:
                self._cancel(connection)
