"""The zygote: the process that holds the store and forks children that are ready to answer.

It runs single-threaded, so that a fork copies no lock that another thread holds, and it executes no
query itself. The front talks to it over a socket of datagrams: a first message says what to load,
then each ``fork`` is answered with ``born`` and two descriptors (the child's socket, its pidfd),
and each death of a child is told with its status and what it wrote to standard error. When the
front is gone, so is the zygote, and with it every child.
"""

import gc
import json
import os
import pickle
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from pyoxigraph import Store

from sparql_endpoint.engine.admission import admit
from sparql_endpoint.engine.child import ChildOptions, be_child
from sparql_endpoint.engine.isolation import drop_network, parent_gone_ends_us, resume_reading
from sparql_endpoint.errors import DataError

__all__ = ["Charge", "main"]

_MESSAGE_SIZE = 1 << 17
_SAMPLE = 'PREFIX x: <x:> SELECT (COUNT(*) AS ?n) FROM x:g { ?s x:p "o" FILTER(?s < 1) }'
_FAREWELL = 0.1
_STDERR_SIZE = 2000


@dataclass(frozen=True)
class Charge:
    """What a zygote is started for.

    ``load`` runs once in the zygote, whose children share the store's memory; ``per_child`` has
    every child run it for itself, as a store on disk wants that starts threads. With ``network``
    they keep the network, as a store behind another server needs. With ``relay`` there is a port in
    their network, which the front serves.
    """

    load: Callable[[], Store]
    per_child: bool
    network: bool
    relay: bool
    options: ChildOptions


class _Zygote:
    def __init__(self, control: socket.socket, charge: Charge) -> None:
        self._control = control
        self._options = charge.options
        self._open = charge.load
        if charge.per_child:
            _try_in_child(charge.load)
        else:
            store = charge.load()
            self._open = lambda: store
        self._stderr: dict[int, int] = {}
        self._alarm, self._alarm_end = os.pipe()
        admit(_SAMPLE, 10, ())  # what this compiles and remembers, every child has at birth

    def run(self) -> None:
        """Fork and bury until the front is gone."""
        os.set_blocking(self._alarm_end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._alarm_end, warn_on_full_buffer=False)
        control = self._control.fileno()
        gc.collect()
        gc.freeze()
        while True:
            ready, _, _ = select.select([control, self._alarm], [], [])
            if self._alarm in ready:
                os.read(self._alarm, 4096)
                self._bury()
            if control in ready:
                if not _heard(self._control):
                    self._end_children()
                    return
                self._fork()

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        stderr = os.memfd_create("stderr")
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            ours.close()
            theirs.close()
            os.close(stderr)
            _tell(self._control, {"unborn": str(error)})
            return
        if pid == 0:
            self._become_child(ours, theirs, stderr, parent)
        self._stderr[pid] = stderr
        theirs.close()
        pidfd = os.pidfd_open(pid)
        with ours:
            _tell(self._control, {"born": pid}, [ours.fileno(), pidfd])
        os.close(pidfd)

    def _become_child(
        self, ours: socket.socket, theirs: socket.socket, stderr: int, parent: int
    ) -> NoReturn:
        os.dup2(stderr, 2)
        ours.close()
        self._control.close()
        for descriptor in (self._alarm, self._alarm_end, stderr, *self._stderr.values()):
            os.close(descriptor)
        be_child(self._open, theirs, parent, self._options)

    def _end_children(self) -> None:
        """End those who do not end themselves, as idle ones do when their sockets close."""
        ends = time.monotonic() + _FAREWELL
        while self._stderr and time.monotonic() < ends:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            self._stderr.pop(pid, None)
            if pid == 0:
                time.sleep(_FAREWELL / 20)
        for pid in self._stderr:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _bury(self) -> None:
        while self._stderr:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            stderr = self._stderr.pop(pid)
            said = os.pread(stderr, _STDERR_SIZE, 0).decode(errors="replace")
            os.close(stderr)
            code = os.waitstatus_to_exitcode(status)
            _tell(self._control, {"died": pid, "status": code, "stderr": said})


def _try_in_child(load: Callable[[], Store]) -> None:
    """Raise the error that ``load`` raises, without what else it does to a process."""
    result, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            load()
        except Exception as error:  # noqa: BLE001  # as in ``main``
            os.write(told, str(error).encode())
        os._exit(0)
    os.close(told)
    os.waitpid(pid, 0)
    with os.fdopen(result) as reader:
        if said := reader.read():
            raise DataError(said)


def _heard(control: socket.socket) -> bool:
    """Read a message; tell whether there was one, and not the end of the front."""
    try:
        return bool(control.recv(_MESSAGE_SIZE))
    except ConnectionError:
        return False


def _tell(
    control: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None
) -> None:
    with suppress(BrokenPipeError, ConnectionError):  # the front is gone: the next read tells
        socket.send_fds(control, [json.dumps(message).encode()], descriptors or [])


def main() -> None:
    """Be the zygote of the front at the other end of the socket on descriptor ``argv[1]``."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    path, packed = pickle.loads(control.recv(_MESSAGE_SIZE))  # noqa: S301  # our parent writes here
    sys.path[:] = path
    charge: Charge = pickle.loads(packed)  # noqa: S301  # as above
    parent_gone_ends_us(control)
    alone = not charge.network and drop_network()
    try:
        zygote = _Zygote(control, charge)
    except Exception as error:  # noqa: BLE001  # a loader may raise anything: the front raises it again
        _tell(control, {"failed": f"{error}", "type": type(error).__name__})
        return
    resume_reading(control)
    with socket.socket() as port:
        if charge.relay:
            port.bind(("127.0.0.1", 0))
            port.listen()
        descriptors = [port.fileno()] if charge.relay else []
        _tell(control, {"loaded": True, "network": not (alone or charge.network)}, descriptors)
    zygote.run()
