"""An event loop in a thread of its own: Playwright's runs in the thread of the tests."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

__all__ = ["run"]

_T = TypeVar("_T")


def run(task: Callable[[], Awaitable[_T]]) -> _T:
    """Return what a coroutine returns."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, task).result()
