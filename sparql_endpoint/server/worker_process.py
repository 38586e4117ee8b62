"""A worker as the listener knows it: by its channel, its pidfd and its slot."""

import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparql_endpoint.errors import ForumGraphError, QueryCrashedError
from sparql_endpoint.limits import Limits, memory_error
from sparql_endpoint.server.messages import Kind, Message, send
from sparql_endpoint.server.shared_state import Slot

__all__ = ["WorkerProcess", "cause_of_death"]

_LOWEST = 19
"""The niceness of a worker past its request's quick time."""
_OUT_OF_MEMORY = "memory allocation of"
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(eq=False)
class WorkerProcess:
    """A process that answers one request at a time."""

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
    """Whether it runs at the lowest priority."""
    stale: bool = False
    """Whether it is to end as soon as it is free."""
    idle_since: float = 0.0
    memory_at_start: int = 0
    measured: tuple[float, float] = (0.0, 0.0)
    """When its request began, and its processor time when first asked for in that request."""

    @property
    def is_busy(self) -> bool:
        """Whether it is at a request, and does not wait for its client's next one."""
        return self.task is not None and self.slot.activity.busy

    def age(self, now: float) -> float:
        """Return for how many seconds its request has been under way."""
        return now - self.slot.activity.started

    def memory(self) -> int:
        """Return the bytes that it holds beyond those at its start."""
        return max(self._resident() - self.memory_at_start, 0)

    def has_computed(self, seconds: float) -> bool:
        """Return whether it has computed for so long since this was first asked in its request.

        A worker that others keep from the processor is not slow of itself.
        """
        begun, computed = self.slot.activity.started, self._processor_time()
        if self.measured[0] != begun:
            self.measured = (begun, computed)
        return computed - self.measured[1] >= seconds

    def begin(self) -> None:
        """Take note that it has started."""
        self.ready, self.memory_at_start = True, self._resident()

    def release(self) -> None:
        """Ask it to hand its client back after the request that it has, if any."""
        with suppress(OSError):
            send(self.channel, Message(Kind.RELEASE))

    def dismiss(self) -> None:
        """Ask it, which is free, to end."""
        with suppress(OSError):
            send(self.channel, Message(Kind.STOP))

    def kill(self, error: ForumGraphError) -> None:
        """End it at once; ``error`` is what its client is told."""
        self.error = error
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def lower(self) -> None:
        """Give it the lowest priority, which is set back when it is free."""
        self.lowered = self._set_niceness(_LOWEST)
        self.release()

    def raise_again(self) -> bool:
        """Set its priority back; return False where only a privileged process may do that."""
        if self.lowered:
            self.lowered = not self._set_niceness(0)
        return not self.lowered

    def close(self) -> None:
        """Close what this process has of it."""
        self.channel.close()
        os.close(self.pidfd)

    def _set_niceness(self, niceness: int) -> bool:
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)
        except (PermissionError, ProcessLookupError):
            return False
        return True

    def _processor_time(self) -> float:
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return 0.0
        user, system = stat.rpartition(")")[2].split()[
            11:13
        ]  # fields 14 and 15 of proc_pid_stat(5)
        return (int(user) + int(system)) / _TICKS

    def _resident(self) -> int:
        try:
            statm = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return int(statm.split()[1]) * _PAGE


def cause_of_death(status: int, stderr: str, limits: Limits) -> ForumGraphError:
    """Return why a worker died of itself, by its status and what it wrote."""
    if status == -signal.SIGABRT and _OUT_OF_MEMORY in stderr:
        return memory_error(limits)
    if status == -signal.SIGSEGV:
        return QueryCrashedError("the query crashed the engine: nest it less deeply")
    if status == -signal.SIGKILL:
        return QueryCrashedError("the process that answered was killed from outside: ask again")
    return QueryCrashedError(f"the query crashed the engine (status {status})")
