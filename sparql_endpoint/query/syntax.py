"""Saying what is wrong with a query that the engine does not parse.

The engine's message lists every character class that its parser tried, at a place that may be a
keyword's length too far. So the fault is looked for again: in the names and IRIs, then by grammar,
and only what both let pass is told in the engine's words.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from sparql_endpoint.errors import Place, QuerySyntaxError
from sparql_endpoint.query.lexer import Lexer
from sparql_endpoint.query.outline import outline
from sparql_endpoint.query.places import place_at
from sparql_endpoint.query.prologue import Prologue

__all__ = ["explain"]

_ENGINE_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+)")
_LONGEST = 60
_MOST_DIGITS = 18
_MOST_TOKENS = 20_000

_SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "variable that is unbound": (
            "a query with GROUP BY or an aggregate selects a variable that is not grouped",
            "name the variable in GROUP BY, or select it by an aggregate: (SAMPLE(?x) AS ?any)",
        ),
        "Duplicated variable name": ("SELECT names a variable twice", "leave one out"),
        "overrides an existing variable": (
            "an expression of SELECT goes by the name of a variable of the pattern",
            "give it another name behind AS",
        ),
        "not authorized with GROUP BY": (
            "SELECT * cannot stand with GROUP BY",
            "name the grouped variables behind SELECT",
        ),
    }
)
"""What the engine says once a query has the right form, and how we say it."""

_LOOK_FOR = (
    "look for BIND … AS ?x where ?x has a value already, a row of VALUES with more or fewer values"
    " than variables, a blank node _:x in two patterns, or a function with too many or too few"
    " arguments"
)


def explain(text: str, fault: SyntaxError, base: str | None = None) -> QuerySyntaxError:
    """Return the error that tells the writer of ``text`` what ``fault`` of the engine means.

    ``base`` is the IRI that relative IRIs resolve against where the text has no BASE.
    """
    try:
        outline(text, base)
    except QuerySyntaxError as error:
        return error
    checks = (_bad_term(text, base), _too_large(text), _departure(text))
    faults = [found for found in checks if found is not None]
    if faults:
        return min(faults, key=lambda found: found[0])[1]
    return _in_other_words(text, fault.msg)


def _bad_term(text: str, base: str | None) -> tuple[int, QuerySyntaxError] | None:
    """Return the first name or IRI that stands for none: its offset and the error."""
    prologue = Prologue(text, base=base)
    declaring = True
    for token in Lexer(text):
        try:
            declaring = declaring and prologue.take(token)
            if not declaring and token.kind in {"iri", "name"}:
                prologue.iri(token)
        except QuerySyntaxError as error:
            return token.start, error
    return None


def _too_large(text: str) -> tuple[int, QuerySyntaxError] | None:
    """Return the first LIMIT or OFFSET that is larger than the engine can count."""
    for keyword, token in pairwise(Lexer(text)):
        digits = token.kind == "number" and token.text.isdecimal()
        if digits and keyword.ends_with(("LIMIT", "OFFSET")) and len(token.text) > _MOST_DIGITS:
            reason = f"{_shorten(token.text)} is more than the engine can count"
            place = place_at(text, token.start)
            return token.start, QuerySyntaxError(reason, place, "leave it out, or write less")
    return None


def _departure(text: str) -> tuple[int, QuerySyntaxError] | None:
    """Return where the text leaves the grammar, unless it is too long to look for that."""
    from sparql_endpoint.query.expectations import describe, hint_for  # noqa: PLC0415  # lark is slow
    from sparql_endpoint.query.grammar import departure  # noqa: PLC0415  # to come, mistakes are rare

    found = departure(text) if outline(text).size <= _MOST_TOKENS else None
    if found is None:
        return None
    at = found.token.start if found.token else len(text.rstrip())
    what = f"'{_shorten(found.token.text)}' cannot stand here" if found.token else "here it ends"
    reason = f"{what}; expected {describe(found.accepted)}"
    return at, QuerySyntaxError(reason, place_at(text, at), hint_for(found))


def _shorten(text: str) -> str:
    """Return a token short enough to be named."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _in_other_words(text: str, message: str) -> QuerySyntaxError:
    for words, (reason, hint) in _SENTENCES.items():
        if words in message:
            selects = (t.start for t in Lexer(text) if t.text.upper().startswith("SELECT"))
            return QuerySyntaxError(reason, place_at(text, next(selects, 0)), hint)
    told = _ENGINE_PLACE.search(message)
    lines = text.splitlines() or [""]
    line = min(int(told["line"]) if told else 1, len(lines))
    column = min(int(told["column"]) if told else 1, len(lines[line - 1]) + 1)
    place = Place(line, column, lines[line - 1])
    return QuerySyntaxError("the engine cannot parse this, up to here", place, _LOOK_FOR)
