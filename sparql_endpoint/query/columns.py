"""The columns of SELECT * in the order of the query.

SPARQL leaves their order open (SPARQL 1.1 Query, section 16.1,
https://www.w3.org/TR/sparql11-query/#selectproject); the engine sorts them by name. Other servers
and readers expect them as they first stand in the query, so ``*`` is replaced by that list.
"""

import re
from collections.abc import Mapping

from pyoxigraph import QuerySolutions, Store

from sparql_endpoint.query.reading import Reading
from sparql_endpoint.query.terminals import IRI

__all__ = ["plain_columns", "star_of", "visible"]

_STAR = re.compile(r"SELECT\s*(?:(?:DISTINCT|REDUCED)\s*)?(\*)", re.IGNORECASE)
_DOUBTFUL = re.compile(
    r"""["'#\\<]|[\w)][?$]|\b(?:BIND|EXISTS|FILTER|FROM|MINUS|ORDER|SELECT|SERVICE)""",
    re.IGNORECASE,
)
_IRI = re.compile(IRI)
_EMPTY = Store()
_VARIABLE = re.compile(r"[?$](\w+)")


def plain_columns(text: str) -> str | None:
    """Return a plain query with its columns for ``*``; None for one that needs closer reading.

    Plain is a query in which each variable is one of a pattern: it has no expression, no nested
    SELECT and no text in quotation marks or comments that could look like a variable.
    """
    star = _STAR.search(text)
    last = text.rfind("}")
    if star is None or last < star.end():
        return None
    before, pattern = _IRI.sub("", text[: star.start()]), _IRI.sub(" ", text[star.end() : last])
    after = text[last + 1 :].lstrip()[:5].upper()
    if after not in {"", "ORDER", "LIMIT", "OFFSE"} or "{" in text[last:]:
        return None
    if _DOUBTFUL.search(pattern) or _DOUBTFUL.search(before) or "{" in before:
        return None
    names = dict.fromkeys(_VARIABLE.findall(pattern))
    if not names:
        return None
    listed = " ".join(f"?{name}" for name in names)
    return f"{text[: star.start(1)]} {listed}{text[star.end(1) :]}"


def visible(text: str, prefixes: Mapping[str, str], base: str | None) -> list[str]:
    """Return the columns of a query with ``SELECT *``, in the order of the query.

    The engine says which variables are visible. None are named for a query that it does not parse.
    """
    try:
        result = _EMPTY.query(text, prefixes=dict(prefixes), base_iri=base)
    except (SyntaxError, RuntimeError, OSError, ValueError):
        return []
    if not isinstance(result, QuerySolutions):
        return []
    names = {variable.value for variable in result.variables}
    return [name for name in dict.fromkeys(_VARIABLE.findall(text)) if name in names]


def star_of(text: str, reading: Reading | None = None) -> int | None:
    """Return where the ``*`` of the query's own SELECT stands, None without one.

    None as well where that would take a ``reading`` and none is given: where quotation marks,
    comments or braces stand before it.
    """
    if reading is None:
        star = _STAR.search(text)
        plain = star is not None and not re.search("[\"'#{]", _IRI.sub("", text[: star.start()]))
        return star.start(1) if star is not None and plain else None
    if not reading.word(reading.body).startswith("SELECT"):
        return None
    within = range(reading.body, min(reading.body + 3, len(reading.tokens)))
    return next((reading.tokens[at].start for at in within if reading.sign(at) == "*"), None)
