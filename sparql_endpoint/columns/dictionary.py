"""The dictionary: terms by their ids, in two files that all processes map into their memory.

Ids go from 1. ``lexical`` has the lexical forms one behind the other, ``offsets`` where each ends,
as 64-bit numbers; the class of a term tells the rest of it.
"""

import mmap
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from json.encoder import encode_basestring
from pathlib import Path
from typing import IO, Any, NamedTuple

from sparql_endpoint.columns.classes import BLANK, IRI, STRING, Term, read_term, suffix_of

__all__ = ["Class", "Dictionary", "in_json"]

_PLAIN = re.compile(r'[^\x00-\x1f\x7f"\\]*')
_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')


class Class(NamedTuple):
    """The ids of a class, from ``first`` to before ``stop``."""

    key: str
    first: int
    stop: int


class Dictionary:
    """The terms in a folder, by ids and by classes, and the ids of terms."""

    def __init__(self, folder: Path, classes: Iterable[Iterable[Any]]) -> None:
        self.classes = [Class(*entry) for entry in classes]
        """Each with its number as index."""
        self._firsts = [entry.first for entry in self.classes]
        self._by_key = {entry.key: number for number, entry in enumerate(self.classes)}
        self._in_json = [_json_around(entry.key) for entry in self.classes]
        with (folder / "offsets").open("rb") as file:
            self._ends = memoryview(_mapped(file)).cast("Q")
        with (folder / "lexical").open("rb") as file:
            self.lexical = _mapped(file)

    def class_number(self, key: str) -> int | None:
        """Return the number of a class, None where the data have no term of it."""
        return self._by_key.get(key)

    @cached_property
    def every(self) -> frozenset[int]:
        """The numbers of all classes."""
        return frozenset(range(len(self.classes)))

    def class_of(self, identifier: int) -> Class:
        """Return the class of an id."""
        return self.classes[bisect_right(self._firsts, identifier) - 1]

    def form(self, identifier: int) -> str:
        """Return the lexical form of an id."""
        start, end = self._ends[identifier - 1], self._ends[identifier]
        return self.lexical[start:end].decode()

    def text(self, identifier: int) -> str:
        """Return an id's term in N-Triples."""
        key, form = self.class_of(identifier).key, self.form(identifier)
        if key == IRI:
            return f"<{form}>"
        if key == BLANK:
            return f"_:{form}"
        if not _PLAIN.fullmatch(form):
            form = _ESCAPED.sub(_escaped, form)
        return f'"{form}"{suffix_of(key)}'

    def json(self, identifier: int) -> str:
        """Return an id's term in SPARQL Results JSON."""
        before, behind = self._in_json[bisect_right(self._firsts, identifier) - 1]
        return before + encode_basestring(self.form(identifier)) + behind

    def identifier(self, text: str) -> int | None:
        """Return the id of a term in N-Triples as Oxigraph writes it, None where it is no term."""
        term = read_term(text)
        number = self._by_key.get(term.key) if term else None
        if term is None or number is None:
            return None
        at = self.bound(number, term.order, after=False)
        found = at < self.classes[number].stop and self.form(at) == term.lexical
        return at if found else None

    def bound(self, number: int, value: Any, *, after: bool) -> int:
        """Return the first id of a class whose term is not below a value, or that is ``after`` it.

        ``value`` is an ``order`` that terms of the class have, or that compares with these.
        """
        key, low, high = self.classes[number]
        while low < high:
            middle = (low + high) // 2
            order = self._order(key, middle)
            if order < value or (after and order == value):
                low = middle + 1
            else:
                high = middle
        return low

    def _order(self, key: str, identifier: int) -> Any:
        form = self.form(identifier)
        if key[0] != "^":
            return form
        term = read_term(f'"{form}"{suffix_of(key)}')
        assert isinstance(term, Term)  # noqa: S101  # it was read when the file was made
        return term.order

    def is_ascii(self, number: int) -> bool:
        """Return whether all lexical forms of a class are ASCII."""
        return self._forms(number).isascii()

    def matches(
        self, number: int, needle: bytes, *, folded: bool
    ) -> Iterator[tuple[int, int, int]]:
        """Yield where a text lies in terms of a class: ids, and offsets from start and to end.

        What lies across two terms does not count. If ``folded``, capitals of ASCII count as the
        small letters that the text has.
        """
        _, identifier, stop = self.classes[number]
        forms, base = self._forms(number), self._ends[identifier - 1]
        forms = forms.lower() if folded else forms
        at = forms.find(needle)
        while at >= 0:
            identifier = bisect_right(self._ends, base + at, identifier, stop)
            before = base + at - self._ends[identifier - 1]
            behind = self._ends[identifier] - base - at - len(needle)
            if behind >= 0:
                yield identifier, before, behind
            at = forms.find(needle, at + 1)

    def _forms(self, number: int) -> bytes:
        _, first, stop = self.classes[number]
        return self.lexical[self._ends[first - 1] : self._ends[stop - 1]]


def in_json(text: str) -> str:
    """Return a term in SPARQL Results JSON, given that in N-Triples."""
    term = read_term(text)
    assert term is not None  # noqa: S101  # a store without triple terms has it
    before, behind = _json_around(term.key)
    return before + encode_basestring(term.lexical) + behind


def _json_around(key: str) -> tuple[str, str]:
    """Return what stands around the lexical form of a class's terms, as Oxigraph writes it.

    SPARQL 1.1 Results JSON, section 3.2.2:
    https://www.w3.org/TR/sparql11-results-json/#select-encode-terms
    """
    kind = {IRI: "uri", BLANK: "bnode"}.get(key, "literal")
    more = ""
    if key[0] == "@":
        more = f',"xml:lang":"{key[1:]}"'
    elif kind == "literal" and key != STRING:
        more = f',"datatype":{encode_basestring(key[1:])}'
    return f'{{"type":"{kind}","value":', f"{more}}}"


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _mapped(file: IO[bytes]) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
