"""A Turtle file together with the line on which each of its statements stands.

No RDF library for Python tells where a triple stood. Oxigraph reads a stream and yields a triple
as soon as it is complete, so a stream that hands out one byte at a time shows how far it had read.
"""

import re
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from sparql_endpoint.errors import DataError, NotFoundError, RdfSyntaxError

__all__ = ["Document", "Pattern", "Term", "parse_document", "read_document"]

Term = NamedNode | BlankNode | Literal | Triple
Pattern = tuple[Term | None, NamedNode | None, Term | None]
"""Subject, predicate and value of a statement, None standing for any."""

_AFTER_OBJECT = b" \t\r\n,;.])"
_WHERE = re.compile(r"^Parser error at [^:]*: ")
_BLOCK_START = re.compile(
    rb"^(?!\s*(?:#|[.,;\])]|@prefix|@base|prefix\s|base\s|\r?$))[^\n]", re.MULTILINE | re.IGNORECASE
)


class _ByteByByte:
    """A binary stream that hands out one byte a read and knows how many it gave."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.given = 0

    def read(self, _size: int = -1, /) -> bytes:
        byte = self._content[self.given : self.given + 1]
        self.given += len(byte)
        return byte


@dataclass(frozen=True)
class Document:
    """The bytes of a Turtle file and its statements in their order.

    Args:
        path: the file.
        content: its bytes, UTF-8.
        statements: its triples, in the default graph, in the order in which they end.
    """

    path: Path
    content: bytes
    statements: tuple[Quad, ...]

    @property
    def base_iri(self) -> str:
        """The IRI of the file, against which relative names in it are resolved."""
        return self.path.absolute().as_uri()

    def line(
        self,
        subject: Term | None,
        predicate: NamedNode | None = None,
        value: Term | None = None,
    ) -> int | None:
        """Return the first line, from 1, of a statement, or None where there is no such statement.

        Without a value it is the first statement with the predicate, without either the beginning
        of the subject's block; without a subject, the first statement that has the value.
        """
        return self._lines.get((subject, predicate, value))

    @cached_property
    def _lines(self) -> dict[Pattern, int]:
        lines: dict[Pattern, int] = {}
        for quad, (block, line) in zip(self.statements, _places(self.content), strict=True):
            lines.setdefault((quad.subject, None, None), block)
            lines.setdefault((quad.subject, quad.predicate, None), line)
            lines.setdefault((quad.subject, quad.predicate, quad.object), line)
            lines.setdefault((None, None, quad.object), line)
        return lines


def read_document(path: Path) -> Document:
    """Read a Turtle file with Oxigraph.

    Raises:
        NotFoundError: there is no such file.
        DataError: it cannot be read, is not UTF-8, or begins with a byte order mark.
        RdfSyntaxError: it is not Turtle.
    """
    return parse_document(path, _read_utf8(path))


def parse_document(path: Path, content: bytes) -> Document:
    """Parse what a Turtle file holds, or would hold, with Oxigraph.

    Raises:
        RdfSyntaxError: it is not Turtle.
    """
    try:
        statements = tuple(parse(content, RdfFormat.TURTLE, base_iri=path.absolute().as_uri()))
    except SyntaxError as fault:
        reason = _WHERE.sub("", fault.msg)
        raise RdfSyntaxError(path, fault.lineno or 1, fault.offset or 1, reason) from None
    return Document(path, content, statements)


def _read_utf8(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        content.decode("utf-8")
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except OSError as fault:
        raise DataError(f"{path}: {fault.strerror}") from None
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise DataError(f"{path}:{line}: not UTF-8: save the file in that encoding") from None
    if content.startswith(BOM_UTF8):
        raise DataError(f"{path}:1: begins with a byte order mark: save the file without it")
    return content


def _places(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield, for each statement, the line its subject's block begins on and the line it ends on."""
    stream = _ByteByByte(content)
    breaks = [match.start() for match in re.finditer(rb"\n", content)]
    before = 0
    base = "https://example.org/"  # the terms do not matter here, only where they end
    for _ in parse(cast("IO[bytes]", stream), RdfFormat.TURTLE, base_iri=base):
        gap = content[before : stream.given].rstrip(_AFTER_OBJECT)
        line = bisect_right(breaks, before + len(gap) - 1) + 1
        first_break = gap.find(b"\n") + 1
        start = _BLOCK_START.search(gap, first_break if before else 0)
        block = bisect_right(breaks, before + start.start()) + 1 if start else line
        before = stream.given
        yield block, line
