"""A child as the front holds it: by its socket and its pidfd."""

import os
import signal
import socket
import threading
from pathlib import Path

from sparql_endpoint.engine.wire import FrameReader

__all__ = ["Child"]

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Child:
    """A child process, held by its pidfd, so that no signal can reach another process."""

    def __init__(self, pid: int, sock: socket.socket, pidfd: int) -> None:
        self.pid, self.sock = pid, sock
        self.reader = FrameReader(sock)
        self.died = threading.Event()
        self.status = 0
        """The exit code, negative for a signal, once ``died`` is set."""
        self.last_words = ""
        """What it wrote to standard error, once ``died`` is set."""
        self._pidfd = pidfd
        self._lock = threading.Lock()
        self.awaited = True
        """Whether it has not yet told that it is ready."""
        self.lent = False
        """Whether somebody talks with it."""
        self._born_with = self._resident()

    def kill(self) -> None:
        """End it at once and wake up whoever reads its socket."""
        self._signal(signal.SIGKILL)
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def pause(self) -> None:
        """Stop it until ``resume``."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it run on."""
        self._signal(signal.SIGCONT)

    def lower(self, niceness: int) -> None:
        """Set how far it gives way to other processes; tells nothing where that is not allowed."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)
        except (PermissionError, ProcessLookupError):
            return

    def grown(self) -> int:
        """Return the bytes of memory that it holds beyond what it was born with."""
        return max(self._resident() - self._born_with, 0)

    def buried(self, status: int, last_words: str) -> None:
        """Take note of its death."""
        with self._lock:
            os.close(self._pidfd)
            self._pidfd = -1
        self.status, self.last_words = status, last_words
        self.died.set()
        if not self.lent:
            self.sock.close()

    def let_go(self) -> None:
        """End it for good: nobody reads its socket any more."""
        self.lent = False
        self.kill()
        self.sock.close()

    def _signal(self, number: int) -> None:
        with self._lock:
            if self._pidfd < 0:
                return
            try:
                signal.pidfd_send_signal(self._pidfd, number)
            except ProcessLookupError:
                return

    def _resident(self) -> int:
        try:
            statm = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return int(statm.split()[1]) * _PAGE
