"""Keeping a server up: it runs in a process of its own, which is started again if it is killed."""

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import click

__all__ = ["supervise"]

_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SHORT_LIFE = 10.0
_MOST_SHORT_LIVES = 3


def supervise(work: Callable[[], int]) -> int:
    """Run ``work`` in a child process and return its exit code; run it again if a signal kills it.

    Signals to stop are passed on. Three short lives in a row are enough: the code is then 1. The
    process must have no threads yet.
    """
    short_lives = 0
    while short_lives < _MOST_SHORT_LIVES:
        began = time.monotonic()
        code, told_to_stop = _live(work)
        if code >= 0 or told_to_stop:
            return max(code, 0)
        click.echo(f"forumgraph: the server died of {signal.Signals(-code).name}", err=True)
        short_lives = short_lives + 1 if time.monotonic() - began < _SHORT_LIFE else 0
    return 1


def _live(work: Callable[[], int]) -> tuple[int, bool]:
    """Return the child's exit code, negative for a signal, and whether it was told to stop.

    Signals are held back while either process is not ready for them, so that none is lost and none
    is passed on to a process that is no more.
    """
    told: list[int] = []
    parent = os.getpid()

    def forward(number: int, _: FrameType | None) -> None:
        told.append(number)
        os.kill(pid, signal.SIGTERM)

    signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
    before = {number: signal.signal(number, forward) for number in _FORWARDED}
    try:
        pid = os.fork()
        if pid == 0:
            _be_child(work, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # its number stays its own
        signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
        _, status = os.waitpid(pid, 0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)
    return os.waitstatus_to_exitcode(status), bool(told)


def _be_child(work: Callable[[], int], parent: int) -> None:
    from sparql_endpoint.engine.isolation import die_with_parent  # noqa: PLC0415  # after the fork

    code = 1
    try:
        for number in _FORWARDED:
            signal.signal(number, signal.SIG_DFL)
        os.setpgid(0, 0)  # Ctrl+C reaches the parent alone, which passes it on once
        die_with_parent(parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)  # one that waits ends it here
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # nothing may unwind into the parent's code
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
