"""The fork server: the process that loads the data and the application, and forks workers.

It answers no request, and it has one thread when it forks, so that a fork copies no lock that
another thread has. The listener sends it datagrams over a socket: the first one names the data to
load. Then the fork server answers each ``fork`` by ``forked`` with two descriptors (the worker's
channel, its pidfd). It reports each exit of a worker with its status and its output to standard
error. When the listener ends, the fork server ends, and with it every worker.
"""

import gc
import json
import logging
import os
import pickle
import select
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Store

from sparql_endpoint.endpoint import logs
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.errors import DataError, ForumGraphError
from sparql_endpoint.limits import Limits
from sparql_endpoint.server.data_source import Dataset
from sparql_endpoint.server.sandbox import (
    die_with_parent,
    drop_network,
    exit_when_peer_closes,
    prefer_for_oom,
    resume_reading,
)

if TYPE_CHECKING:
    from sparql_endpoint.app import Shared
    from sparql_endpoint.columns.engine import Columns
    from sparql_endpoint.server.application import Application
    from sparql_endpoint.server.shared_state import SharedState

__all__ = ["METRICS", "PoolConfig", "main"]

METRICS = "metrics"
"""The name of the folder of all workers' counters, inside the folder that the workers share."""
_MESSAGE_SIZE = 1 << 17
_FAREWELL_SECONDS = 0.1
_STDERR_SIZE = 2000
_TASK_NICENESS = 15
_log = logging.getLogger(__name__)

MakeApp = Callable[[Any, Any, Settings, "Shared"], "Application"]


@dataclass(frozen=True)
class PoolConfig:
    """The configuration of a fork server; all of it can be pickled.

    ``make_app`` returns the application for a runner, a description of the data, the settings, and
    the state that workers share. ``warm_up`` is whether to prepare pages before anybody asks.
    """

    dataset: Dataset
    limits: Limits
    settings: Settings
    folder: Path
    make_app: MakeApp
    proxy_token: str = ""
    local_services: bool = False
    """For tests only, not a setting: see ``ServiceClient``."""
    warm_up: bool = False
    log_format: str = "text"
    log_level: str = "warning"


