"""Claims that cannot both be right.

What a disagreement is stands here and, for readers, in ``queries/disagreements.rq``: a thing and a
property of which two claims give values that exclude each other. A test holds the two together.
"""

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Store

from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Claim, objects
from sparql_endpoint.names import expand

__all__ = ["rivals", "topics"]

_HAS_COUNT = NamedNode(expand("dfo:hasCount"))
_TRUE = Literal(value=True)
_SINGLE = (
    (NamedNode(expand("dfo:singleValued")), _TRUE),
    (NamedNode(expand("rdf:type")), NamedNode(expand("owl:FunctionalProperty"))),
)
# What numbers with these comparators exclude each other, in the order of the two.
_EXCLUDE: Mapping[tuple[str, str], Callable[[int, int], bool]] = MappingProxyType(
    {
        ("exactly", "exactly"): operator.ne,
        ("exactly", "moreThan"): operator.le,
        ("exactly", "atLeast"): operator.lt,
    }
)


def rivals(store: Store, claims: Iterable[Claim]) -> Mapping[NamedNode, tuple[Claim, ...]]:
    """Return for each claim that another excludes those others, by its IRI."""
    single = {
        quad.subject
        for predicate, value in _SINGLE
        for quad in store.quads_for_pattern(None, predicate, value, None)
    }
    by_topic: defaultdict[tuple[Term | None, Term | None], list[Claim]] = defaultdict(list)
    by_iri = {claim.iri: claim for claim in claims}
    for claim in by_iri.values():
        by_topic[claim.subject, claim.predicate].append(claim)
    found: defaultdict[NamedNode, dict[NamedNode, Claim]] = defaultdict(dict)
    for (_, predicate), about in by_topic.items():
        for one, other in _excluding(store, predicate, about, single=predicate in single):
            found[one.iri][other.iri] = other
    for quad in store.quads_for_pattern(None, NamedNode(expand("dfo:conflictsWith")), None, None):
        pair = by_iri.get(_iri(quad.subject)), by_iri.get(_iri(quad.object))
        for a, b in permutations(pair):
            if a is not None and b is not None:
                found[a.iri][b.iri] = b
    return {iri: tuple(others.values()) for iri, others in found.items()}


def topics(
    found: Mapping[NamedNode, tuple[Claim, ...]],
) -> frozenset[tuple[Term | None, Term | None]]:
    """Return the things and properties of which claims disagree, a disagreement each."""
    return frozenset(
        (claim.subject, claim.predicate) for others in found.values() for claim in others
    )


def _excluding(
    store: Store, predicate: Term | None, claims: Sequence[Claim], *, single: bool
) -> Iterator[tuple[Claim, Claim]]:
    if predicate == _HAS_COUNT:
        numbers = {claim.object: _number(store, claim.object) for claim in claims}
        for one, other in permutations(claims, 2):
            if _numbers_exclude(numbers[one.object], numbers[other.object]):
                yield from ((one, other), (other, one))
    elif single:
        for one, other in permutations(claims, 2):
            if _values_exclude(one.object, other.object):
                yield one, other


def _values_exclude(one: Term | None, other: Term | None) -> bool:
    if one == other:
        return False
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return True
    finer = one.value.startswith(other.value) or other.value.startswith(one.value)
    return one.language == other.language and not (finer and one.datatype != other.datatype)


def _number(store: Store, count: Term | None) -> tuple[str, ...]:
    """Return kind, comparator, number and day of a count; what it lacks is empty."""
    if count is None or isinstance(count, Literal):
        return ("", "", "", "")
    names = ("dfo:countOf", "dfo:comparator", "dfo:value", "dfo:asOf")
    values = (next(iter(objects(store, count, name)), None) for name in names)
    return tuple(getattr(value, "value", "") for value in values)


def _numbers_exclude(one: Sequence[str], other: Sequence[str]) -> bool:
    (kind, how, number, day), (other_kind, other_how, other_number, other_day) = one, other
    if kind != other_kind or (day and other_day and day != other_day):
        return False
    exclude = _EXCLUDE.get((how.partition("#")[2], other_how.partition("#")[2]))
    if exclude is None or not (number.isdecimal() and other_number.isdecimal()):
        return False
    return exclude(int(number), int(other_number))


def _iri(term: Term) -> NamedNode:
    return term if isinstance(term, NamedNode) else NamedNode("urn:none")
