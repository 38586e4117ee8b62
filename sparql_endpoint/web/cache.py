"""Answers kept to be given again, the least recently used given up first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

__all__ = ["AnswerCache"]


class AnswerCache:
    """Answers by key, bounded in number and in bytes; safe among threads."""

    def __init__(self, entries: int, size: int) -> None:
        self._most_entries, self._most_bytes = entries, size
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """The bytes of all bodies."""
        return self._bytes

    @property
    def largest(self) -> int:
        """The bytes of the longest body that is worth keeping: a quarter of the room."""
        return self._most_bytes // 4

    def get(self, key: Hashable) -> bytes | None:
        """Return what is kept under ``key``, or None."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: Hashable, body: bytes) -> None:
        """Keep an answer, giving up others where there is no room; a very long one is not kept."""
        if len(body) > self.largest:
            return
        with self._lock:
            former = self._kept.pop(key, None)
            self._bytes += len(body) - (len(former) if former else 0)
            self._kept[key] = body
            while len(self._kept) > self._most_entries or self._bytes > self._most_bytes:
                _, given_up = self._kept.popitem(last=False)
                self._bytes -= len(given_up)
