"""The workers of one fork server: how many there are, which is free, and what ends one.

A request starts at full priority. Past its quick time, while there are others, its worker runs at
the lowest priority, and another worker is started for it, so that quick requests always find one.
When there are as many workers as there may be and a request waits, the one that has run longest is
ended. The worker that answered last is the first to be given a request: it has its own copies of
those pages of the store that reading writes to (reference counts), which a fresh fork must make.
"""

import json
import logging
import os
import pickle
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sparql_endpoint.errors import (
    DataError,
    ForumGraphError,
    NotFoundError,
    QueryCrashedError,
    QueryMemoryError,
    QueryTimeoutError,
    ServerBusyError,
    UsageError,
)
from sparql_endpoint.limits import memory_error
from sparql_endpoint.server.fork_server import PoolConfig
from sparql_endpoint.server.messages import Kind, Message, receive, send
from sparql_endpoint.server.shared_state import SharedState, Slot

if TYPE_CHECKING:
    from sparql_endpoint.limits import Limits

__all__ = ["PoolOwner", "Worker", "WorkerPool"]

_PROGRAM = "from sparql_endpoint.server.fork_server import main; main()"
_MESSAGE_SIZE = 1 << 17
_LOWEST = 19
"""The niceness of a worker past its request's quick time."""
_MEMORY_SECONDS = 0.25
_SPARE_SECONDS = 10.0
"""How long more workers than needed stay idle before they end, one after another."""
_RETRY_SECONDS = (0.1, 10.0)
"""How long to wait after a worker failed to start: at first, and at most."""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_OUT_OF_MEMORY = "memory allocation of"
_LOAD_ERRORS = {kind.__name__: kind for kind in (NotFoundError, UsageError)}
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Worker:
    """A worker as the listener knows it: by its channel and its pidfd."""

    number: int
    pid: int
    channel: socket.socket
    pidfd: int
    slot: Slot
    task: Any = None
    """What it was given, until it is free or gone."""
    error: ForumGraphError | None = None
    """Why it was ended from outside."""
    ready: bool = False
    lowered: bool = False
    stale: bool = False
    """Whether it is to end as soon as it is free."""
    idle_since: float = 0.0
    memory_at_start: int = field(default=0)

    @property
    def is_busy(self) -> bool:
        """Whether it is at a request, and does not wait for its client's next one."""
        return self.slot.activity.busy

    def memory(self) -> int:
        """Return the bytes that it holds beyond those at its start."""
        return max(_resident(self.pid) - self.memory_at_start, 0)


class PoolOwner(Protocol):
    """What a pool tells of; the listener."""

    def watch(self, descriptor: int, handler: Callable[[], None]) -> None:
        """Call ``handler`` whenever ``descriptor`` can be read."""
        ...

    def unwatch(self, descriptor: int) -> None:
        """Watch it no more."""
        ...

    def take_slot(self) -> int | None:
        """Return a free slot, None if there is none."""
        ...

    def free_slot(self, number: int) -> None:
        """Take back a slot."""
        ...

    def worker_message(
        self, worker: Worker, task: Any, message: Message, descriptors: list[int]
    ) -> None:
        """Deal with what a worker says of its task, which it has ended."""
        ...

    def worker_failed(self, worker: Worker, task: Any, error: ForumGraphError) -> None:
        """Deal with a task whose worker is gone."""
        ...

    def workers_ready(self, pool: "WorkerPool") -> None:
        """Give the pool what waits: a worker is free."""
        ...

    def pool_ended(self, pool: "WorkerPool", error: ForumGraphError | None) -> None:
        """Take note that the fork server is gone; ``error`` is why it could not load."""
        ...


