"""Comparisons with NaN, which are false and no error.

SPARQL 1.1, section 17.3 (https://www.w3.org/TR/sparql11-query/#OperatorMapping), takes ``<`` and
its like from F&O 4.3 (https://www.w3.org/TR/xpath-functions-31/#func-numeric-less-than), where a
comparison with NaN is false. The engine makes it an error, which differs wherever it is negated,
chosen by or kept. Only a query in which NaN can occur is written anew.
"""

import re
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Store

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.reading import Edit, Reading, edited, read
from sparql_endpoint.query.xpath import NAMESPACE

__all__ = ["NAN_FUNCTION", "has_nan", "may_compare", "may_make_nan", "with_nan"]

NAN_FUNCTION = f"{NAMESPACE}nan"
_ORDERS = frozenset({"<", ">", "<=", ">="})
_BETWEEN = _ORDERS | {"=", "!=", "&&", "||", ",", ";"}
_NOT_OPERANDS = frozenset({"AS", "DISTINCT", "IN", "NOT"})
_NAN = [
    Literal("NaN", datatype=NamedNode(f"{PREFIXES['xsd']}{name}")) for name in ("double", "float")
]
_COMPARES = re.compile(r"[<>]=?\s*[\w?$(\"'+\-.]")
_READS = re.compile(r"!(?!=)|\b(?:IF|COALESCE|BIND|AS|ASC|DESC|NOT)\b|\bBY\s*\(")
_MAKES = re.compile(
    r"\bNAN\b|\bINF\b|/\s*[?$]|[\w)]\s*[/*+\-]\s*[0-9.]+E|[0-9.]E[+\-]?[0-9]+\s*[/*+\-]"
)


def may_compare(capitals: str) -> bool:
    """Return whether a query, in capitals, may compare where an error is not as good as false.

    It is as good in a FILTER, unless it is negated or chosen by.
    """
    compares = any(_ends_operand(capitals, found.start()) for found in _COMPARES.finditer(capitals))
    return compares and _READS.search(capitals) is not None


def _ends_operand(text: str, end: int) -> bool:
    """Return whether what stands before ``end`` may be the end of an operand."""
    while end and text[end - 1].isspace():
        end -= 1
    return text[end - 1 : end].isalnum() or text[end - 1 : end] in {"_", "?", ")", '"', "'"}


def may_make_nan(capitals: str) -> bool:
    """Return whether a query, in capitals, may compute NaN or name it."""
    return _MAKES.search(capitals) is not None


def has_nan(store: Store) -> bool:
    """Return whether NaN is an object in a store: one look at its index for each datatype."""
    return any(
        next(iter(store.quads_for_pattern(None, None, value, None)), None) is not None
        for value in _NAN
    )


@lru_cache(maxsize=64)
def with_nan(text: str) -> str:
    """Return a query whose comparisons are false for NaN."""
    try:
        reading = read(text)
    except QuerySyntaxError:
        return text
    edits = list[Edit]()
    for at in reading.here():
        if reading.sign(at) in _ORDERS and reading.expression[at]:
            edits += _comparison(reading, at)
    return edited(text, edits)


def _comparison(reading: Reading, at: int) -> list[Edit]:
    """Return the edits that let a failed comparison be false if an operand is NaN."""
    first, last = at, at
    while _extends(reading, first - 1, opening=False):
        first = reading.partner[first - 1] if reading.partner[first - 1] >= 0 else first - 1
    while _extends(reading, last + 1, opening=True):
        last = reading.partner[last + 1] if reading.partner[last + 1] >= 0 else last + 1
    if at in {first, last}:
        return []
    start, stop = reading.tokens[first].start, reading.end(last)
    left, right = reading.source(first, at), reading.source(at + 1, last + 1)
    return [
        (start, start, "COALESCE("),
        (stop, stop, f", <{NAN_FUNCTION}>({left}, {right}))"),
    ]


def _extends(reading: Reading, at: int, *, opening: bool) -> bool:
    """Return whether an operand goes on with a token, maybe a bracket that opens or closes."""
    if not reading.body <= at < len(reading.tokens) or reading.sign(at) in _BETWEEN:
        return False
    partner = reading.partner[at]
    if partner >= 0:
        return (partner > at) == opening
    return reading.word(at) not in _NOT_OPERANDS
