"""The fork server as the listener knows it: a process, and a socket of datagrams to it."""

import json
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sparql_endpoint.server.fork_server import PoolConfig
from sparql_endpoint.server.shared_state import SharedState

__all__ = ["ForkServerProcess"]

_PROGRAM = "from sparql_endpoint.server.fork_server import main; main()"
_MESSAGE_SIZE = 1 << 17
_STOP_SECONDS = 2


class ForkServerProcess:
    """A fork server in an interpreter of its own."""

    def __init__(self, config: PoolConfig, state: SharedState) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        Path(config.folder, "cache").mkdir(exist_ok=True)
        Path(config.folder, "metrics").mkdir(exist_ok=True)
        with theirs:
            descriptors = [theirs.fileno(), state.descriptor]
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-c", _PROGRAM, *map(str, descriptors), str(state.slots)],
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                env=os.environ | {"RUST_BACKTRACE": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        self._control.send(pickle.dumps((sys.path, pickle.dumps(config))))
        self._control.settimeout(0)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def fileno(self) -> int:
        """Return the descriptor that can be read when there are reports."""
        return self._control.fileno()

    def command(self, command: dict[str, Any]) -> bool:
        """Send a command; return False if the socket is full or closed."""
        try:
            self._control.send(json.dumps(command).encode())
        except OSError:  # full, or closed
            return False
        return True

    def reports(self) -> Iterator[tuple[dict[str, Any], list[int]]]:
        """Yield the reports that have arrived, each with its descriptors, without waiting.

        Raises:
            EOFError: the fork server is gone.
        """
        while True:
            try:
                data, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE_SIZE, 2)
            except BlockingIOError:
                return
            except ConnectionError:
                data = b""
            if not data:
                raise EOFError
            yield json.loads(data), list(descriptors)

    def close(self) -> None:
        """Close the socket, upon which the fork server and its workers end."""
        self._control.close()

    def join(self) -> None:
        """Wait until the fork server has ended, and kill it if it does not end."""
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
