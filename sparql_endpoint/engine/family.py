"""One zygote and its children, as the front sees them.

A family belongs to one loaded dataset. ``take`` gives a child that is ready; ``read_control`` and
``read_birth`` are called by the engine's housekeeper when there is something to read, so that
nothing here blocks but ``start``.
"""

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, BaseSelector
from typing import TYPE_CHECKING, Any

from sparql_endpoint import errors
from sparql_endpoint.engine.handle import Child
from sparql_endpoint.engine.zygote import Charge
from sparql_endpoint.errors import DataError

if TYPE_CHECKING:
    from sparql_endpoint.engine.relay import Relay

__all__ = ["Family"]

_MESSAGE_SIZE = 1 << 17
_PATIENCE, _PATIENCE_MAX = 0.05, 5.0
"""Seconds to wait before another child after one that was not viable; doubled for each in a row."""
_PROGRAM = "from sparql_endpoint.engine.zygote import main; main()"
_LOAD_ERRORS = {"NotFoundError": errors.NotFoundError, "UsageError": errors.UsageError}


class Family:
    """A running zygote, the children it has ready, and all that live."""

    def __init__(self, charge: Charge, ready: int) -> None:
        self.children: dict[int, Child] = {}
        self.port: socket.socket | None = None
        """The port in its children's network that the front is to serve, if there is to be one."""
        self.relay: Relay | None = None
        """What serves it."""
        self.network = False
        """Whether children reach a network: True where the system would not take it away."""
        self.ended = False
        """Whether the zygote is gone."""
        self.buried = False
        """Whether the zygote's process and every child are gone for good."""
        self.failures = 0
        """Children in a row that died before they were ready."""
        self.last_failure = ""
        """What the last of these said."""
        self.charge, self._wanted = charge, ready
        self._ready: deque[Child] = deque()
        self._lent: set[Child] = set()
        self._expected = 0
        self._failed_at = 0.0
        self._lock = threading.Lock()
        self._end = threading.Lock()
        self._process, self.control = _launch(charge)

    def await_load(self, gave_up: Callable[[], bool]) -> None:
        """Wait until the zygote has loaded its data.

        Raises:
            DataError, NotFoundError, UsageError: it cannot.
        """
        news, descriptors = self._first_news(gave_up)
        if "loaded" not in news:
            self.end()
            kind = _LOAD_ERRORS.get(news.get("type", ""), DataError)
            raise kind(news.get("failed", "the process that loads the data died"))
        self.network = news["network"]
        if descriptors:
            self.port = socket.socket(fileno=descriptors[0])
        self.control.settimeout(0)
        self.breed()

    def _first_news(self, gave_up: Callable[[], bool]) -> tuple[dict[str, Any], list[int]]:
        self.control.settimeout(0.2)
        while not gave_up():
            with suppress(TimeoutError, ConnectionResetError):
                message, descriptors, _, _ = socket.recv_fds(self.control, _MESSAGE_SIZE, 1)
                return json.loads(message or b"{}"), descriptors
        return {"failed": "stopped while loading"}, []

    def breed(self) -> None:
        """Order as many children as are missing; those lent out come back, so they are none."""
        with self._lock:
            missing = self._wanted - len(self._ready) - self._expected - len(self._lent)
            for _ in range(missing if self._may_breed() else 0):
                try:
                    self.control.send(b"fork")
                except OSError:  # full, or closed: the housekeeper calls again
                    return
                self._expected += 1

    def take(self) -> Child | None:
        """Lend a ready child, or return None while there is none."""
        with self._lock:
            while self._ready:
                child = self._ready.pop()
                if child.died.is_set():
                    child.sock.close()
                else:
                    self._lent.add(child)
                    child.lent = True
                    return child
        return None

    def replace(self, child: Child) -> None:
        """Do not wait for a child to come back: another is bred in its place.

        So with one whose query is slow. It is not used again even where that query ends well: its
        priority was lowered, which only a privileged process may take back, and its successor is
        there. That costs one fork, beside the answer, for a query of more than the quick time.
        """
        with self._lock:
            self._lent.discard(child)
        self.breed()

    def give_back(self, child: Child, *, reusable: bool) -> None:
        """Take back a child; it ends if it is not reusable, or was replaced."""
        with self._lock:
            alive = not (child.died.is_set() or self.ended)
            wanted = len(self._ready) < self._wanted  # none is, once the family has retired
            if reusable and alive and wanted and child in self._lent:
                self._lent.discard(child)
                self._ready.append(child)
                child.lent = False
                return
        child.let_go()
        self.replace(child)

    def retire(self) -> None:
        """Have no more children; those that are ready end."""
        with self._lock:
            self._wanted = 0
            ready = list(self._ready)
            self._ready.clear()
        for child in ready:
            child.let_go()

    def _may_breed(self) -> bool:
        waits = min(_PATIENCE * 2.0**self.failures, _PATIENCE_MAX) if self.failures else 0.0
        return not self.ended and time.monotonic() >= self._failed_at + waits

    @property
    def pid(self) -> int:
        """The zygote's process."""
        return self._process.pid

    @property
    def ready(self) -> int:
        """How many children are ready."""
        return len(self._ready)

    def read_control(self, selector: BaseSelector) -> list[Child]:
        """Read the zygote's news; return the children that died."""
        died: list[Child] = []
        while True:
            try:
                message, descriptors, _, _ = socket.recv_fds(self.control, _MESSAGE_SIZE, 2)
            except BlockingIOError:
                return died
            except ConnectionError:
                message = b""
            if not message:
                self.ended = True
                return died + self._all_died(selector)
            news = json.loads(message)
            if "born" in news:
                self._born(news["born"], descriptors, selector)
            elif "died" in news:
                died += self._buried(news, selector)
            else:
                with self._lock:
                    self._failed(news["unborn"])

    def read_birth(self, child: Child) -> None:
        """Read the READY of a child; its end of file is told by ``read_control``."""
        try:
            child.reader.read()
        except EOFError:
            return
        with self._lock:
            child.awaited = False
            self._expected -= 1
            self.failures = 0
            if len(self._ready) < self._wanted:
                self._ready.append(child)
                return
        child.kill()

    def end(self) -> None:
        """End the zygote and with it every child."""
        self.ended = True
        with self._end:
            if self.buried:
                return
            self._all_died()
            self.control.close()
            if self.relay is not None:
                self.relay.close()
            try:
                self._process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self.buried = True

    def _born(self, pid: int, descriptors: list[int], selector: BaseSelector) -> None:
        sock = socket.socket(fileno=descriptors[0])
        child = Child(pid, sock, descriptors[1])
        self.children[pid] = child
        selector.register(sock, EVENT_READ, (self, child))

    def _buried(self, news: dict[str, Any], selector: BaseSelector) -> list[Child]:
        child = self.children.pop(news["died"], None)
        if child is None:
            return []
        with self._lock:
            if child.awaited:
                _forget(selector, child)
                self._failed(news["stderr"] or f"it ended with status {news['status']}")
            elif child in self._ready:
                self._ready.remove(child)
        child.buried(news["status"], news["stderr"])
        return [child]

    def _failed(self, reason: str) -> None:
        self.last_failure = reason.strip().rpartition("\n")[2]
        self._expected -= 1
        self.failures += 1
        self._failed_at = time.monotonic()

    def _all_died(self, selector: BaseSelector | None = None) -> list[Child]:
        children = list(self.children.values())
        self.children.clear()
        with self._lock:
            self._ready.clear()
        for child in children:
            if selector is not None:
                _forget(selector, child)
            if child.lent:
                child.kill()
            child.buried(-signal.SIGKILL, "")
        return children


def _forget(selector: BaseSelector, child: Child) -> None:
    with suppress(KeyError):  # only a child that is awaited is in it
        selector.unregister(child.sock)


def _launch(charge: Charge) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a zygote in an interpreter of its own: a fork of a process with threads is unsafe."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        descriptor = theirs.fileno()
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-c", _PROGRAM, str(descriptor)],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            env=os.environ | {"RUST_BACKTRACE": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    ours.send(pickle.dumps((sys.path, pickle.dumps(charge))))
    return process, ours
