"""The memory that requests take: each alone, and all together."""

from collections.abc import Iterator, Sequence

from sparql_endpoint.errors import QueryMemoryError
from sparql_endpoint.limits import Limits, memory_error
from sparql_endpoint.server.worker_process import WorkerProcess

__all__ = ["MemoryWatch"]

_SECONDS = 0.25
"""Seconds between two measurements."""


class MemoryWatch:
    """Finds the workers that take too much memory; it measures only those past their quick time."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._looked_at = limits, 0.0
        self.total = 0
        """Bytes that the workers took together when they were last measured."""

    def offenders(
        self, slow: Sequence[WorkerProcess], now: float
    ) -> Iterator[tuple[WorkerProcess, QueryMemoryError]]:
        """Yield the workers to end, each with its error, if it is time to measure again."""
        if now - self._looked_at <= _SECONDS:
            return
        self._looked_at = now
        sizes = {worker: worker.memory() for worker in slow}
        self.total = sum(sizes.values())
        for worker, size in sizes.items():
            if size > self._limits.query_memory:
                yield worker, memory_error(self._limits)
        if self.total > self._limits.total_memory:
            largest = max(sizes, key=sizes.__getitem__)
            if largest.error is None:
                total = self._limits.total_memory >> 20
                reason = f"all queries together wanted more than {total} MiB, this one most of all"
                yield largest, QueryMemoryError(f"{reason}: ask for less")
