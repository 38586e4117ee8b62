"""Classes of terms: what a term's class alone says of it.

A class holds the terms of one kind, datatype or language that can be compared in one way. The
dictionary numbers the terms of a class one after another in the order of ``ORDER BY``, so that a
test of kind, datatype, language or value is a test of a range of ids (SPARQL 1.1, sections 15.1
and 17.3, https://www.w3.org/TR/sparql11-query/#modOrderBy).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from sparql_endpoint.names import PREFIXES

__all__ = ["BLANK", "IRI", "STRING", "Key", "Term", "key_of", "read_term", "suffix_of"]

_XSD = PREFIXES["xsd"]
BLANK, IRI, STRING = "_", "<", '"'
"""Keys of classes. Others are ``@`` with a language, ``^`` with a datatype whose values we compare,
and ``~`` with a datatype for literals whose values we do not."""
_KINDS = '_<"@^~'
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_MOST = 1 << 63


class Term(NamedTuple):
    """A term: the key of its class, its lexical form, and its place in the class's order."""

    key: str
    lexical: str
    order: Any


class Key(NamedTuple):
    """A class's place among the classes."""

    kind: int
    key: str


def key_of(key: str) -> Key:
    """Return what classes are sorted by: blank nodes, then IRIs, then literals."""
    return Key(_KINDS.index(key[0]), key)


def suffix_of(key: str) -> str:
    """Return what stands behind the quotation marks of a literal of a class, in N-Triples."""
    if key[0] in "^~":
        return f"^^<{key[1:]}>"
    return key if key[0] == "@" else ""


def _integer(lexical: str) -> int:
    value = int(lexical)
    if str(value) != lexical or not -_MOST <= value < _MOST:
        raise ValueError
    return value


def _decimal(lexical: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", lexical):
        raise ValueError
    return Decimal(lexical)


def _date(lexical: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", lexical):
        raise ValueError
    return date.fromisoformat(lexical)


def _date_time(lexical: str) -> datetime:
    if not re.fullmatch(r"[0-9-]{10}T[0-9:]{8}(?:\.[0-9]{1,6})?", lexical):
        raise ValueError
    return datetime.fromisoformat(lexical)


def _boolean(lexical: str) -> bool:
    return {"false": False, "true": True}[lexical]


_VALUES: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        f"{_XSD}integer": _integer,
        f"{_XSD}decimal": _decimal,
        f"{_XSD}date": _date,
        f"{_XSD}dateTime": _date_time,
        f"{_XSD}boolean": _boolean,
    }
)
"""How a lexical form becomes a value, by datatype; one with a time zone has no total order."""


def read_term(text: str) -> Term | None:
    """Return the term that stands in N-Triples; None for one of RDF 1.2 only.

    The text is as Oxigraph writes it: numbers and dates in their canonical form.
    """
    if text[0] == "<":
        return None if text[1] == "<" else Term(IRI, text[1:-1], text[1:-1])
    if text[0] == "_":
        return Term(BLANK, text[2:], text[2:])
    end = text.rindex('"')
    lexical, suffix = text[1:end], text[end + 1 :]
    if "\\" in lexical:
        lexical = _ESCAPE.sub(_unescaped, lexical)
    if not suffix:
        return Term(STRING, lexical, lexical)
    if suffix[0] == "@":
        return None if "--" in suffix else Term(suffix, lexical, lexical)
    datatype = suffix[3:-1]
    try:
        return Term(f"^{datatype}", lexical, _VALUES[datatype](lexical))
    except (KeyError, ValueError):
        return Term(f"~{datatype}", lexical, lexical)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(match[3], match[3])
