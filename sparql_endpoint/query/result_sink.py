"""The file that an answer is written to: counted, bounded, and in memory that can be handed over.

Nothing of an answer is sent before all of it is there. So its headers tell whether it is whole, a
query that is ended leaves no half an answer behind, and a client that reads slowly holds no worker.
"""

import os
from collections.abc import Iterator
from typing import IO

from sparql_endpoint.query.row_limit import RowLimit

__all__ = ["Body", "EnoughRows", "ResultSink", "TooManyBytes"]

_BLOCK = 1 << 16


class EnoughRows(Exception):  # noqa: N818  # a signal between our own functions, not an error
    """More rows were written than asked for."""


class TooManyBytes(Exception):  # noqa: N818  # as above
    """More bytes were written than a result may have."""


class Body:
    """The bytes of an answer: in this process while they are few, else in a file in memory."""

    def __init__(self, data: bytes = b"", file: IO[bytes] | None = None) -> None:
        self._data = data
        self.file = file
        """A file that lies in memory (memfd_create(2)) and is at its start; None for few bytes."""

    def __len__(self) -> int:
        return len(self._data) if self.file is None else os.fstat(self.file.fileno()).st_size

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in blocks, once; a file is closed at its end."""
        if self.file is None:
            yield self._data
            return
        with self.file as file:
            yield from iter(lambda: file.read(_BLOCK), b"")

    def read(self) -> bytes:
        """Return all bytes, once."""
        return self._data if self.file is None else b"".join(self)

    def close(self) -> None:
        """Give up the bytes."""
        if self.file is not None:
            self.file.close()


class ResultSink:
    """A binary file to write one answer to, of at most ``max_bytes``.

    Up to ``buffer_bytes`` stay in this process, more go to a file in memory.
    """

    def __init__(self, *, buffer_bytes: int, max_bytes: int, limit: RowLimit | None = None) -> None:
        self._buffer_bytes, self._max_bytes, self._limit = buffer_bytes, max_bytes, limit
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._blocks: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._size = 0
        self._cut: int | None = None

    @property
    def rows(self) -> int:
        """The rows that have passed; 0 where none are counted."""
        return self._limit.rows if self._limit else 0

    def write(self, data: bytes) -> int:
        """Take the next bytes from the engine's serializer.

        Raises:
            EnoughRows: more rows were written than the limit lets pass.
            TooManyBytes: more bytes were written than the answer may have.
        """
        self._pending.append(data)
        self._pending_size += len(data)
        if self._pending_size >= _BLOCK:
            self.settle()
        return len(data)

    def flush(self) -> None:
        """Do nothing: serializers flush where it suits them."""

    def settle(self) -> None:
        """Count and store what is pending.

        Raises:
            EnoughRows, TooManyBytes: as ``write``.
        """
        if not self._pending:
            return
        block = b"".join(self._pending)
        self._pending, self._pending_size = [], 0
        self._size += len(block)
        self._store(block)
        if self._limit is not None:
            self._cut = self._limit.feed(block)
            if self._cut is not None:
                raise EnoughRows
        if self._size > self._max_bytes:
            if self._file is not None:
                self._file.close()
            raise TooManyBytes

    def body(self) -> Body:
        """Return what was written; rows too many are cut, and the document is still whole."""
        closing = self._limit.closing if self._limit and self._cut is not None else b""
        if self._file is None:
            return Body(b"".join(self._blocks)[: self._cut] + closing)
        if self._cut is not None:
            self._file.truncate(self._cut)
            self._file.seek(0, os.SEEK_END)
            self._file.write(closing)
        self._file.flush()
        self._file.seek(0)
        return Body(file=self._file)

    def _store(self, block: bytes) -> None:
        if self._file is not None:
            self._file.write(block)
            return
        self._blocks.append(block)
        if self._size > self._buffer_bytes:
            self._file = os.fdopen(os.memfd_create("result"), "w+b")
            self._file.writelines(self._blocks)
            self._blocks = []
