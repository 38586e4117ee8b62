"""The means of Linux that confine a process: its network, its memory, its parent's life.

Each function changes the calling process. ``drop_network`` returns False where a kernel or a
container refuses, and the caller goes on with the other lines of defence.
"""

import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path

from sparql_endpoint.errors import UsageError

__all__ = [
    "die_with_parent",
    "drop_network",
    "exit_when_peer_closes",
    "limit_memory",
    "prefer_for_oom",
    "require_linux",
    "resume_reading",
]

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_DATA = 5
"""The index of the pages of private writable memory in /proc/self/statm (proc(5))."""


def require_linux() -> None:
    """Check that this is a system on which a query can be isolated.

    Raises:
        UsageError: the system is not Linux.
    """
    if not sys.platform.startswith("linux"):
        raise UsageError("queries are isolated by means of Linux: run the endpoint there")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def drop_network() -> bool:
    """Move to a network namespace that has only a loopback; return whether that was allowed.

    Root does so directly, others within a user namespace of their own (unshare(2)).
    """
    libc = _libc()
    moved = any(
        libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )
    if moved:
        _raise_loopback()
    return moved


def _raise_loopback() -> None:
    request = struct.pack("16sh14x", b"lo", _IFF_UP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SIOCSIFFLAGS, request)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when ``parent``, which forked it, ends (prctl(2))."""
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def exit_when_peer_closes(sock: socket.socket) -> None:
    """End this process by SIGIO once the other end of ``sock`` closes, or sends anything.

    This serves while the process cannot read the socket, for instance while it loads data.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(sock, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(sock, fcntl.F_GETFL)
    fcntl.fcntl(sock, fcntl.F_SETFL, flags | os.O_ASYNC)


def resume_reading(sock: socket.socket) -> None:
    """Take back ``exit_when_peer_closes``: from now on the process reads ``sock``."""
    flags = fcntl.fcntl(sock, fcntl.F_GETFL)
    fcntl.fcntl(sock, fcntl.F_SETFL, flags & ~os.O_ASYNC)


def limit_memory(limit: int) -> None:
    """Let the process allocate ``limit`` bytes more than it has; an allocation beyond them fails.

    RLIMIT_DATA counts private writable memory, so files mapped for reading are free (setrlimit(2)).
    """
    statm = Path("/proc/self/statm").read_text(encoding="ascii").split()
    ceiling = int(statm[_DATA]) * resource.getpagesize() + limit
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def prefer_for_oom() -> None:
    """Have the kernel end this process before others when the machine runs out of memory."""
    Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