class _ForkServer:
    def __init__(
        self, control: socket.socket, config: PoolConfig, state: "SharedState", proxy: str
    ) -> None:
        self._control, self._config, self._state = control, config, state
        self._listener = os.getppid()
        self._stderr: dict[int, int] = {}
        self._wakeup, self._wakeup_end = os.pipe()
        self._channel: socket.socket | None = None
        if config.dataset.per_worker:
            _try_in_child(config.dataset.load)
            self._store: Store | None = None
            self.app = self._make_app(proxy)
        else:
            loading = _Loading(config.dataset.load)
            self.app = self._make_app(proxy)  # meanwhile
            self._store = loading.store()
        self._steps = self._warm_up()
        self._has_pages = False

    def _make_app(self, proxy: str) -> "Application":
        import prometheus_client.values  # noqa: PLC0415  # it reads the environment, which is set now

        from sparql_endpoint.app import Shared  # noqa: PLC0415  # as above
        from sparql_endpoint.query.evaluation import QueryRunner  # noqa: PLC0415  # after loading began
        from sparql_endpoint.query.service_rewrite import Federation  # noqa: PLC0415  # as above

        self._number = -1
        values = prometheus_client.values
        values.ValueClass = values.MultiProcessValue(lambda: self._number)  # type: ignore[no-untyped-call]  # it has no types
        config = self._config
        federation = Federation(config.limits.services, proxy) if proxy else Federation()
        self._columns = self._second_engine()
        runner = self._runner = QueryRunner(
            self._open_store, config.limits, federation=federation, second=self._columns
        )
        shared = Shared(
            config.folder, self._state.rate_memory, self._state.figures, self._start_task
        )
        return config.make_app(runner, config.dataset.about, config.settings, shared)

    def _second_engine(self) -> "Columns | None":
        """Return the engine that answers from columns; its columns need not be written yet.

        None is returned without DuckDB, and where the data are on another server. Blank nodes get
        new labels each time that files are loaded, so columns of files are written anew.
        """
        from sparql_endpoint.columns.engine import (  # noqa: PLC0415  # in its time
            Columns,
            available,
            columns_of,
        )

        dataset = self._config.dataset
        if dataset.network or not available():
            return None
        for old in self._config.folder.glob("columns-*"):
            shutil.rmtree(old, ignore_errors=True)
        folder = self._config.folder / f"columns-{os.getpid()}"
        if dataset.folder is not None:
            folder = columns_of(dataset.folder)
        columns = Columns(folder, dataset.folder, self._config.limits.query_memory // 2)
        if columns.is_made():
            columns.prepare()
        return columns

    def _open_store(self) -> Store:
        return self._config.dataset.load() if self._store is None else self._store

    def _start_task(self, name: str) -> None:
        from sparql_endpoint.server.messages import Kind, Message, send  # noqa: PLC0415  # in a worker

        if self._channel is not None:
            send(self._channel, Message(Kind.TASK, name.encode()))

    def run(self) -> None:
        """Fork and reap workers until the listener is gone; warm up whenever no command waits."""
        os.set_blocking(self._wakeup_end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakeup_end, warn_on_full_buffer=False)
        control = self._control.fileno()
        gc.collect()
        gc.freeze()
        while True:
            patience = None if self._steps is None else _STEP_SECONDS
            ready, _, _ = select.select([control, self._wakeup], [], [], patience)
            if self._wakeup in ready:
                os.read(self._wakeup, 4096)
                self._reap()
            if control in ready and not self._obey():
                self._end_workers()
                return
            if not ready:
                self._step()

    def _warm_up(self) -> Iterator[None] | None:
        if not self._config.warm_up:
            return None
        return self.app.warm_up(is_open=self._store is not None)

    def _step(self) -> None:
        assert self._steps is not None  # noqa: S101  # there is a step to do
        try:
            next(self._steps)
        except StopIteration:
            self._warmed_up()
        except Exception:  # noqa: BLE001  # it is raised again for the reader of the page
            _log.exception("unforeseen error")
            self._warmed_up()
        else:
            if not self._has_pages:  # earlier workers have no pages: each is to be replaced
                self._has_pages = True
                _report(self._control, {"warm": True})

    def _warmed_up(self) -> None:
        self._steps = None
        gc.collect()
        gc.freeze()
        _report(self._control, {"warm": True})
        if self._config.dataset.about.own:
            self._fork_task("dumps")
        if self._columns is not None and self._store is not None:
            least = self._config.settings.columns_triples
            if next(islice(self._store, least, None), None) is not None:
                self._columns.prepare()
                self._fork_task("columns")

    def _obey(self) -> bool:
        """Carry out the listener's command; return False if the listener is gone."""
        try:
            message = self._control.recv(_MESSAGE_SIZE)
        except ConnectionError:
            return False
        if not message:
            return False
        command = json.loads(message)
        if "fork" in command:
            self._fork(command["fork"])
        else:
            self._fork_task(command["task"])
        return True

    def _fork(self, number: int) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stderr = os.memfd_create("stderr")
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            ours.close()
            theirs.close()
            os.close(stderr)
            _report(self._control, {"not_forked": number, "reason": str(error)})
            return
        if pid == 0:
            from sparql_endpoint.server.worker import run_worker  # noqa: PLC0415  # imported before

            os.dup2(stderr, 2)
            ours.close()
            self._close_inherited(stderr)
            self._channel, self._number = theirs, number
            config = self._config

            def make() -> Any:
                _ = self._runner.store  # open before memory is limited
                return self.app

            run_worker(make, theirs, self._state, number, parent, config.limits, config.settings)
        self._stderr[pid] = stderr
        theirs.close()
        pidfd = os.pidfd_open(pid)
        with ours:
            _report(self._control, {"forked": pid, "slot": number}, [ours.fileno(), pidfd])
        os.close(pidfd)

    def _fork_task(self, name: str) -> None:
        """Do a task of the application in another process, at low priority and without limits."""
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return
        code = 1
        try:
            from sparql_endpoint.app import TASKS  # noqa: PLC0415  # imported before
            from sparql_endpoint.endpoint.service import service  # noqa: PLC0415  # as above

            self._close_inherited()
            die_with_parent(parent)
            signal.set_wakeup_fd(-1)
            os.nice(_TASK_NICENESS)
            prefer_for_oom()
            TASKS[name](service(self.app.flask))
            code = 0
        except ForumGraphError as error:
            _log.error("%s: %s", name, error)
        except BaseException:  # noqa: BLE001  # nothing may unwind into the fork server's loop
            _log.exception("unforeseen error")
        finally:
            os._exit(code)

    def _close_inherited(self, *more: int) -> None:
        self._control.close()
        for descriptor in (self._wakeup, self._wakeup_end, *more, *self._stderr.values()):
            os.close(descriptor)

    def _end_workers(self) -> None:
        """End the busy workers; idle workers end by themselves when their channels close."""
        ends = time.monotonic() + _FAREWELL_SECONDS
        while self._stderr and time.monotonic() < ends:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            self._stderr.pop(pid, None)
            if pid == 0:
                time.sleep(_FAREWELL_SECONDS / 20)
        for pid in self._stderr:
            os.kill(pid, signal.SIGKILL)
        if os.getppid() != self._listener:  # it was killed, and left its folder
            shutil.rmtree(self._config.folder, ignore_errors=True)

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                code = os.waitstatus_to_exitcode(status)
                stderr = self._stderr.pop(pid, None)
                if stderr is None:
                    _report(self._control, {"task_done": code == 0})
                    continue
                text = os.pread(stderr, _STDERR_SIZE, 0).decode(errors="replace")
                os.close(stderr)
                _report(self._control, {"exited": pid, "status": code, "stderr": text})


_STEP_SECONDS = 0.02
"""Seconds without a command after which the fork server does the next step of its warm-up."""


class _Loading:
    """A store that is loaded in a thread, which ends before anything is forked."""

    def __init__(self, load: Callable[[], Store]) -> None:
        self._load = load
        self._store: Store | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._store = self._load()
        except BaseException as error:  # noqa: BLE001  # raised again in the main thread
            self._error = error

    def store(self) -> Store:
        """Return the store.

        Raises:
            Exception: whatever loading raised.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._store is not None  # noqa: S101  # one of both is there
        return self._store


def _try_in_child(load: Callable[[], Store]) -> None:
    """Call ``load`` in a child process.

    Raises:
        DataError: ``load`` raised an error; the message is the same.
    """
    result, error_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            load()
        except Exception as error:  # noqa: BLE001  # as in ``main``
            os.write(error_end, str(error).encode())
        os._exit(0)
    os.close(error_end)
    os.waitpid(pid, 0)
    with os.fdopen(result) as reader:
        if text := reader.read():
            raise DataError(text)


def _report(
    control: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None
) -> None:
    with suppress(
        BrokenPipeError, ConnectionError
    ):  # the listener is gone: the next read ends this
        socket.send_fds(control, [json.dumps(message).encode()], descriptors or [])


def main() -> None:
    """Run the fork server; ``argv[1]`` is the descriptor of the socket to the listener.

    ``argv[2]`` is the descriptor of the shared memory, and ``argv[3]`` the number of its slots.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    path, packed = pickle.loads(control.recv(_MESSAGE_SIZE))  # noqa: S301  # our parent writes here
    sys.path[:] = path
    config: PoolConfig = pickle.loads(packed)  # noqa: S301  # as above
    logs.configure(config.log_format, config.log_level, os.fdopen(os.dup(2), "w", buffering=1))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(config.folder / METRICS)
    exit_when_peer_closes(control)
    isolated = not config.dataset.network and drop_network()
    port = socket.socket()
    proxy = ""
    if config.limits.services and not config.dataset.network:
        port.bind(("127.0.0.1", 0))
        port.listen()
        proxy = f"http://127.0.0.1:{port.getsockname()[1]}/{config.proxy_token}"
    try:
        from sparql_endpoint.server.shared_state import SharedState  # noqa: PLC0415  # in its time

        state = SharedState(int(sys.argv[3]), int(sys.argv[2]))
        server = _ForkServer(control, config, state, proxy)
    except Exception as error:  # noqa: BLE001  # a loader may raise anything: the listener raises it
        _report(control, {"failed": f"{error}", "type": type(error).__name__})
        return
    import sparql_endpoint.server.worker  # noqa: F401, PLC0415  # before the first fork

    resume_reading(control)
    network = not (isolated or config.dataset.network)
    _report(control, {"loaded": True, "network": network}, [port.fileno()] if proxy else [])
    port.close()
    server.run()
