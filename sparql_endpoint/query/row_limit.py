"""Counting the rows of a serialized SELECT as it passes, and where to cut it behind a row.

The engine serializes much faster than Python could row by row, so rows are counted in its bytes.
What marks a row follows from how each format escapes, and from how Oxigraph writes it:

- TSV: a line feed ends a row, and within a term it is escaped (SPARQL 1.1 CSV and TSV, section 4).
- CSV: a line feed outside quotation marks ends a row (RFC 4180, section 2).
- XML: ``<result>`` starts a row, and ``<`` within text is escaped.
- JSON: ``,{"`` starts a row, and so does the first ``{"`` of the bindings. Within a string the
  quotation mark would be escaped; if it ends the string, ``}`` or ``,`` follows, never a
  variable's name. A row that binds nothing (``{}``) is not counted; such rows weigh three bytes.
"""

import re
from abc import ABC, abstractmethod
from itertools import islice

from sparql_endpoint.errors import UsageError

__all__ = ["RowLimit", "row_limit"]


class RowLimit(ABC):
    """Counts the rows of one answer, of which ``most`` may pass."""

    closing = b""
    """What makes a whole document of an answer that is cut."""

    def __init__(self, most: int) -> None:
        self._rows = 0
        self._most = most
        self._size = 0

    @property
    def rows(self) -> int:
        """The rows that have passed: those that started, for formats of lines those that ended."""
        return max(self._rows, 0)

    def feed(self, block: bytes) -> int | None:
        """Count the rows of the next bytes.

        Returns:
            How many bytes of the whole answer are before the first row too many; None while there
            is no such row.
        """
        start, self._size = self._size, self._size + len(block)
        return self._feed(block, start)

    @abstractmethod
    def _feed(self, block: bytes, start: int) -> int | None: ...


class _Lines(RowLimit):
    """Counts ends of lines behind the first line, which names the variables."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self._rows = -1
        self._end: int | None = None  # of the last row that may pass

    def _feed(self, block: bytes, start: int) -> int | None:
        if self._end is None:
            ends = self._line_ends(block)
            if self._rows + len(ends) < self._most:
                self._rows += len(ends)
                return None
            self._end = start + ends[self._most - self._rows - 1]
            self._rows = self._most
        return self._end if self._size > self._end else None

    def _line_ends(self, block: bytes) -> list[int]:
        return [match.end() for match in re.finditer(b"\n", block)]


class _QuotedLines(_Lines):
    """Counts lines where a quoted value may hold line feeds."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self._quoted = False

    def _line_ends(self, block: bytes) -> list[int]:
        ends, at = [], 0
        for part in block.split(b'"'):
            if not self._quoted and b"\n" in part:
                ends += [at + end for end in super()._line_ends(part)]
            at += len(part) + 1
            self._quoted = not self._quoted
        self._quoted = not self._quoted  # no quotation mark ends the last part
        return ends


class _Marks(RowLimit):
    """Counts starts of rows by a pattern of fixed width, also those that lie across two blocks."""

    _pattern: re.Pattern[bytes]
    _width: int

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self._tail = b""

    def _feed(self, block: bytes, start: int) -> int | None:
        start -= len(self._tail)
        block = self._tail + block
        self._tail = block[1 - self._width :]
        count = len(self._pattern.findall(block))
        allowed = self._most - self._rows
        if count <= allowed:
            self._rows += count
            return None
        self._rows = self._most
        return start + next(islice(self._pattern.finditer(block), allowed, None)).start()


class _XmlRows(_Marks):
    closing = b"</results></sparql>"
    _pattern = re.compile(rb"<result>")
    _width = 8


class _JsonRows(_Marks):
    """Counts the objects of ``results.bindings`` that bind something."""

    closing = b"]}}"
    _pattern = re.compile(rb',\{"[^},]')
    _width = 4
    _BINDINGS = b'"bindings":['

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self._head: bytes | None = b""

    def _feed(self, block: bytes, start: int) -> int | None:
        if self._head is None:
            return super()._feed(block, start)
        self._head += block
        before, found, rows = self._head.partition(self._BINDINGS)
        if not (found and rows):
            return None
        self._head = None
        first = len(before) + len(found)
        cut = super()._feed(b"," + rows, first - 1)  # so that the first row looks like the others
        return None if cut is None else max(cut, first)


_LIMITS: dict[str, type[RowLimit]] = {
    "json": _JsonRows,
    "xml": _XmlRows,
    "csv": _QuotedLines,
    "tsv": _Lines,
}


def row_limit(result_format: str, most: int) -> RowLimit:
    """Return a counter for a result format by its short name, which lets ``most`` rows pass.

    Raises:
        UsageError: rows of that format cannot be counted.
    """
    try:
        return _LIMITS[result_format](most)
    except KeyError:
        raise UsageError(f"rows of '{result_format}' cannot be counted") from None
