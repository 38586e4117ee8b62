"""How long a row of patterns and operators may be, which the engine nests one in the other.

Its parser and planner call themselves once for each: measured on pyoxigraph 0.5.13, 5,000 times
BIND and 20,000 times UNION, ``!`` or ``+ 1`` overflow the stack and end the process.
"""

from sparql_endpoint.errors import QuerySyntaxError, QueryTooDeepError
from sparql_endpoint.query.lexer import Lexer

__all__ = ["MOST", "check_chains"]

MOST = 2_000
"""Patterns that a query may have; operators count half, triples a tenth."""

_SHORT = 4_000
_TENTHS = {
    **dict.fromkeys(
        ("BIND", "EXISTS", "FILTER", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "UNION", "VALUES"), 10
    ),
    **dict.fromkeys(("!", "!=", "&&", "*", "+", "-", "/", "<", "=", ">", "^", "|", "||", "{"), 5),
    **dict.fromkeys((".", ";"), 1),
}


def check_chains(text: str) -> None:
    """Refuse a query that would nest too deep although its brackets do not.

    A text of less than 4,000 characters cannot be so long.

    Raises:
        QueryTooDeepError: it has more patterns and operators than ``MOST``.
    """
    if len(text) < _SHORT:
        return
    weight = 0
    try:
        for token in Lexer(text):
            if token.kind in {"word", "sign", "less"}:
                weight += _TENTHS.get(token.text.upper(), 0)
    except QuerySyntaxError:
        return  # the engine does not take it either
    if weight > MOST * 10:
        raise QueryTooDeepError(
            f"the query has some {weight // 10:,} patterns and operators, which nest too deep, and"
            f" may have {MOST:,}: write alternatives as VALUES or IN, or ask in parts"
        )
