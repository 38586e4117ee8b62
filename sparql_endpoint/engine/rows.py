"""Counting the rows of a serialised SELECT as it passes, and cutting it behind a row.

The engine serialises much faster than Python could row by row, so rows are counted in its bytes.
What marks a row follows from how each format escapes, and from how Oxigraph writes it:

- TSV: a line feed ends a row, and within a term it is escaped (SPARQL 1.1 CSV and TSV, section 4).
- CSV: a line feed outside quotation marks ends a row (RFC 4180, section 2).
- XML: ``<result>`` starts a row, and ``<`` within text is escaped.
- JSON: ``,{"`` starts a row, and so does the first ``{"`` of the bindings. Within a string the
  quotation mark would be escaped; if it ends the string, ``}`` or ``,`` follows, never a
  variable's name. A row that binds nothing (``{}``) is not seen; such rows weigh three bytes.
"""

import json
import re
from collections.abc import Callable
from typing import Protocol

from sparql_endpoint.errors import UsageError

__all__ = ["RowCounter", "cut", "row_counter"]


class RowCounter(Protocol):
    """Counts rows; ``rows`` is how many started or ended in the blocks fed so far."""

    rows: int

    def feed(self, block: bytes) -> None:
        """Take the next bytes."""
        ...


class _Lines:
    """Counts lines behind the first, which names the variables."""

    def __init__(self) -> None:
        self.rows = -1

    def feed(self, block: bytes) -> None:
        self.rows += block.count(b"\n")


class _QuotedLines:
    """Counts lines behind the first where a quoted value may hold line feeds."""

    def __init__(self) -> None:
        self.rows = -1
        self._quoted = False

    def feed(self, block: bytes) -> None:
        parts = block.split(b'"')
        first_plain = 1 if self._quoted else 0
        self.rows += sum(part.count(b"\n") for part in parts[first_plain::2])
        self._quoted ^= len(parts) % 2 == 0


class _Marks:
    """Counts matches of a pattern of fixed width, also those that lie across two blocks."""

    def __init__(self, pattern: bytes, width: int) -> None:
        self.rows = 0
        self._find = re.compile(pattern).findall
        self._overlap = width - 1
        self._tail = b""

    def feed(self, block: bytes) -> None:
        block = self._tail + block
        self.rows += len(self._find(block))
        self._tail = block[-self._overlap :]


class _JsonRows(_Marks):
    """Counts the objects of ``results.bindings`` that bind something."""

    _BINDINGS = b'"bindings":['

    def __init__(self) -> None:
        super().__init__(rb',\{"[^},]', 4)
        self._head: bytes | None = b""

    def feed(self, block: bytes) -> None:
        if self._head is None:
            super().feed(block)
            return
        self._head += block
        _, found, behind = self._head.partition(self._BINDINGS)
        if found and behind:
            self._head = None
            super().feed(b"," + behind)


_COUNTERS: dict[str, Callable[[], RowCounter]] = {
    "json": _JsonRows,
    "xml": lambda: _Marks(rb"<result>", 8),
    "csv": _QuotedLines,
    "tsv": _Lines,
}


def row_counter(result_format: str) -> RowCounter:
    """Return a counter for a result format by its short name.

    Raises:
        UsageError: there is none for it.
    """
    try:
        return _COUNTERS[result_format]()
    except KeyError:
        raise UsageError(f"rows of '{result_format}' cannot be counted") from None


def cut(body: bytes, rows: int, result_format: str) -> bytes:
    """Return ``body``, which holds more than ``rows`` rows, as a whole document of the first ones.

    ``body`` may end anywhere behind those rows.
    """
    if result_format == "json":
        return _cut_json(body, rows)
    if result_format == "xml":
        return _cut_xml(body, rows)
    line = rb'(?:[^"\n]|"[^"]*")*\n' if result_format == "csv" else rb"[^\n]*\n"
    end = 0
    matcher = re.compile(line)
    for _ in range(rows + 1):
        match = matcher.match(body, end)
        if match is None:
            break
        end = match.end()
    return body[:end]


def _cut_xml(body: bytes, rows: int) -> bytes:
    ends = re.finditer(rb"</result>|<results>", body)
    for _, end in zip(range(rows), ends, strict=False):
        del end
    at = next(ends).end()
    return body[:at] + b"</results></sparql>"


def _cut_json(body: bytes, rows: int) -> bytes:
    text = body.decode(errors="ignore")
    decoder = json.JSONDecoder()
    start = text.index(_JsonRows._BINDINGS.decode()) + len(_JsonRows._BINDINGS)  # noqa: SLF001  # its own module
    end = start
    for row in range(rows):
        _, end = decoder.raw_decode(text, end + (1 if row else 0))
    return f"{text[:end]}]}}}}".encode()
