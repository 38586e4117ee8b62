"""What could stand at a place of a query, and what was probably meant, in a few words."""

from collections.abc import Iterable

from sparql_endpoint.query.grammar import FUNCTIONS, KEYWORDS, SIGNS, Departure, words
from sparql_endpoint.query.near import nearest
from sparql_endpoint.query.tokens import Token

__all__ = ["describe", "hint_for"]

_TERMS = words(
    """BLANK FALSE IRIREF LBRACKET LPAR LREIFIED LTRIPLE MINUS_SIGN NUMBER PLUS PNAME STRING TRUE
    VAR"""
)
_PATTERNS = words(
    "BIND FILTER GRAPH LANNOTATION LATERAL LBRACE MINUS OPTIONAL SERVICE TILDE VALUES"
)
_OPERATORS = words(
    """AND ATLEAST ATMOST EQUAL GREATER IN LESS MINUS_SIGN NOT OR PIPE PLUS QUESTION SLASH STAR
    UNEQUAL"""
)
_EXPRESSIONS = (_TERMS | {"BANG", "EXISTS", "FUNCTION", "NOT"}) - {"BLANK", "LBRACKET", "LREIFIED"}

_GROUPS: tuple[tuple[frozenset[str], frozenset[str], str], ...] = (
    (frozenset({"FUNCTION", "STRING"}), _EXPRESSIONS, "an expression"),
    (
        frozenset({"FUNCTION", "LPAR"}),
        _EXPRESSIONS - {"VAR"},
        "a condition in parentheses or a function",
    ),
    (frozenset({"BLANK", "VAR"}), _TERMS, "a variable, an IRI or a value"),
    (frozenset({"BANG", "IRIREF"}), frozenset({"A", "BANG", "CARET", "LPAR"}), ""),
    (frozenset({"DOT", "FILTER"}), _PATTERNS, ""),
    (frozenset({"RBRACE", "FILTER"}), _PATTERNS, "another pattern"),
    (frozenset({"SLASH", "STAR"}), _OPERATORS, "an operator"),
    (frozenset({"VAR"}), frozenset({"VAR"}), "a variable"),
    (frozenset({"IRIREF"}), frozenset({"IRIREF", "PNAME"}), "an IRI"),
    (frozenset({"STRING"}), frozenset({"STRING"}), "a string"),
    (frozenset({"NUMBER"}), frozenset({"NUMBER"}), "a number"),
    (frozenset({"PNAME"}), frozenset({"PNAME"}), "a prefix"),
    (frozenset({"$END"}), frozenset({"$END"}), "the end"),
)
"""Terminals that must be accepted, those that then need no mention, and the words for them all."""

_MOST = 8


def describe(accepted: Iterable[str]) -> str:
    """Return in words what is accepted, at most eight things."""
    rest, told = set(accepted), list[str]()
    for needed, covered, label in _GROUPS:
        if needed <= rest:
            rest -= covered
            told += [label] if label else []
    signs = sorted(f"'{SIGNS[name]}'" for name in rest if name in SIGNS)
    told += sorted(name for name in rest if name in KEYWORDS) + signs
    told = told[:_MOST]
    return " or ".join(filter(None, [", ".join(told[:-1]), told[-1]])) if told else "nothing"


def hint_for(found: Departure) -> str:
    """Return what was probably meant, or nothing."""
    before = found.before.text.upper() if found.before else ""
    if found.token is None:
        return f"write {before}(?x)" if before in {"ASC", "DESC"} else "the query ends too early"
    if found.token.kind == "word":
        return _word_hint(found.token.text, found.accepted)
    if found.token.kind in {"less", "sign"}:
        return _sign_hint(found.token.text, before, found.accepted)
    return _term_hint(found.token, found.accepted)


def _sign_hint(sign: str, before: str, can: frozenset[str]) -> str:
    if sign == "," and "VAR" in can:
        return "no commas here, a space is enough"
    if sign == before == "=":
        return "'is equal' is a single '='"
    if sign == "<" and "IRIREF" in can:
        return "an IRI holds no space, quotation mark, brace or bracket"
    if sign == "-" and before.isdigit():
        return 'a date is written "2018-01-22"^^xsd:date'
    return ""


def _term_hint(token: Token, can: frozenset[str]) -> str:
    if token.kind == "variable" and "AS" in can:
        return f"name the value: … AS {token.text}"
    if token.kind == "variable" and "FUNCTION" in can:
        return "put the condition in parentheses"
    if "DOT" in can:
        return "put '.' between one triple and the next, ';' before another property of the same"
    return ""


def _word_hint(word: str, can: frozenset[str]) -> str:
    upper = word.upper()
    known = [*(KEYWORDS & can), *(FUNCTIONS if "FUNCTION" in can else ())]
    near = nearest(upper, known) if upper not in KEYWORDS | FUNCTIONS else None
    if near is not None:
        return f"did you mean {near}?"
    if upper in FUNCTIONS and "VAR" in can:
        return f"an expression stands in parentheses and gets a name: ({upper}(…) AS ?name)"
    if upper not in KEYWORDS | FUNCTIONS and can & {"PNAME", "STRING", "VAR"}:
        return (
            "a name has a prefix (id:chile), a variable a '?', a text quotation marks (\"Chile\")"
        )
    return ""
