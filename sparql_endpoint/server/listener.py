"""The listener: accepts connections, and hands each waiting request with its socket to a worker.

It holds what bounds clients: the size of heads and bodies, the time that they may take to send and
to read, the numbers of connections and requests. It keeps a duplicate of each socket that a worker
has; so it answers for a worker that was ended, and sends what a slow client has still to read.
"""

import errno
import logging
import os
import resource
import select
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sparql_endpoint.errors import (
    ForumGraphError,
    QueryCancelledError,
    QueryTimeoutError,
    ServerBusyError,
    TooManyRequestsError,
)
from sparql_endpoint.server.connection import Connection, Delivery, State
from sparql_endpoint.server.data_source import DataSource, is_url
from sparql_endpoint.server.fork_server import PoolConfig
from sparql_endpoint.server.http_request import RequestReader
from sparql_endpoint.server.messages import Kind, Message
from sparql_endpoint.server.rejections import (
    BROKEN,
    FULL,
    SLOW,
    RejectedError,
    Rejection,
    of_error,
    rejection,
)
from sparql_endpoint.server.shared_state import SharedState, client_number
from sparql_endpoint.server.worker_pool import Worker, WorkerPool

__all__ = ["Listener"]

_TICK = 0.02
"""Seconds between looks at the clock while something is under way."""
_IDLE_TICK = 0.5
_LINGER_SECONDS = 1.0
"""How long a client may take to close a connection after its last answer."""
_HANG_UP_SECONDS = 0.1
"""How long a request goes on after its client said that it will send no more."""
_FAILURE_SECONDS = 0.4
"""How long to wait for a worker that says why there is no answer; then the listener says it."""
_LOOK_SECONDS = 0.5
"""How often a store on disk is looked at for new content."""
_READ = select.EPOLLIN | select.EPOLLRDHUP
_GONE = select.EPOLLHUP | select.EPOLLERR
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # the system's folder in memory, not one for files
_log = logging.getLogger(__name__)


