"""The workers of one fork server: their number, the free ones, and the reasons to end one.

A request starts at full priority. Past its quick time, while there are others, a worker that
computes runs at the lowest priority, and another worker is started for it, so that quick requests
always find one. When the number of workers is at its limit and a request waits, the request that
has run longest is ended. The worker that answered last gets the next request: it already has its
own copies of the memory pages to which reading the store writes (reference counts), which a fresh
fork would have to make.
"""

import logging
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sparql_endpoint.errors import (
    DataError,
    NotFoundError,
    QueryCrashedError,
    QueryTimeoutError,
    ServerBusyError,
    UsageError,
)
from sparql_endpoint.server.fork_server import PoolConfig
from sparql_endpoint.server.fork_server_process import ForkServerProcess
from sparql_endpoint.server.memory_watch import MemoryWatch
from sparql_endpoint.server.messages import Kind, Message, receive, send
from sparql_endpoint.server.pool_owner import PoolOwner
from sparql_endpoint.server.shared_state import SharedState
from sparql_endpoint.server.worker_process import WorkerProcess, cause_of_death

if TYPE_CHECKING:
    from sparql_endpoint.limits import Limits

__all__ = ["WorkerPool"]

_SPARE_SECONDS = 10.0
"""Seconds for which surplus workers stay idle before they end, one after another."""
_PAUSE_SECONDS = 0.05
"""Seconds without a request after which a client counts as pausing."""
_RETRY_SECONDS = (0.1, 10.0)
"""Seconds to wait after a worker has failed to start: after the first failure, and at most."""
_LOAD_ERRORS = {kind.__name__: kind for kind in (NotFoundError, UsageError)}
_log = logging.getLogger(__name__)


