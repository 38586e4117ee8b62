"""Work done aside: by a process of its own, while this one does something else."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from sparql_endpoint.errors import ForumGraphError

__all__ = ["aside"]

_T = TypeVar("_T")


@contextmanager
def aside(work: Callable[[], _T]) -> Iterator[Callable[[], _T]]:
    """Start ``work`` and give a function that waits for what it returns.

    The work is done by a fork, which shares what is in memory, so nothing but the result is copied.
    Where that is not safe, and where the work fails, it is done in this process when its result is
    asked for: an error is raised then.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        yield work
        return
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, there), daemon=True)
    process.start()
    there.close()

    def result() -> _T:
        try:
            value: _T = here.recv()
        except EOFError:
            return work()
        return value

    try:
        yield result
    finally:
        process.terminate()
        process.join()
        here.close()


def _send(work: Callable[[], _T], connection: Connection) -> None:
    with connection:
        try:
            connection.send(work())
        except ForumGraphError:
            return  # the other side sees the end of the stream and does the work itself
