"""SPARQL's ``<`` and ``<=`` between two terms.

https://www.w3.org/TR/sparql11-query/#OperatorMapping
"""

import re
from decimal import Decimal
from functools import lru_cache
from operator import le, lt

from pyoxigraph import QuerySolutions, Store
from rdflib import Literal
from rdflib.term import Node

from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.check.xsd import is_well_formed
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import expand

__all__ = ["is_less"]

_STRING = expand("xsd:string")
_BINARY = frozenset(map(expand, ("xsd:double", "xsd:float")))
_EXACT = frozenset(
    expand(f"xsd:{name}")
    for name in (
        *("decimal", "integer", "nonPositiveInteger", "negativeInteger", "long", "int", "short"),
        *("byte", "nonNegativeInteger", "positiveInteger", "unsignedLong", "unsignedInt"),
        *("unsignedShort", "unsignedByte"),
    )
)
_DAYS = frozenset(map(expand, ("xsd:date", "xsd:gYear", "xsd:gYearMonth")))
_PLAIN_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)
_NO_DATA = Store()


def is_less(first: Node, second: Node, *, or_equal: bool = False) -> bool:
    """Return whether ``first < second``, or ``first <= second``, is true.

    It is false if the two cannot be compared: IRIs, blank nodes, a text with a number, NaN.
    """
    if not isinstance(first, Literal) or not isinstance(second, Literal):
        return False
    compare = le if or_equal else lt
    left, right = _number(first), _number(second)
    if left is not None and right is not None:
        if isinstance(left, float) or isinstance(right, float):  # XPath 3.1, B.1: type promotion
            return bool(compare(float(left), float(right)))
        return bool(compare(left, right))
    datatype = _datatype(first)
    if datatype == _datatype(second) and not (first.language or second.language):
        if datatype == _STRING:
            return bool(compare(str(first), str(second)))
        if datatype in _DAYS and _PLAIN_DAY.fullmatch(first) and _PLAIN_DAY.fullmatch(second):
            fit = is_well_formed(first, datatype) and is_well_formed(second, datatype)
            return fit and bool(compare(str(first), str(second)))
    return _by_engine(to_oxigraph(first), to_oxigraph(second), "<=" if or_equal else "<")


def _datatype(literal: Literal) -> str:
    return str(literal.datatype or _STRING)


def _number(literal: Literal) -> Decimal | float | None:
    """Return the value of a well-typed number of any size; None for any other literal."""
    datatype = _datatype(literal)
    if datatype not in _EXACT | _BINARY or not is_well_formed(str(literal), datatype):
        return None
    return float(literal) if datatype in _BINARY else Decimal(str(literal))


@lru_cache(maxsize=1 << 14)
def _by_engine(first: Term, second: Term, operator: str) -> bool:
    answer = _NO_DATA.query(f"SELECT ({first} {operator} {second} AS ?truth) {{}}")
    assert isinstance(answer, QuerySolutions)  # noqa: S101  # it is a SELECT
    truth = next(answer)["truth"]
    return truth is not None and str(truth.value) == "true"
