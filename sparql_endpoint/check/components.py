"""Constraint components of SHACL that pySHACL 0.40 reads otherwise than the specification.

https://www.w3.org/TR/shacl/#core-components
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.constraints.core.string_based_constraints import (
    LanguageInConstraintComponent,
    PatternConstraintComponent,
)
from pyshacl.constraints.core.value_constraints import DatatypeConstraintComponent
from pyshacl.constraints.core.value_range_constraints import (
    MaxExclusiveConstraintComponent,
    MaxInclusiveConstraintComponent,
    MinExclusiveConstraintComponent,
    MinInclusiveConstraintComponent,
)
from pyshacl.shape import Shape
from rdflib import SH, Literal
from rdflib.term import IdentifiedNode, Node

from sparql_endpoint.check.order import is_less
from sparql_endpoint.query.xpath import compiled

__all__ = ["use_own_components"]

_Verdict = tuple[bool, list[Any]]
"""Whether a value breaks the constraint, and the results."""
_Node = IdentifiedNode | Literal
_ValueNodes = Mapping[_Node, Iterable[_Node]]
"""The value nodes of each focus node."""


class _Datatype(DatatypeConstraintComponent):
    """``sh:datatype`` by the lexical spaces of XML Schema, by which our literals are ill-typed.

    https://www.w3.org/TR/shacl/#DatatypeConstraintComponent
    """

    def _assert_actual_datatype(self, _value_node: Node, _datatype_rule: Node) -> bool:
        return True  # pySHACL uses rdflib's reading of the text: no date before year 1


class _Pattern(PatternConstraintComponent):
    """``sh:pattern`` by XPath's syntax, as SPARQL's REGEX has it; pySHACL's is by Python's.

    https://www.w3.org/TR/shacl/#PatternConstraintComponent
    """

    def __init__(self, shape: Shape) -> None:
        super(PatternConstraintComponent, self).__init__(shape)
        graph = shape.sg.graph
        self.flags = graph.value(shape.node, SH.flags)
        rules: list[Any] = list(graph.objects(shape.node, SH.pattern))
        self.string_rules = rules
        self.compiled_cache = {rule: self._compiled(rule) for rule in rules}

    def _compiled(self, rule: Node) -> re.Pattern[str]:
        flags = str(self.flags or "")
        pattern = compiled(str(rule), flags) if isinstance(rule, Literal) else None
        if pattern is None:
            raise SyntaxError(f"sh:pattern {rule} with sh:flags '{flags}' is no pattern of XPath")
        return pattern


class _LanguageIn(LanguageInConstraintComponent):
    """``sh:languageIn`` by langMatches: a range of several subtags matches longer tags.

    https://www.w3.org/TR/shacl/#LanguageInConstraintComponent
    """

    def _evaluate_string_rule(self, rule: Node, graph: Any, nodes: _ValueNodes) -> _Verdict:
        ranges = [str(each).lower() for each in self.shape.sg.graph.items(rule)]
        results = [
            self.make_v_result(graph, focus, value_node=value)
            for focus, values in nodes.items()
            for value in values
            if not any(_matches(value, each) for each in ranges)
        ]
        return bool(results), results


def _matches(value: Node, language_range: str) -> bool:
    """Return whether a language range in lower case matches (RFC 4647, section 3.3.1)."""
    if not isinstance(value, Literal) or not value.language:
        return False
    return language_range == "*" or f"{value.language.lower()}-".startswith(f"{language_range}-")


class _MinExclusive(MinExclusiveConstraintComponent):
    """``sh:minExclusive`` by SPARQL's ``<``, which is not true of NaN.

    https://www.w3.org/TR/shacl/#MinExclusiveConstraintComponent
    """

    def _evaluate_min_rule(self, bound: Node, graph: Any, nodes: _ValueNodes) -> _Verdict:
        return _out_of_range(self, bound, graph, nodes, lambda value: is_less(bound, value))


class _MinInclusive(MinInclusiveConstraintComponent):
    """``sh:minInclusive`` by SPARQL's ``<=``, which is not true of NaN."""

    def _evaluate_min_rule(self, bound: Node, graph: Any, nodes: _ValueNodes) -> _Verdict:
        return _out_of_range(
            self, bound, graph, nodes, lambda value: is_less(bound, value, or_equal=True)
        )


class _MaxExclusive(MaxExclusiveConstraintComponent):
    """``sh:maxExclusive`` by SPARQL's ``<``, which is not true of NaN."""

    def _evaluate_max_rule(self, bound: Node, graph: Any, nodes: _ValueNodes) -> _Verdict:
        return _out_of_range(self, bound, graph, nodes, lambda value: is_less(value, bound))


class _MaxInclusive(MaxInclusiveConstraintComponent):
    """``sh:maxInclusive`` by SPARQL's ``<=``, which is not true of NaN."""

    def _evaluate_max_rule(self, bound: Node, graph: Any, nodes: _ValueNodes) -> _Verdict:
        return _out_of_range(
            self, bound, graph, nodes, lambda value: is_less(value, bound, or_equal=True)
        )


def _out_of_range(
    component: Any, bound: Node, graph: Any, nodes: _ValueNodes, fits: Callable[[Node], bool]
) -> _Verdict:
    if not isinstance(bound, Literal):
        raise SyntaxError(f"<{bound}> is no literal to compare values with")  # noqa: TRY004
    results = [
        component.make_v_result(graph, focus, value_node=value)
        for focus, values in nodes.items()
        for value in values
        if not fits(value)
    ]
    return bool(results), results


class _LessThan(LessThanConstraintComponent):
    """``sh:lessThan``; values that cannot be compared are not less.

    https://www.w3.org/TR/shacl/#LessThanConstraintComponent
    """

    def _compare_lt(
        self, values: Iterable[_Node], others: Iterable[_Node], graph: Any, focus: _Node
    ) -> _Verdict:
        results = [
            self.make_v_result(graph, focus, value_node=value)
            for value in values
            for other in others
            if not is_less(value, other)
        ]
        return bool(results), results


class _LessThanOrEquals(LessThanOrEqualsConstraintComponent):
    """``sh:lessThanOrEquals``; values that cannot be compared are neither less nor equal."""

    def _compare_ltoe(
        self, values: Iterable[_Node], others: Iterable[_Node], graph: Any, focus: _Node
    ) -> _Verdict:
        results = [
            self.make_v_result(graph, focus, value_node=value)
            for value in values
            for other in others
            if not is_less(value, other, or_equal=True)
        ]
        return bool(results), results


def use_own_components() -> None:
    """Replace pySHACL's own components by these."""
    CONSTRAINT_PARAMETERS_MAP.update(
        {
            SH.datatype: _Datatype,
            SH.languageIn: _LanguageIn,
            SH.lessThan: _LessThan,
            SH.lessThanOrEquals: _LessThanOrEquals,
            SH.maxExclusive: _MaxExclusive,
            SH.maxInclusive: _MaxInclusive,
            SH.minExclusive: _MinExclusive,
            SH.minInclusive: _MinInclusive,
            SH.pattern: _Pattern,
        }
    )
