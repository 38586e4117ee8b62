"""Values that all workers share: bounded in number and bytes, least recently written given up.

They lie in a memory-mapped file of LMDB (https://lmdb.readthedocs.io/), which any process may read
while another writes, and which survives that a process is killed at any moment. LMDB does not count
uses; so values are written to the younger of two tables, and when it has half of what is allowed
the older one is emptied and becomes the younger.
"""

import os
from pathlib import Path
from typing import Any

import lmdb

__all__ = ["SharedCache"]

_TABLES = (b"0", b"1")
_YOUNGER, _BYTES = b"younger", b"bytes"
_SLACK = 16 << 20
"""Bytes of the file beyond those of the values."""


class SharedCache:
    """Values by key, in a file of ``folder``; with ``entries`` or ``size`` 0 it stays empty.

    ``entries`` is how many values there may be, ``size`` how many bytes they may have together.
    ``for_forks`` leaves it to the forks of the process that makes this object: a process that has
    an ancestor's file open cannot open it once more.
    """

    def __init__(self, folder: Path, *, entries: int, size: int, for_forks: bool = False) -> None:
        self._folder, self._entries, self._size = folder, entries, size
        self._parent = os.getpid() if for_forks else 0
        self._process = 0
        self._environment: lmdb.Environment | None = None
        self._tables: tuple[Any, ...] = ()
        """That of the state, then the two of values; lmdb names no public type for them."""

    @property
    def largest(self) -> int:
        """The bytes of the longest value that is taken: a quarter of the room."""
        return self._size // 4 if self._entries else 0

    def get(self, key: bytes) -> bytes | None:
        """Return the value of ``key``, None where there is none."""
        if not self.largest or os.getpid() == self._parent:
            return None
        environment = self._open()
        with environment.begin() as transaction:
            for table in self._tables[1:]:
                value: bytes | None = transaction.get(key, db=table)
                if value is not None:
                    return value
        return None

    def put(self, key: bytes, value: bytes) -> None:
        """Store a value, giving up the older ones where there is no room; no very long value."""
        if len(value) > self.largest or os.getpid() == self._parent:
            return
        environment = self._open()
        try:
            with environment.begin(write=True) as transaction:
                self._put(transaction, key, value)
        except lmdb.MapFullError:
            with environment.begin(write=True) as transaction:
                for table in self._tables[1:]:
                    transaction.drop(table, delete=False)

    def _put(self, transaction: lmdb.Transaction, key: bytes, value: bytes) -> None:
        state = self._tables[0]
        younger = int(transaction.get(_YOUNGER, b"0", db=state))
        size = int(transaction.get(_BYTES, b"0", db=state))
        count = transaction.stat(self._tables[1 + younger])["entries"]
        if 2 * (count + 1) > max(self._entries, 2) or 2 * (size + len(value)) > self._size:
            younger, size = 1 - younger, 0
            emptied = self._tables[1:] if self._entries == 1 else [self._tables[1 + younger]]
            for table in emptied:
                transaction.drop(table, delete=False)
            transaction.put(_YOUNGER, b"%d" % younger, db=state)
        transaction.put(key, value, db=self._tables[1 + younger])
        transaction.put(_BYTES, b"%d" % (size + len(value)), db=state)

    def figures(self) -> tuple[int, int]:
        """Return how many values there are, and how many bytes their pages have."""
        if not self.largest:
            return 0, 0
        with self._open().begin() as transaction:
            tables = [transaction.stat(table) for table in self._tables[1:]]
        pages = [t["branch_pages"] + t["leaf_pages"] + t["overflow_pages"] for t in tables]
        return sum(t["entries"] for t in tables), tables[0]["psize"] * sum(pages)

    def _open(self) -> lmdb.Environment:
        """Return the file as this process has it open: a fork must not use its parent's."""
        if self._environment is None or self._process != os.getpid():
            self._process = os.getpid()
            self._environment = lmdb.open(
                str(self._folder),
                map_size=2 * self._size + _SLACK,
                max_dbs=1 + len(_TABLES),
                max_readers=1024,
                metasync=False,
                sync=False,
                writemap=True,
            )
            self._environment.reader_check()  # readers that were killed
            names = (b"state", *_TABLES)
            self._tables = tuple(self._environment.open_db(name) for name in names)
        return self._environment
