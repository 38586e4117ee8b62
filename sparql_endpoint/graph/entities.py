"""A bound for the entities of an XML document, which may multiply without end.

XML 1.0, section 4.4: https://www.w3.org/TR/xml/#entproc. The bound is that of the parser Expat
(https://libexpat.github.io/doc/api/latest/#billion-laughs): 8 MiB of replacement text are let pass,
and beyond them a hundred times the bytes read.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from sparql_endpoint.errors import DataError

__all__ = ["bounded"]

_FREE = 8 << 20
_MOST_TIMES = 100
_DEEPEST = 100
_LONGEST_HEAD = 1 << 20
_BLOCK = 1 << 16
_START_TAG = re.compile(rb"<[^!?\s]")
_DECLARATION = re.compile(rb"""<!ENTITY\s+([^\s%"']+)\s+(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(rb"&([^\s&;#]+);")
_CUT = re.compile(rb"&[^\s&;<>]{0,256}\Z")


def bounded(file: IO[bytes], path: Path) -> IO[bytes]:
    """Return the bytes of an XML document, read only as far as its entities stay within the bound.

    Raises:
        DataError: when it is read: an entity refers to itself, or the replacement text is too much.
    """
    head = b""
    while not _START_TAG.search(head) and len(head) < _LONGEST_HEAD:
        block = file.read(_BLOCK)
        head += block
        if not block:
            break
    start = _START_TAG.search(head)
    declared = _declared(head[: start.start()] if start else head)
    return _Bounded(file, path, head, _lengths(declared, path))  # type: ignore[return-value]  # a parser only reads


def _declared(head: bytes) -> dict[bytes, bytes]:
    """Return the entities that a document declares, by name; of two the longer one."""
    found: dict[bytes, bytes] = {}
    for name, double, single in _DECLARATION.findall(head):
        found[name] = max(found.get(name, b""), double or single, key=len)
    return found


def _lengths(declared: Mapping[bytes, bytes], path: Path) -> dict[bytes, int]:
    """Return how many bytes each entity stands for, those that it refers to included."""
    lengths: dict[bytes, int] = {}

    def length(name: bytes, within: tuple[bytes, ...]) -> int:
        if name in within or len(within) == _DEEPEST:
            fault = "is part of itself" if name in within else f"has more than {_DEEPEST} in it"
            raise DataError(f"{path}: the entity &{name.decode(errors='replace')}; {fault}")
        if name not in lengths:
            text = declared.get(name, b"")
            inner = (length(inside, (*within, name)) for inside in _REFERENCE.findall(text))
            lengths[name] = len(text) + sum(inner)
        return lengths[name]

    for name in declared:
        length(name, ())
    return lengths


class _Bounded:
    """A file to read that counts what the entities in it stand for."""

    def __init__(
        self, file: IO[bytes], path: Path, head: bytes, lengths: Mapping[bytes, int]
    ) -> None:
        self._file, self._path, self._lengths = file, path, lengths
        self._head, self._rest = head, b""
        self._read = self._expanded = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes, or what the parser may read at once.

        Raises:
            DataError: they go beyond the bound.
        """
        block = self._next(size)
        if self._lengths:
            self._count(block)
        return block

    def _next(self, size: int) -> bytes:
        if not self._head:
            return self._file.read(size)
        end = size if size >= 0 else len(self._head)
        block, self._head = self._head[:end], self._head[end:]
        return block

    def _count(self, block: bytes) -> None:
        text = self._rest + block
        cut = _CUT.search(text) if block else None
        self._rest = cut[0] if cut else b""
        self._read += len(block)
        self._expanded += sum(self._lengths_in(text[: len(text) - len(self._rest)]))
        if self._expanded > max(_FREE, _MOST_TIMES * self._read):
            raise DataError(
                f"{self._path}: its entities stand for more than {_MOST_TIMES} times the text that"
                " is there: write them out, if they are meant"
            )

    def _lengths_in(self, text: bytes) -> Iterator[int]:
        return (self._lengths.get(name, 0) for name in _REFERENCE.findall(text))
