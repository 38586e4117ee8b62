"""A worker process as the listener sees it: its channel, its pidfd and its slot."""

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
    """A process that answers one request at a time; times are seconds of the monotonic clock."""

    number: int
    pid: int
    channel: socket.socket
    pidfd: int
    slot: Slot
    task: Any = None
    """The task that it works on; None while it is free."""
    error: ForumGraphError | None = None
    """The reason for which the listener killed it, None if it did not."""
    ready: bool = False
    lowered: bool = False
    """Whether it runs at the lowest priority."""
    stale: bool = False
    """Whether it is to end as soon as it is free."""
    idle_since: float = 0.0
    memory_at_start: int = 0
    measured: tuple[float, float] = (0.0, 0.0)
    """When its request began, and its processor time at the first measurement in that request."""

    @property
    def is_busy(self) -> bool:
        """Whether it works on a request, and does not wait for its client's next one."""
        return self.task is not None and self.slot.activity.busy

    def age(self, now: float) -> float:
        """Return for how many seconds its request has been under way."""
        return now - self.slot.activity.started

    def memory(self) -> int:
        """Return the bytes of memory that it has taken since its start."""
        return max(self._resident() - self.memory_at_start, 0)

    def has_computed(self, seconds: float) -> bool:
        """Return whether it has computed for ``seconds`` since the first call during its request.

        Time in which other processes keep it from the processor does not count.
        """
        begun, computed = self.slot.activity.started, self._processor_time()
        if self.measured[0] != begun:
            self.measured = (begun, computed)
        return computed - self.measured[1] >= seconds

    def begin(self) -> None:
        """Note that it has started."""
        self.ready, self.memory_at_start = True, self._resident()

    def release(self) -> None:
        """Ask it to hand its client back after its present request, if it has one."""
        with suppress(OSError):
            send(self.channel, Message(Kind.RELEASE))

    def dismiss(self) -> None:
        """Ask it to end; it must be free."""
        with suppress(OSError):
            send(self.channel, Message(Kind.STOP))

    def kill(self, error: ForumGraphError) -> None:
        """Kill it at once; ``error`` is then sent to its client."""
        self.error = error
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def lower(self) -> None:
        """Set it to the lowest priority until it is free again."""
        self.lowered = self._set_niceness(_LOWEST)
        self.release()

    def raise_again(self) -> bool:
        """Set its priority back; return False where only a privileged process may do that."""
        if self.lowered:
            self.lowered = not self._set_niceness(0)
        return not self.lowered

    def close(self) -> None:
        """Close the descriptors of it in this process."""
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
    """Return the error for a worker that died by itself, from its exit status and its output."""
    if status == -signal.SIGABRT and _OUT_OF_MEMORY in stderr:
        return memory_error(limits)
    if status == -signal.SIGSEGV:
        return QueryCrashedError("the query crashed the engine: nest it less deeply")
    if status == -signal.SIGKILL:
        return QueryCrashedError("the process that answered was killed from outside: ask again")
    return QueryCrashedError(f"the query crashed the engine (status {status})")
