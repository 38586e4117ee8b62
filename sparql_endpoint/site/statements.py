"""What is stated of a thing, property by property, each value with the claims that carry it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sparql_endpoint.site.asking import Term
from sparql_endpoint.site.claims import Claim

__all__ = ["Property", "Statement", "contradict", "group"]


@dataclass(frozen=True)
class Statement:
    """A value, whether the graph itself states it, and the claims that do."""

    value: Term
    stated: bool
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Property:
    """A property of a thing with its values, those that the graph states first."""

    iri: str
    statements: tuple[Statement, ...]
    disputed: bool = False

    @property
    def stated(self) -> bool:
        """Whether the graph states any of the values."""
        return any(statement.stated for statement in self.statements)

    @property
    def carried(self) -> bool:
        """Whether any claim carries one of the values."""
        return any(statement.claims for statement in self.statements)

    @property
    def facts(self) -> list[Statement]:
        """The values that the graph states."""
        return [statement for statement in self.statements if statement.stated]

    @property
    def words(self) -> list[Statement]:
        """The values that are only somebody's word."""
        return [statement for statement in self.statements if not statement.stated]


def group(
    stated: Iterable[tuple[str, Term]], claims: Iterable[Claim], single_valued: frozenset[str]
) -> list[Property]:
    """Return the properties of one thing, in the order in which they are first stated or claimed.

    ``stated`` are pairs of property and value from the graph; ``claims`` have this thing as their
    subject.
    """
    values: dict[str, dict[Term, list[Claim]]] = {}
    facts = set()
    for name, value in stated:
        values.setdefault(name, {}).setdefault(value, [])
        facts.add((name, value))
    for claim in claims:
        values.setdefault(claim.predicate, {}).setdefault(claim.object, []).append(claim)
    return [
        Property(
            name,
            tuple(_in_order(name, found, facts)),
            _is_disputed(found, single=name in single_valued),
        )
        for name, found in values.items()
    ]


def _in_order(
    name: str, found: Mapping[Term, list[Claim]], facts: set[tuple[str, Term]]
) -> list[Statement]:
    made = [
        Statement(value, (name, value) in facts, tuple(claims)) for value, claims in found.items()
    ]
    return sorted(made, key=_rank)


def _rank(item: Statement) -> tuple[bool, bool, str, str]:
    """Return what orders values: those stated first, then things said in recorded words."""
    words = item.value.is_iri and any(claim.has_words for claim in item.claims)
    return (not item.stated, not words, item.value.kind, item.value.value)


def _is_disputed(found: Mapping[Term, list[Claim]], *, single: bool) -> bool:
    told = any(claim.conflicting for claims in found.values() for claim in claims)
    values = list(found)
    differing = any(contradict(one, other) for one in values for other in values)
    return told or (single and differing)


def contradict(one: Term, other: Term) -> bool:
    """Return whether two values of a property of one value cannot both be right.

    They can where one is the other in less precision (2014 and 2014-07-17), or where they are
    words of different languages.
    """
    if one.language != other.language:
        return False
    return not (one.value.startswith(other.value) or other.value.startswith(one.value))
