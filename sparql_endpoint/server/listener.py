"""The listener: the process that accepts connections, and hands requests to workers.

It enforces the limits of clients: the size of heads and bodies, the time for sending and reading,
the numbers of connections and requests. It keeps a duplicate of each socket that a worker has. So
it can answer for a worker that was ended, and send the rest of an answer to a slow client.
"""

import logging
import os
import resource
import select
import shutil
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sparql_endpoint.errors import ForumGraphError, ServerBusyError
from sparql_endpoint.server.clients import Clients
from sparql_endpoint.server.data_source import DataSource
from sparql_endpoint.server.event_loop import EventLoop
from sparql_endpoint.server.fork_server import PoolConfig
from sparql_endpoint.server.messages import Message
from sparql_endpoint.server.pools import Pools
from sparql_endpoint.server.shared_state import SharedState
from sparql_endpoint.server.worker_pool import WorkerPool
from sparql_endpoint.server.worker_process import WorkerProcess

__all__ = ["Listener"]

_TICK = 0.02
"""Seconds between checks of the time limits while a request is under way."""
_IDLE_TICK = 0.5
_LAST_SECONDS = 1.0
"""Seconds that the last answers may take to go out after the time to stop."""
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # the system's folder in memory, not one for files
_STOPPING = "the server is stopping"
_log = logging.getLogger(__name__)