class Listener:
    """Serves one dataset on a socket that listens; ``ready`` is called once a worker is there.

    Raises:
        UsageError: a service that queries may ask is no plain https:// address.
    """

    def __init__(
        self,
        sock: socket.socket,
        source: DataSource,
        config: PoolConfig,
        ready: Callable[[], None],
    ) -> None:
        self._sock, self._source = sock, source
        self._ready_callback: Callable[[], None] | None = ready
        self._failed_digest = ""
        parent = _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None
        self._folder = Path(mkdtemp(prefix="forumgraph-", dir=parent))
        self._config = replace(config, folder=self._folder)
        self._limits, self._settings = config.limits, config.settings
        if self._limits.services:
            from sparql_endpoint.federation.client import check_services  # noqa: PLC0415  # 0.1 s

            check_services(self._limits.services, local=config.local_services)
        slots = 2 * self._limits.max_queries + 1
        self.state = SharedState(slots)
        self._slots = list(range(slots - 1, -1, -1))
        self._epoll = select.epoll()
        self._handlers: dict[int, Callable[[int], None]] = {}
        self._connections: dict[int, Connection] = {}
        self._queue: list[Connection] = []
        self._deliveries: set[Connection] = set()
        self._totals: Counter[str] = Counter()
        self._retired: list[WorkerPool] = []
        self._next_pool: WorkerPool | None = None
        self._error: ForumGraphError | None = None
        self._stop_at = 0.0
        self._looked_at = time.monotonic()
        self._ticked_at = 0.0
        self._wakeup, self._wakeup_end = os.pipe()
        self._pool = WorkerPool(self._config, self.state, self)

    # --- The loop ---------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, and for as long as running requests may take then.

        Raises:
            DataError, NotFoundError, UsageError: the data cannot be loaded.
        """
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection is a descriptor
        self._sock.settimeout(0)
        os.set_blocking(self._wakeup_end, False)  # it takes no keyword
        with suppress(ValueError):  # a test runs it in a thread, which gets no signals
            signal.set_wakeup_fd(self._wakeup_end, warn_on_full_buffer=False)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: None)
        self._on(self._wakeup, lambda _: self._begin_to_stop())
        self._on(self._sock.fileno(), lambda _: self._accept())
        try:
            while not self._is_over():
                under_way = self._queue or self._deliveries or any(self._pool.busy)
                starting = not self._pool.workers or self._stop_at
                patience = _TICK if under_way or starting else _IDLE_TICK
                ready = self._epoll.poll(patience)
                try:
                    self._step(ready)
                except Exception:  # noqa: BLE001  # no fault of ours may end the service
                    _log.exception("unforeseen error")
        finally:
            self._end()
        if self._error is not None:
            raise self._error

    def _step(self, ready: list[tuple[int, int]]) -> None:
        for descriptor, events in ready:
            handler = self._handlers.get(descriptor)
            if handler is not None:
                handler(events)
        now = time.monotonic()
        if now - self._ticked_at >= _TICK:
            self._ticked_at = now
            self._tick(now)

    def stop(self) -> None:
        """Have ``run`` end, from any thread."""
        os.write(self._wakeup_end, b"\0")

    def _on(self, descriptor: int, handler: Callable[[int], None], events: int = _READ) -> None:
        self._handlers[descriptor] = handler
        self._epoll.register(descriptor, events)

    def _off(self, descriptor: int) -> None:
        if self._handlers.pop(descriptor, None) is not None:
            with suppress(OSError):
                self._epoll.unregister(descriptor)

    def _is_over(self) -> bool:
        if self._error is not None:
            return True
        if not self._stop_at:
            return False
        under_way = any(c.state is not State.READING for c in self._connections.values())
        return not under_way or time.monotonic() > self._stop_at + _LINGER_SECONDS

    def _begin_to_stop(self) -> None:
        os.read(self._wakeup, 4096)
        if self._stop_at:
            return
        self._stop_at = time.monotonic() + self._settings.stop_seconds
        self._off(self._sock.fileno())
        self.state.waiting = True  # so that no worker stays with its client
        self._pool.release_all()
        for connection in list(self._connections.values()):
            if connection.state is State.READING and not connection.has_begun:
                self._close(connection)

    def _end(self) -> None:
        for connection in list(self._connections.values()):
            connection.reset()
            self._close(connection)
        for pool in (self._pool, self._next_pool, *self._retired):
            if pool is not None:
                pool.stop()
        self._epoll.close()
        os.close(self._wakeup)
        os.close(self._wakeup_end)
        shutil.rmtree(self._folder, ignore_errors=True)

    # --- Connections ------------------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                sock, address = self._sock.accept()
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
            self._totals["connections"] += 1
            self._on(sock.fileno(), lambda events, c=connection: self._event(c, events))  # type: ignore[misc]  # the default binds it
            if len(self._connections) > self._settings.max_connections:
                self._reject(connection, FULL)

    def _event(self, connection: Connection, events: int) -> None:
        try:
            match connection.state:
                case State.READING:
                    self._read(connection)
                case State.CLOSING:
                    if events & _GONE or not connection.sock.recv(1 << 16):
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
        """Give a request that is whole to a worker, or let it wait for one.

        Raises:
            RejectedError: it is no request.
        """
        peer = connection.peer
        if self._settings.trusted_proxies:
            peer = _client_behind(connection.request, peer, self._settings)
        connection.client = client_number(peer)
        limit = self._limits.max_queries_per_client
        own = self.state.busy_of(connection.client)
        own += sum(other.client == connection.client for other in self._queue)
        own += sum(other.client == connection.client for other in self._deliveries)
        if own >= limit:
            reason = f"{own} requests of yours are under way, as many as one client may have"
            self._reject(connection, of_error(TooManyRequestsError(reason, 1)))
            return
        self._watch_hang_up(connection)
        if self._dispatch(connection):
            return
        if len(self._queue) >= self._limits.queue_length + 1:
            reason = f"{len(self._queue)} requests are waiting already"
            self._reject(connection, of_error(ServerBusyError(reason, 2)))
            return
        connection.enter(State.QUEUED)
        self._queue.append(connection)
        self.state.waiting = True
        self._pool.release_one()

    def _dispatch(self, connection: Connection) -> bool:
        """Hand a request to a free worker; return False where there is none."""
        fields: dict[str, Any] = {"client": connection.peer, "number": connection.client}
        if connection.failure is not None:
            fields |= {"error": type(connection.failure).__name__}
            fields |= {"arguments": _arguments(connection.failure)}
        message = Message(Kind.REQUEST, connection.request, fields)
        started = connection.since if connection.failure is None else time.monotonic()
        worker = self._pool.assign(connection, message, [connection.sock.fileno()], started)
        if worker is None:
            return False
        connection.worker = worker
        connection.enter(State.ANSWERING)
        return True

    def _watch_hang_up(self, connection: Connection) -> None:
        self._epoll.modify(connection.sock.fileno(), select.EPOLLRDHUP)

    def _hung_up(self, connection: Connection, events: int) -> None:
        """Take note that a client will send no more, or is gone."""
        connection.hung_up_at = time.monotonic()
        if not events & _GONE:  # it may still read: what is quick is answered
            self._epoll.modify(connection.sock.fileno(), 0)
            return
        self._off(connection.sock.fileno())
        connection.gone = True
        if connection.state is State.QUEUED:
            self._queue.remove(connection)
            self._close(connection)
        else:
            self._cancel(connection)

    def _cancel(self, connection: Connection) -> None:
        """End the request that a worker answers; one that only waits sees for itself."""
        worker = connection.worker
        if worker is not None and worker.error is None and worker.slot.activity.busy:
            error = QueryCancelledError("the client is gone")
            self._pool_of(worker).kill(worker, error)

    def _reject(self, connection: Connection, rejected: Rejection) -> None:
        """Answer with a problem, and close: what follows cannot be read or is not wanted."""
        if connection in self._queue:
            self._queue.remove(connection)
        self._totals["rejected"] += 1
        with suppress(OSError):
            connection.sock.send(rejection(rejected, connection.peer))
        self._linger(connection)

    def _linger(self, connection: Connection) -> None:
        """Close when the client has, so that what it has still to read is not lost."""
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_WR)
        connection.enter(State.CLOSING)
        with suppress(OSError):
            self._epoll.modify(connection.sock.fileno(), _READ)

    def _close(self, connection: Connection) -> None:
        descriptor = connection.sock.fileno()
        self._off(descriptor)
        self._connections.pop(descriptor, None)
        self._deliveries.discard(connection)
        connection.end_delivery()
        connection.sock.close()

    # --- What workers say -------------------------------------------------------------------------

    def watch(self, descriptor: int, handler: Callable[[], None]) -> None:
        """Call ``handler`` whenever ``descriptor`` can be read."""
        self._on(descriptor, lambda _: handler(), select.EPOLLIN)

    def unwatch(self, descriptor: int) -> None:
        """Watch ``descriptor`` no more."""
        self._off(descriptor)

    def take_slot(self) -> int | None:
        """Return a free slot, None if there is none."""
        return self._slots.pop() if self._slots else None

    def free_slot(self, number: int) -> None:
        """Take back a slot."""
        self.state.slot(number).end()
        self._slots.append(number)

    def worker_message(
        self, worker: Worker, task: Any, message: Message, descriptors: list[int]
    ) -> None:
        """Take back the connection whose request a worker has answered."""
        connection: Connection = task
        connection.worker, connection.served = None, True
        connection.request, connection.failure = b"", None
        if connection.gone:
            self._close(connection)
        elif message.kind is Kind.CLOSE:
            self._linger(connection)
        elif message.kind is Kind.DELIVER:
            self._begin_delivery(connection, message, descriptors[0])
        else:
            self._resume(connection, message.data, message.fields.get("since"))

    def _resume(self, connection: Connection, data: bytes, since: float | None = None) -> None:
        """Wait, as since ``since``, for the client's next request, some of which may be there."""
        connection.enter(State.READING, since)
        if self._stop_at or (connection.hung_up_at and not data):
            self._linger(connection)
            return
        self._epoll.modify(connection.sock.fileno(), _READ)
        try:
            if data:
                connection.take(data)
            if connection.request:
                self._begin_request(connection)
        except RejectedError as error:
            self._reject(connection, error.rejection)

    def worker_failed(self, worker: Worker, task: Any, error: ForumGraphError) -> None:
        """Answer for a worker that is gone: by another one, which knows what the client takes."""
        connection: Connection = task
        connection.worker = None
        activity = worker.slot.activity
        if isinstance(error, QueryCancelledError):
            self._close(connection)
        elif activity.delivering:
            connection.reset()
            self._close(connection)
        elif connection.failure is not None or not (request := worker.slot.request):
            self._reject(connection, of_error(connection.failure or error))
        else:
            connection.request, connection.failure = request, error
            if not self._dispatch(connection):
                connection.enter(State.QUEUED)
                self._queue.insert(0, connection)
                self.state.waiting = True

    def workers_ready(self, pool: WorkerPool) -> None:
        """Give what waits to the workers of ``pool`` that are free."""
        if pool is self._next_pool:
            self._take_up(pool)
        if pool is not self._pool:
            return
        if self._ready_callback is not None:
            self._ready_callback()
            self._ready_callback = None
        while self._queue:
            running = Counter(c.client for c in self._connections.values() if c.worker is not None)
            chosen = min(
                self._queue,
                key=lambda c: (c.failure is None, running[c.client], c.since),
            )
            if not self._dispatch(chosen):
                break
            self._queue.remove(chosen)
        self.state.waiting = bool(self._queue or self._stop_at)

    def pool_ended(self, pool: WorkerPool, error: ForumGraphError | None) -> None:
        """Do without a fork server that is gone: start another if it was the one that serves."""
        pool.stop()
        if pool in self._retired:
            self._retired.remove(pool)
        elif pool is self._next_pool:
            self._next_pool = None
            _log.error("the new content of %s is not served: %s", self._source.store, error)
        elif self._ready_callback is not None:
            self._error = error or ServerBusyError("the data could not be loaded", 10)
        else:
            self._totals["restarts"] += 1
            _log.error("the process that holds the data died: it is started again")
            self._pool = WorkerPool(self._config, self.state, self)

    def _pool_of(self, worker: Worker) -> WorkerPool:
        pools = (self._pool, *self._retired)
        return next(pool for pool in pools if worker.pid in pool.workers)

    # --- Answers that clients read slowly ---------------------------------------------------------

    def _begin_delivery(self, connection: Connection, message: Message, file: int) -> None:
        now = time.monotonic()
        fields, size = message.fields, os.fstat(file).st_size
        connection.delivery = Delivery(file, fields["offset"], size, fields["keep_alive"], now, now)
        connection.behind = message.data
        connection.enter(State.DELIVERING)
        self._deliveries.add(connection)
        self._epoll.modify(connection.sock.fileno(), select.EPOLLOUT)

    def _deliver(self, connection: Connection) -> None:
        if not connection.deliver():
            return
        assert connection.delivery is not None  # noqa: S101  # as in ``deliver``
        keep_alive = connection.delivery.keep_alive
        connection.end_delivery()
        self._deliveries.discard(connection)
        data, connection.behind = connection.behind, b""
        if keep_alive:
            self._resume(connection, data)
        else:
            self._linger(connection)

    def _break_off(self, connection: Connection, reason: str) -> None:
        _log.warning("an answer was broken off: %s", reason)
        connection.reset()
        self._close(connection)

    # --- The clock --------------------------------------------------------------------------------

    def _tick(self, now: float) -> None:
        waits = any(connection.failure is None for connection in self._queue)
        for pool in (self._pool, *self._retired):
            pool.tick(now, others_wait=waits)
        if waits and self._pool.is_full:
            self._pool.shed(now)
        for connection in list(self._connections.values()):
            self._check_time(connection, now)
        self._bound_memory()
        self._stop_late(now)
        if now - self._looked_at > _LOOK_SECONDS:
            self._looked_at = now
            self._look_for_new_content()
        self._write_figures(now)

    def _check_time(self, connection: Connection, now: float) -> None:
        waited = now - connection.since
        match connection.state:
            case State.READING:
                if connection.has_begun or not connection.served:
                    if waited > self._settings.receive_seconds:
                        self._reject(connection, SLOW)
                elif waited >= self._settings.keep_alive_seconds:
                    self._close(connection)
            case State.QUEUED:
                self._check_queued(connection, waited)
            case State.ANSWERING:
                self._check_hang_up(connection, now)
            case State.DELIVERING:
                self._check_delivery(connection, now)
            case State.CLOSING:
                if waited > _LINGER_SECONDS:
                    self._close(connection)

    def _check_hang_up(self, connection: Connection, now: float) -> None:
        worker = connection.worker
        if connection.hung_up_at and worker is not None:
            since = max(connection.hung_up_at, worker.slot.activity.started)
            if now - since > _HANG_UP_SECONDS:
                self._cancel(connection)

    def _check_queued(self, connection: Connection, waited: float) -> None:
        if connection.failure is not None:
            if waited > _FAILURE_SECONDS:
                self._reject(connection, of_error(connection.failure))
        elif self._pool.is_failing:
            reason = f"no worker can be started: {self._pool.last_failure}"
            self._reject(connection, of_error(ServerBusyError(reason, 10)))
        elif waited > self._limits.query_time:
            limit = f"the query took longer than {self._limits.query_time:g} s"
            reason = f"{limit}, all of it waiting for a worker: try again later"
            self._reject(connection, of_error(QueryTimeoutError(reason)))

    def _check_delivery(self, connection: Connection, now: float) -> None:
        delivery = connection.delivery
        assert delivery is not None  # noqa: S101  # as in ``deliver``
        if now - delivery.progress > self._settings.send_seconds:
            self._break_off(connection, "its client did not read")
        elif now - delivery.began > self._limits.delivery_time:
            limit = self._limits.delivery_time
            self._break_off(connection, f"its client did not read it within {limit:g} s")

    def _bound_memory(self) -> None:
        """Give up the largest answer that waits for its client if all take too much memory."""
        sizes = {c: c.delivery.size for c in self._deliveries if c.delivery is not None}
        if sum(sizes.values()) + self._pool.memory > self._limits.total_memory and sizes:
            self._break_off(max(sizes, key=sizes.__getitem__), "all answers take too much memory")

    def _stop_late(self, now: float) -> None:
        """When the time to stop is over, tell those who still wait."""
        if not self._stop_at or now < self._stop_at:
            return
        for pool in (self._pool, *self._retired):
            for worker in list(pool.busy):
                if worker.error is None:
                    pool.kill(worker, ServerBusyError("the server is stopping", 10))
        for connection in list(self._queue):
            if connection.failure is None:
                error = ServerBusyError("the server is stopping", 10)
                self._reject(connection, of_error(error))

    def _write_figures(self, now: float) -> None:
        figures = {
            **self._totals,
            "open_connections": len(self._connections),
            "queued": len(self._queue),
            "running": sum(1 for _ in self._pool.busy),
            "slow": self._pool.slow(now),
            "deliveries": len(self._deliveries),
            "workers": len(self._pool.workers),
            "request_memory_bytes": self._pool.memory
            + sum(c.delivery.size for c in self._deliveries if c.delivery is not None),
        }
        for name, value in figures.items():
            self.state.set_figure(name, value)

    # --- New content of a store on disk -----------------------------------------------------------

    def _look_for_new_content(self) -> None:
        if not self._source.store or is_url(self._source.store) or self._next_pool is not None:
            return
        try:
            dataset = self._source.dataset()
        except (ForumGraphError, OSError) as error:  # it is being changed, or is gone
            _log.error("the new content of %s is not served: %s", self._source.store, error)
            return
        if dataset.about.digest not in {self._config.dataset.about.digest, self._failed_digest}:
            self._failed_digest = dataset.about.digest  # until it serves
            config = replace(self._config, dataset=dataset)
            self._next_pool = WorkerPool(config, self.state, self)

    def _take_up(self, pool: WorkerPool) -> None:
        """Serve from ``pool`` from now on; requests under way end on the old one."""
        former, self._pool, self._next_pool = self._pool, pool, None
        self._config = replace(pool.config)
        self._retired.append(former)
        former.retire()
        _log.warning("serving the new content of %s", self._source.store)


def _arguments(error: ForumGraphError) -> list[Any]:
    """Return what the class of an error is called with to make it again."""
    if isinstance(error, ServerBusyError):
        return [str(error).rpartition("; try again")[0], error.retry_after]
    return [str(error)]


def _client_behind(request: bytes, peer: str, settings: Any) -> str:
    """Return the client that trusted proxies name.

    Raises:
        RejectedError: it is no request.
    """
    from sparql_endpoint.endpoint.proxies import client_of  # noqa: PLC0415  # only behind a proxy

    parsed = RequestReader(settings.max_body_bytes).feed(request)
    if parsed is None:
        return peer
    return client_of(parsed[0].environ(peer, ("", 0)), settings.trusted_proxies)
