"""Work in a child process, while this process does something else."""

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
    """Start ``work``, and return a function that waits for its result and returns it.

    A fork does the work; it shares our memory, so only the result is copied. Where forking is not
    safe, or the work fails in the fork, the returned function does the work in this process, and
    raises its errors.
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
            return  # the parent sees the end of the stream, and does the work itself