class Listener:
    """Serves one dataset on a listening socket; ``ready`` is called once the first worker is free.

    Raises:
        UsageError: the address of a service that queries may ask is not plain https://.
    """

    def __init__(
        self,
        sock: socket.socket,
        source: DataSource,
        config: PoolConfig,
        ready: Callable[[], None],
    ) -> None:
        self._sock = sock
        self._ready_callback: Callable[[], None] | None = ready
        parent = _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None
        self._folder = Path(mkdtemp(prefix="forumgraph-", dir=parent))
        config = replace(config, folder=self._folder)
        self._limits, self._settings = config.limits, config.settings
        if self._limits.services:
            from sparql_endpoint.federation.client import check_services  # noqa: PLC0415  # 0.1 s

            check_services(self._limits.services, local=config.local_services)
        slots = 2 * self._limits.max_queries + 1
        self.state = SharedState(slots)
        self._slots = list(range(slots - 1, -1, -1))
        self._loop = EventLoop()
        self._error: ForumGraphError | None = None
        self._stop_at = 0.0
        self._ticked_at = 0.0
        self._wakeup, self._wakeup_end = os.pipe()
        self.pools = Pools(source, config, self.state, self)
        self.clients = Clients(self._loop, self._limits, self._settings, self.state, self.pools)

    # --- The loop ---------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then let running requests end within ``stop_seconds``.

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
        self._loop.add(self._wakeup, lambda _: self._begin_to_stop())
        self._loop.add(self._sock.fileno(), lambda _: self.clients.accept(self._sock))
        try:
            while not self._is_over():
                pool = self.pools.current
                under_way = self.clients.requests or self.clients.deliveries or any(pool.busy)
                starting = not pool.workers or self._stop_at
                ready = self._loop.wait(_TICK if under_way or starting else _IDLE_TICK)
                try:
                    self._step(ready)
                except Exception:  # noqa: BLE001  # no fault of ours may end the service
                    _log.exception("unforeseen error")
        finally:
            self._end()
        if self._error is not None:
            raise self._error

    def _step(self, ready: list[tuple[int, int]]) -> None:
        self._loop.handle(ready)
        now = time.monotonic()
        if now - self._ticked_at >= _TICK:
            self._ticked_at = now
            self._tick(now)

    def stop(self) -> None:
        """Make ``run`` end; any thread may call this."""
        os.write(self._wakeup_end, b"\0")

    def _is_over(self) -> bool:
        if self._error is not None:
            return True
        if not self._stop_at:
            return False
        return not self.clients.are_served or time.monotonic() > self._stop_at + _LAST_SECONDS

    def _begin_to_stop(self) -> None:
        """Accept no further connection, and answer the requests that are there."""
        os.read(self._wakeup, 4096)
        if self._stop_at:
            return
        self._stop_at = time.monotonic() + self._settings.stop_seconds
        self.clients.accept(self._sock)
        self._loop.remove(self._sock.fileno())
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # else the kernel would go on to connect
        self.pools.current.release_all()
        self.clients.begin_to_stop()

    def _stop_late(self, now: float) -> None:
        """When the time to stop is over, answer the requests that still wait with an error."""
        if not self._stop_at or now < self._stop_at:
            return
        error = ServerBusyError(_STOPPING, 10)
        for pool in self.pools:
            for worker in list(pool.busy):
                if worker.error is None:
                    worker.kill(error)
        self.clients.refuse_all(error)

    def _end(self) -> None:
        self.clients.reset_all()
        self.pools.stop()
        self._loop.close()
        os.close(self._wakeup)
        os.close(self._wakeup_end)
        shutil.rmtree(self._folder, ignore_errors=True)

    # --- Messages of workers ----------------------------------------------------------------------

    def watch(self, descriptor: int, handler: Callable[[], None]) -> None:
        """Call ``handler`` whenever ``descriptor`` can be read."""
        self._loop.add(descriptor, lambda _: handler(), select.EPOLLIN)

    def unwatch(self, descriptor: int) -> None:
        """Stop watching ``descriptor``."""
        self._loop.remove(descriptor)

    def take_slot(self) -> int | None:
        """Return a free slot, None if there is none."""
        return self._slots.pop() if self._slots else None

    def free_slot(self, number: int) -> None:
        """Take back a slot."""
        self.state.slot(number).end()
        self._slots.append(number)

    def worker_message(
        self, worker: WorkerProcess, task: Any, message: Message, descriptors: list[int]
    ) -> None:
        """Take back the connection whose request a worker has answered."""
        del worker
        self.clients.take_back(task, message, descriptors)

    def worker_failed(self, worker: WorkerProcess, task: Any, error: ForumGraphError) -> None:
        """Answer the request of a worker that is gone."""
        del worker
        self.clients.take_back_failed(task, error)

    def workers_ready(self, pool: WorkerPool) -> None:
        """Hand the waiting requests to the free workers of ``pool``."""
        self.pools.take_up(pool)
        if pool is not self.pools.current:
            return
        if self._ready_callback is not None:
            self._ready_callback()
            self._ready_callback = None
        self.clients.give_out()

    def pool_ended(self, pool: WorkerPool, error: ForumGraphError | None) -> None:
        """Remove the pool of a dead fork server; start another if it was the current one."""
        if self.pools.end(pool, error):
            return
        if self._ready_callback is not None:
            self._error = error or ServerBusyError("the data could not be loaded", 10)
        else:
            self.pools.restart()

    # --- The clock --------------------------------------------------------------------------------

    def _tick(self, now: float) -> None:
        pool, waits = self.pools.current, self.clients.requests.has_new
        for each in self.pools:
            each.tick(now, others_wait=waits)
        if waits and pool.is_full:
            pool.shed(now)
        self.clients.tick(now)
        self.clients.deliveries.bound(self._limits.total_memory - pool.memory)
        self._stop_late(now)
        self.pools.look_for_new_content(now)
        self._write_figures(now)

    def _write_figures(self, now: float) -> None:
        pool = self.pools.current
        figures = {
            "connections": self.clients.accepted,
            "rejected": self.clients.rejected,
            "restarts": self.pools.restarts,
            "open_connections": len(self.clients),
            "queued": len(self.clients.requests),
            "running": sum(1 for _ in pool.busy),
            "slow": pool.slow(now),
            "deliveries": len(self.clients.deliveries),
            "workers": len(pool.workers),
            "request_memory_bytes": pool.memory + self.clients.deliveries.size,
        }
        for name, value in figures.items():
            self.state.set_figure(name, value)
