"""A query made ready for the engine, in words that the engine takes as SPARQL 1.1 means them.

What is rewritten means the same by the specification; what cannot be put right comes back as a
notice for whoever asked. Most queries hold nothing to look at, which a few searches of their text
tell; only the others are read token by token.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pyoxigraph import NamedNode, Store

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.calls import Calls
from sparql_endpoint.query.columns import plain_columns, star_of, visible
from sparql_endpoint.query.comparisons import may_compare, may_make_nan
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.distribute import distributed, may_distribute
from sparql_endpoint.query.each_graph import needs_each_graph, scope_notices
from sparql_endpoint.query.fold import LEAST, folded
from sparql_endpoint.query.paths import Paths
from sparql_endpoint.query.reading import Edit, edited, read
from sparql_endpoint.query.xpath import Function

__all__ = ["Prepared", "may_be_relative", "prepare"]

_CALLS = (
    r"GRAPH\s*[?$]|DISTINCT\s*\*\s*\)|REGEX|REPLACE|GROUP_CONCAT|BNODE\s*\(\s*[^\s)]"
    r"|:[^\s(){}<>:;,.\"'?$]*+\s*\(|>\s*\("
)
_STAR = r"SELECT\s*(?:(?:DISTINCT|REDUCED)\s*)?\*"
_LOOK = re.compile(_CALLS)
_COLUMNS = re.compile(_STAR)
_TRUTH = re.compile(r"\b(?!true\b|false\b)(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\b")
_PATHS = re.compile(r"[|*?](?:(?<=\|)(?<!\|\|)(?!\|)|(?<=[\w:>)][*?])(?![\w*?]))")
"""It begins with a set of characters, for which the search skips quickly."""
_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*:)[^<>\"{}|^`\s]*>")
_REMEMBERED = 256


@dataclass(frozen=True)
class Prepared:
    """A query for the engine, with the functions of ours that it calls and what to warn of."""

    original: str
    """The query as it was written."""
    text: str
    """The query that the engine is to be asked."""
    functions: dict[NamedNode, Function] | None = None
    """What ``custom_functions`` of pyoxigraph's ``query`` takes."""
    notices: tuple[Notice, ...] = ()
    compares: bool = False
    """Whether comparisons in it must be looked at where NaN is in the data: ``comparisons``."""
    names_nan: bool = False
    """Whether they must be looked at whatever the data: NaN may come of the query itself."""
    by_graph: bool = False
    """Whether GRAPH clauses need a branch for each graph: ``each_graph``."""

    def fault(self, fault: SyntaxError, base: str | None = None) -> SyntaxError:
        """Return the engine's error of the query as it was written, given that of another text."""
        try:
            Store().query(self.original, prefixes=dict(PREFIXES), base_iri=base)  # is parsed only
        except SyntaxError as original:
            return original
        except (RuntimeError, OSError, ValueError):
            pass
        return fault


def may_be_relative(text: str) -> bool:
    """Return whether a query may hold a relative IRI, so that its answer hangs on the base."""
    return _RELATIVE.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def prepare(text: str, base: str | None = None) -> Prepared:
    """Return a query as the engine is to be asked, and what its answer is to warn of.

    Args:
        text: the query, without codepoint escapes (``escapes.unescaped``).
        base: the IRI that its relative IRIs resolve against where it has no BASE.

    A text with an error of syntax comes back as it is: the engine and ``syntax.explain`` say what
    is wrong with it.
    """
    prepared, capitals = _read(text, base), text.upper()
    if not may_compare(capitals):
        return prepared
    return replace(prepared, compares=True, names_nan=may_make_nan(capitals))


def _read(text: str, base: str | None) -> Prepared:
    capitals = text.upper()
    looks = (
        _LOOK.search(capitals) is not None
        or _PATHS.search(text) is not None
        or (("TRUE" in capitals or "FALSE" in capitals) and _TRUTH.search(text) is not None)
        or may_distribute(capitals)
        or capitals.count("UNION") >= LEAST - 1
    )
    if not looks:
        if _COLUMNS.search(capitals) is None:
            return Prepared(text, text)
        plain = plain_columns(text) or _with_columns(text, base)
        if plain is not None:
            return Prepared(text, plain)
    try:
        return _prepared(text, base)
    except QuerySyntaxError:
        return Prepared(text, text)


def _with_columns(text: str, base: str | None) -> str | None:
    """Return a query with its columns for ``*``, None where its tokens must be read for that."""
    star = star_of(text)
    return None if star is None else edited(text, _column_edits(text, star, base))


def _column_edits(text: str, star: int | None, base: str | None) -> list[Edit]:
    names = [] if star is None else visible(text, PREFIXES, base)
    if star is None or not names:
        return []
    return [(star, star + 1, f" {' '.join(f'?{name}' for name in names)} ")]


def _with_paths(text: str, base: str | None) -> tuple[str, list[Notice]]:
    """Return a query with its paths written anew, and what to warn of."""
    paths = Paths(read(text, base))
    paths.find()
    return edited(text, paths.edits), paths.notices


def _prepared(text: str, base: str | None) -> Prepared:
    reading = read(text, base)
    edits = _column_edits(text, star_of(text, reading), base)
    calls = Calls(reading)
    calls.find()
    edits += calls.edits
    written = edited(text, edits)
    notices = [*calls.notices, *scope_notices(reading)]
    if _PATHS.search(text) is not None:
        written, more = _with_paths(written, base)
        notices += more
    functions = {NamedNode(iri): function for iri, function in calls.functions.items()}
    if text.upper().count("UNION") >= LEAST - 1:
        written = edited(written, folded(read(written, base)))
    if may_distribute(written.upper()):
        written = edited(written, distributed(read(written, base)))
    by_graph = "GRAPH" in written.upper() and needs_each_graph(read(written, base)) is not None
    found = tuple(dict.fromkeys(notices))
    return Prepared(text, written, functions or None, found, by_graph=by_graph)