class WorkerPool:
    """A fork server and its workers."""

    def __init__(self, config: PoolConfig, state: SharedState, owner: PoolOwner) -> None:
        self.config = replace(config, proxy_token=secrets.token_urlsafe(16))
        self._limits: Limits = config.limits
        self._state, self._owner = state, owner
        self.workers: dict[int, WorkerProcess] = {}
        """By process number."""
        self._idle: list[WorkerProcess] = []
        self._starting: set[int] = set()
        self.loaded = self.retired = self._stopped = False
        self.network = False
        self._failures, self._failed_at = 0, 0.0
        self._memory = MemoryWatch(config.limits)
        self._task_under_way = False
        self._proxy: Any = None
        self.fork_server = ForkServerProcess(self.config, state)
        owner.watch(self.fork_server.fileno(), self._read_reports)

    @property
    def memory(self) -> int:
        """The bytes that requests hold."""
        return self._memory.total

    @property
    def idle(self) -> int:
        """The number of free workers."""
        return len(self._idle)

    @property
    def busy(self) -> Iterator[WorkerProcess]:
        """The workers that are working on a request, without those that wait for their client."""
        return (worker for worker in self.workers.values() if worker.is_busy)

    def assign(
        self, task: Any, message: Message, descriptors: list[int], started: float
    ) -> WorkerProcess | None:
        """Hand a request to the free worker that answered last; return None if none is free."""
        while self._idle:
            worker = self._idle.pop()
            worker.slot.begin(message.fields["number"], message.data, started)
            try:
                send(worker.channel, message, descriptors)
            except OSError:  # it is about to be reported as gone
                worker.slot.end()
                continue
            worker.task = task
            if not self._idle:  # so that the next request finds one that is free
                self._state.spare = False
                self.release_one(_PAUSE_SECONDS)
            return worker
        return None

    def release_one(self, pause: float = 0) -> None:
        """Ask the worker that has waited longest for its client's next request to hand it back.

        Workers whose client sent a request within the last ``pause`` seconds are not asked.
        """
        before = time.monotonic() - pause
        waiting = [
            worker
            for worker in self.workers.values()
            if worker.task is not None
            and not worker.is_busy
            and worker.slot.activity.started <= before
        ]
        if waiting:
            min(waiting, key=lambda worker: worker.slot.activity.started).release()

    def release_all(self) -> None:
        """Ask all workers to hand their clients back after their present requests."""
        for worker in self.workers.values():
            if worker.task is not None:
                worker.release()

    def shed(self, now: float) -> None:
        """End the request that has run longest, once all requests are past their quick time.

        A worker with a quick request, or one that is being ended, will soon be free or replaced.
        """
        slow = [w for w in self.busy if w.error is None and self.is_slow(w, now)]
        if slow and len(slow) == len(self.workers):
            oldest = min(slow, key=lambda w: w.slot.activity.started)
            age = oldest.age(now)
            reason = f"the server is full, and after {age:.1f} s this query had run longest"
            oldest.kill(ServerBusyError(reason, 10))

    @property
    def is_full(self) -> bool:
        """Whether the number of workers is at its limit, and all have started."""
        return len(self.workers) >= self._limits.max_queries and not self._starting

    def tick(self, now: float, *, others_wait: bool) -> None:
        """End workers over their time or memory, lower heavy ones, and start missing ones."""
        busy = list(self.busy)
        in_the_way = others_wait or len(busy) > 1
        for worker in busy:
            age, delivering = worker.age(now), worker.slot.activity.delivering
            if worker.error is None and not delivering and age > self._limits.query_time:
                limit = self._limits.query_time
                text = f"the query took longer than {limit:g} s: ask for less, or add a LIMIT"
                worker.kill(QueryTimeoutError(text))
            elif in_the_way and not worker.lowered and self._is_heavy(worker, age):
                worker.lower()
        slow = [worker for worker in busy if self.is_slow(worker, now)]
        for worker, error in self._memory.offenders(slow, now):
            worker.kill(error)
        self._start_missing(now)
        self._end_spare(now)

    def retire(self) -> None:
        """Let every worker end when it is free, and then the fork server."""
        self.retired = True
        self._make_stale()  # a client's next request goes to a worker of the successor

    def stop(self) -> None:
        """End the fork server and all its workers."""
        if self._stopped:
            return
        self._stopped = True
        self._owner.unwatch(self.fork_server.fileno())
        self.fork_server.close()
        for worker in self.workers.values():
            self._owner.unwatch(worker.channel.fileno())
            worker.close()
            self._owner.free_slot(worker.number)
        self.workers.clear()
        if self._proxy is not None:
            self._proxy.close()
        self.fork_server.join()

    def start_task(self, name: str) -> None:
        """Have the fork server do a task of the application, unless one is under way."""
        if not self._task_under_way:
            self._task_under_way = self.fork_server.command({"task": name})

    def is_slow(self, worker: WorkerProcess, now: float) -> bool:
        """Return whether a worker is past its request's quick time."""
        return worker.age(now) > self._limits.quick_time

    def _is_heavy(self, worker: WorkerProcess, age: float) -> bool:
        quick = self._limits.quick_time
        return age > quick and worker.has_computed(quick)

    def slow(self, now: float) -> int:
        """Return how many workers are past their request's quick time."""
        return sum(self.is_slow(worker, now) for worker in self.busy)

    def _start_missing(self, now: float) -> None:
        if not self.loaded or self.retired:
            return
        if self._failures:
            least, most = _RETRY_SECONDS
            if now - self._failed_at < min(least * 2.0**self._failures, most):
                return
        count = len(self.workers) + len(self._starting)
        missing = self._limits.quick_places - (count - self.slow(now))
        for _ in range(min(missing, self._limits.max_queries - count)):
            number = self._owner.take_slot()
            if number is None:
                return
            if not self.fork_server.command({"fork": number}):
                self._owner.free_slot(number)
                return
            self._starting.add(number)

    def _end_spare(self, now: float) -> None:
        """End idle workers that are stale, and from time to time a surplus one."""
        for worker in [w for w in self._idle if w.stale]:
            self._dismiss(worker)
            if not self.retired:
                return  # the next stale worker ends when this one has been replaced
        spare = len(self._idle) - self._limits.quick_places
        if spare > 0 and now - self._idle[0].idle_since > _SPARE_SECONDS:
            self._dismiss(self._idle[0])

    def _dismiss(self, worker: WorkerProcess) -> None:
        self._idle.remove(worker)
        self._state.spare = bool(self._idle)
        worker.dismiss()

    def _make_stale(self) -> None:
        for worker in self.workers.values():
            worker.stale = True
        self.release_all()

    def _read_reports(self) -> None:
        try:
            for report, descriptors in self.fork_server.reports():
                self._hear(report, descriptors)
                if self._stopped:
                    return
        except EOFError:
            self._fork_server_gone()

    def _hear(self, report: dict[str, Any], descriptors: list[int]) -> None:
        if "forked" in report:
            self._forked(report, descriptors)
        elif "exited" in report:
            self._exited(report)
        elif "not_forked" in report:
            self._starting.discard(report["not_forked"])
            self._owner.free_slot(report["not_forked"])
            self._start_failed(report["reason"])
        elif "loaded" in report:
            self.loaded, self.network = True, report["network"]
            if descriptors:
                self._open_proxy(socket.socket(fileno=descriptors[0]))
            self._start_missing(time.monotonic())
        elif "warm" in report:
            self._make_stale()
        elif "task_done" in report:
            self._task_under_way = False
        else:
            kind = _LOAD_ERRORS.get(report["type"], DataError)
            self._owner.pool_ended(self, kind(report["failed"]))

    def _open_proxy(self, port: socket.socket) -> None:
        # Only here, for it imports an HTTP client, which takes a tenth of a second.
        from sparql_endpoint.federation.client import ServiceClient  # noqa: PLC0415
        from sparql_endpoint.federation.proxy import ServiceProxy  # noqa: PLC0415

        client = ServiceClient(self._limits, local=self.config.local_services)
        self._proxy = ServiceProxy(port, client, self.config.proxy_token)

    def _forked(self, report: dict[str, Any], descriptors: list[int]) -> None:
        channel = socket.socket(fileno=descriptors[0])
        channel.settimeout(0)
        number, pid = report["slot"], report["forked"]
        worker = WorkerProcess(number, pid, channel, descriptors[1], self._state.slot(number))
        worker.slot.end()
        self.workers[pid] = worker
        self._owner.watch(channel.fileno(), lambda: self._read_channel(worker))

    def _read_channel(self, worker: WorkerProcess) -> None:
        while True:
            try:
                message, descriptors = receive(worker.channel)
            except BlockingIOError:
                return
            if message is None:  # the fork server will report its exit
                self._owner.unwatch(worker.channel.fileno())
                return
            if message.kind is Kind.TASK:
                self.start_task(message.data.decode())
                continue
            task, worker.task = worker.task, None
            if message.kind is Kind.READY:
                self._starting.discard(worker.number)
                worker.begin()
                self._failures = 0
            else:
                self._owner.worker_message(worker, task, message, descriptors)
            if not message.fields.get("last") and self._may_be_used_again(worker):
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
                self._state.spare = True
                self._owner.workers_ready(self)

    def _may_be_used_again(self, worker: WorkerProcess) -> bool:
        if worker.error is not None:
            return False
        if not worker.raise_again() or (worker.stale and self.retired):
            worker.dismiss()  # a fresh worker takes its place
            return False
        return True

    def _exited(self, report: dict[str, Any]) -> None:
        worker = self.workers.pop(report["exited"], None)
        if worker is None:
            return
        self._forget(worker)
        if not worker.ready:
            self._starting.discard(worker.number)
            self._start_failed(report["stderr"] or f"it ended with status {report['status']}")
        elif worker.task is not None:
            error = worker.error or cause_of_death(report["status"], report["stderr"], self._limits)
            if worker.error is None:
                self._count("crashed")
            else:
                self._count("killed")
            self._owner.worker_failed(worker, worker.task, error)
        self._owner.free_slot(worker.number)
        self._start_missing(time.monotonic())
        if self.retired and not self.workers:
            self._owner.pool_ended(self, None)

    def _forget(self, worker: WorkerProcess) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
        self._owner.unwatch(worker.channel.fileno())
        worker.close()

    def _start_failed(self, reason: str) -> None:
        self._failures += 1
        self._failed_at = time.monotonic()
        self.last_failure = reason.strip().rpartition("\n")[2]
        _log.warning("a worker did not start: %s", self.last_failure)

    last_failure: str = ""
    """The error of the last worker that failed to start."""

    @property
    def is_failing(self) -> bool:
        """Whether there is no worker because the last attempts to start one failed."""
        return bool(self._failures) and not self.workers

    def _count(self, name: str) -> None:
        self._state.set_figure(name, self._state.figures()[name] + 1)

    def _fork_server_gone(self) -> None:
        """Handle the death of the fork server, with which every worker dies."""
        error = QueryCrashedError("the process that holds the data died: ask again")
        for worker in list(self.workers.values()):
            self._forget(worker)
            if worker.task is not None:
                self._owner.worker_failed(worker, worker.task, worker.error or error)
            self._owner.free_slot(worker.number)
        for number in self._starting - {worker.number for worker in self.workers.values()}:
            self._owner.free_slot(number)
        self.workers.clear()
        reason = "" if self.loaded else "the process that loads the data died"
        self._owner.pool_ended(self, DataError(reason) if reason else None)
