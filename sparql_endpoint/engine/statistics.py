"""What the engine counts, for the metrics of a server."""

import threading
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Statistics"]


@dataclass
class Statistics:
    """Totals since the start, and how things stand now."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """Queries by how they ended: ``complete``, ``cut``, or the name of the error."""
    rows: int = 0
    """Rows (or triples) of answers that ended."""
    size: int = 0
    """Bytes of answers."""
    killed: int = 0
    """Processes ended because of their query."""
    crashed: int = 0
    """Processes that died of themselves."""
    restarts: int = 0
    """Times that the process holding the data had to be started again."""
    waiting: int = 0
    running: int = 0
    """Queries that have a place, paused ones included."""
    paused: int = 0
    processes: int = 0
    ready: int = 0
    memory: int = 0
    """Bytes that queries hold beside the data."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, outcome: str, rows: int = 0, size: int = 0) -> None:
        """Count a query that ended."""
        with self._lock:
            self.outcomes[outcome] += 1
            self.rows += rows
            self.size += size
