"""Terms in other servers' answers, in the form of SPARQL 1.1 Query Results JSON, put right.

https://www.w3.org/TR/sparql11-results-json/#select-encode-terms
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode

__all__ = ["Row", "put_right"]

Row = Mapping[str, Any]
"""The terms of a solution by the names of their variables, each an object of that format."""

_LABEL = re.compile(r"(?!x_)[A-Za-z0-9_]+")
_LITERALS = frozenset({"literal", "typed-literal"})  # the second is of drafts, and of Virtuoso
_IRIS = frozenset({"uri", "iri"})
_TRIPLES = frozenset({"triple", "statement"})  # the second is Stardog's, with parts s, p and o
_PARTS = ("subject", "predicate", "object")
_LONGEST = 160


def put_right(term: Any, tell: Callable[[str], None]) -> dict[str, Any] | None:
    """Return a term as our engine reads it, or None for no value.

    Args:
        term: the term as the server sent it; None is no value, as some send it.
        tell: called with a sentence on what is wrong with the term, if it could not be kept whole.
    """
    if term is None:
        return None
    kind, value = (term.get("type"), term.get("value")) if isinstance(term, dict) else (None, None)
    if kind in _TRIPLES and isinstance(value, dict):
        parts = {name: put_right(value.get(name) or value.get(name[0]), tell) for name in _PARTS}
        return {"type": "triple", "value": parts} if all(parts.values()) else None
    if kind in _LITERALS and isinstance(value, str):
        return _literal(term, value, tell)
    if kind == "bnode" and isinstance(value, str):
        return {"type": "bnode", "value": _label(value)}
    if kind in _IRIS and isinstance(value, str) and _is_iri(value):
        return {"type": "uri", "value": value}
    wrong = f"<{value}> is no absolute IRI" if kind in _IRIS else f"{term} is no term of RDF"
    tell(f"{wrong[:_LONGEST]}: left out")
    return None


def _literal(term: Row, value: str, tell: Callable[[str], None]) -> dict[str, Any]:
    language = term.get("xml:lang") or term.get("lang")
    datatype = term.get("datatype")
    made = {"type": "literal", "value": value}
    if language:
        if _is_language(str(language)):
            direction = term.get("its:dir")
            return made | {"xml:lang": language} | ({"its:dir": direction} if direction else {})
        tell(f'"{value[:_LONGEST]}" has the language "{language}", which is no tag: left out')
    elif datatype:
        if _is_iri(str(datatype)):
            return made | {"datatype": datatype}
        tell(f'"{value[:_LONGEST]}" has the datatype <{datatype}>, which is no IRI: left out')
    return made


def _label(label: str) -> str:
    """Return a label that is a name anywhere, the same for the same: ``nodeID://b1`` is none.

    A label means nothing beyond its answer: SPARQL 1.1 Query Results JSON, section 3.2.2.
    """
    return label if _LABEL.fullmatch(label) else f"x_{label.encode().hex()}"


@lru_cache(maxsize=4096)
def _is_iri(value: str) -> bool:
    try:
        NamedNode(value)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def _is_language(tag: str) -> bool:
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True