class WorkerPool:
    """A fork server and its workers."""

    def __init__(self, config: PoolConfig, state: SharedState, owner: PoolOwner) -> None:
        self.config = replace(config, proxy_token=secrets.token_urlsafe(16))
        self._limits: Limits = config.limits
        self._state, self._owner = state, owner
        self.workers: dict[int, Worker] = {}
        """By process number."""
        self._idle: list[Worker] = []
        self._starting: set[int] = set()
        self.loaded = self.retired = self._stopped = False
        self.network = False
        self._failures, self._failed_at = 0, 0.0
        self._memory_at = 0.0
        self.memory = 0
        self._task_under_way = False
        self._proxy: Any = None
        self._process, self._control = _launch(self.config, state)
        owner.watch(self._control.fileno(), self._read_control)

    @property
    def idle(self) -> int:
        """How many workers are free."""
        return len(self._idle)

    @property
    def busy(self) -> Iterator[Worker]:
        """The workers that have a task and are at it, and do not wait for their client."""
        return (w for w in self.workers.values() if w.task is not None and w.is_busy)

    def assign(
        self, task: Any, message: Message, descriptors: list[int], started: float
    ) -> Worker | None:
        """Give a request to the free worker that answered last; None where none is free."""
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
                self.release_one()
            return worker
        return None

    def release_one(self) -> None:
        """Ask the worker that has waited longest for its client's next request to hand it back."""
        waiting = [w for w in self.workers.values() if w.task is not None and not w.is_busy]
        if waiting:
            _release(min(waiting, key=lambda worker: worker.slot.activity.started))

    def release_all(self) -> None:
        """Ask all workers to hand their clients back after the requests that they have."""
        for worker in self.workers.values():
            if worker.task is not None:
                _release(worker)

    def shed(self, now: float) -> None:
        """End the request that has run longest, once all are past their quick time.

        A worker whose request is quick, or that is being ended, will soon be free or replaced.
        """
        slow = [w for w in self.busy if w.error is None and self._is_slow(w, now)]
        if slow and len(slow) == len(self.workers):
            oldest = min(slow, key=lambda w: w.slot.activity.started)
            age = now - oldest.slot.activity.started
            reason = f"the server is full, and after {age:.1f} s this query had run longest"
            self.kill(oldest, ServerBusyError(reason, 10))

    @property
    def is_full(self) -> bool:
        """Whether there are as many workers as there may be, and all have started."""
        return len(self.workers) >= self._limits.max_queries and not self._starting

    def tick(self, now: float, *, others_wait: bool) -> None:
        """End what is over its time or memory, lower what is slow, and start what is missing."""
        busy = list(self.busy)
        in_the_way = others_wait or len(busy) > 1
        for worker in busy:
            activity = worker.slot.activity
            age = now - activity.started
            if worker.error is None and not activity.delivering and age > self._limits.query_time:
                limit = self._limits.query_time
                text = f"the query took longer than {limit:g} s: ask for less, or add a LIMIT"
                self.kill(worker, QueryTimeoutError(text))
            elif in_the_way and not worker.lowered and age > self._limits.quick_time:
                worker.lowered = _set_niceness(worker.pid, _LOWEST)
                _release(worker)  # its priority is set back when it is free
        if now - self._memory_at > _MEMORY_SECONDS:
            self._memory_at = now
            self._watch_memory(busy, now)
        self._start_missing(now)
        self._end_spare(now)

    def kill(self, worker: Worker, error: ForumGraphError) -> None:
        """End a worker at once; ``error`` is what its client is told."""
        worker.error = error
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(worker.pidfd, signal.SIGKILL)

    def retire(self) -> None:
        """Let every worker end when it is free, and then the fork server."""
        self.retired = True
        self._make_stale()  # a client goes on at a worker of the successor

    def stop(self) -> None:
        """End the fork server and all its workers."""
        if self._stopped:
            return
        self._stopped = True
        self._owner.unwatch(self._control.fileno())
        self._control.close()
        for worker in self.workers.values():
            self._owner.unwatch(worker.channel.fileno())
            worker.channel.close()
            os.close(worker.pidfd)
            self._owner.free_slot(worker.number)
        self.workers.clear()
        if self._proxy is not None:
            self._proxy.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def start_task(self, name: str) -> None:
        """Have the fork server do a task of the application, unless it is at it."""
        if not self._task_under_way:
            self._task_under_way = self._command({"task": name})

    def _is_slow(self, worker: Worker, now: float) -> bool:
        return now - worker.slot.activity.started > self._limits.quick_time

    def slow(self, now: float) -> int:
        """Return how many workers are past their request's quick time."""
        return sum(self._is_slow(worker, now) for worker in self.busy)

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
            if not self._command({"fork": number}):
                self._owner.free_slot(number)
                return
            self._starting.add(number)

    def _end_spare(self, now: float) -> None:
        """End what is stale, and now and then one worker more than is needed."""
        for worker in [w for w in self._idle if w.stale]:
            self._dismiss(worker)
            if not self.retired:
                return  # the next one when this one has a successor
        spare = len(self._idle) - self._limits.quick_places
        if spare > 0 and now - self._idle[0].idle_since > _SPARE_SECONDS:
            self._dismiss(self._idle[0])

    def _dismiss(self, worker: Worker) -> None:
        self._idle.remove(worker)
        self._state.spare = bool(self._idle)
        with suppress(OSError):
            send(worker.channel, Message(Kind.STOP))

    def _make_stale(self) -> None:
        for worker in self.workers.values():
            worker.stale = True
        self.release_all()

    def _watch_memory(self, busy: list[Worker], now: float) -> None:
        sizes = {w.pid: w.memory() for w in busy if self._is_slow(w, now)}
        self.memory = sum(sizes.values())
        if not sizes:
            return
        for pid, size in sizes.items():
            if size > self._limits.query_memory:
                self.kill(self.workers[pid], memory_error(self._limits))
        largest = max(sizes, key=sizes.__getitem__)
        if self.memory > self._limits.total_memory and self.workers[largest].error is None:
            total = self._limits.total_memory >> 20
            reason = f"all queries together wanted more than {total} MiB, this one most of all"
            self.kill(self.workers[largest], QueryMemoryError(f"{reason}: ask for less"))

    def _command(self, command: dict[str, Any]) -> bool:
        try:
            self._control.send(json.dumps(command).encode())
        except OSError:  # full, or closed
            return False
        return True

    def _read_control(self) -> None:
        while True:
            try:
                data, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE_SIZE, 2)
            except BlockingIOError:
                return
            except ConnectionError:
                data = b""
            if not data:
                self._fork_server_gone()
                return
            self._hear(json.loads(data), list(descriptors))
            if self._stopped:
                return

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
        worker = Worker(number, pid, channel, descriptors[1], self._state.slot(number))
        worker.slot.end()
        self.workers[pid] = worker
        self._owner.watch(channel.fileno(), lambda: self._read_channel(worker))

    def _read_channel(self, worker: Worker) -> None:
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
                worker.ready, self._failures = True, 0
                worker.memory_at_start = _resident(worker.pid)
            else:
                self._owner.worker_message(worker, task, message, descriptors)
            if not message.fields.get("last") and self._may_be_used_again(worker):
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
                self._state.spare = True
                self._owner.workers_ready(self)

    def _may_be_used_again(self, worker: Worker) -> bool:
        if worker.error is not None:
            return False
        if worker.lowered:
            # Only a privileged process may raise a priority; else a fresh worker takes its place.
            worker.lowered = not _set_niceness(worker.pid, 0)
        if worker.lowered or (worker.stale and self.retired):
            with suppress(OSError):
                send(worker.channel, Message(Kind.STOP))
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
            error = worker.error or self._cause(report["status"], report["stderr"])
            if worker.error is None:
                self._count("crashed")
            else:
                self._count("killed")
            self._owner.worker_failed(worker, worker.task, error)
        self._owner.free_slot(worker.number)
        self._start_missing(time.monotonic())
        if self.retired and not self.workers:
            self._owner.pool_ended(self, None)

    def _forget(self, worker: Worker) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
        self._owner.unwatch(worker.channel.fileno())
        worker.channel.close()
        os.close(worker.pidfd)

    def _cause(self, status: int, stderr: str) -> ForumGraphError:
        """Return why a worker died of itself."""
        if status == -signal.SIGABRT and _OUT_OF_MEMORY in stderr:
            return memory_error(self._limits)
        if status == -signal.SIGSEGV:
            return QueryCrashedError("the query crashed the engine: nest it less deeply")
        if status == -signal.SIGKILL:
            return QueryCrashedError("the process that answered was killed from outside: ask again")
        return QueryCrashedError(f"the query crashed the engine (status {status})")

    def _start_failed(self, reason: str) -> None:
        self._failures += 1
        self._failed_at = time.monotonic()
        self.last_failure = reason.strip().rpartition("\n")[2]
        _log.warning("a worker did not start: %s", self.last_failure)

    last_failure: str = ""
    """Why the last worker that did not start failed."""

    @property
    def is_failing(self) -> bool:
        """Whether no worker has started since one failed to."""
        return bool(self._failures) and not self.workers

    def _count(self, name: str) -> None:
        self._state.set_figure(name, self._state.figures()[name] + 1)

    def _fork_server_gone(self) -> None:
        """Deal with the death of the fork server, with which every worker dies."""
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


def _launch(
    config: PoolConfig, state: SharedState
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a fork server in an interpreter of its own."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    Path(config.folder, "cache").mkdir(exist_ok=True)
    Path(config.folder, "metrics").mkdir(exist_ok=True)
    with theirs:
        descriptors = [theirs.fileno(), state.descriptor]
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-c", _PROGRAM, *map(str, descriptors), str(state.slots)],
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"RUST_BACKTRACE": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    ours.send(pickle.dumps((sys.path, pickle.dumps(config))))
    ours.settimeout(0)
    return process, ours


def _release(worker: Worker) -> None:
    """Ask a worker to hand its client back."""
    with suppress(OSError):
        send(worker.channel, Message(Kind.RELEASE))


def _set_niceness(pid: int, niceness: int) -> bool:
    """Set the priority of a process; return False where that is not allowed."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
    except (PermissionError, ProcessLookupError):
        return False
    return True


def _resident(pid: int) -> int:
    try:
        statm = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(statm.split()[1]) * _PAGE
