"""How much speaks for an item being an entity of ours, each point with its reason.

Confidence is the weighted mean of what could be compared: names in four languages, class, codes,
dates. Codes that disagree leave little of it, whatever the names say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sparql_endpoint.link.entities import Entity
from sparql_endpoint.link.item import Item
from sparql_endpoint.link.mapping import PropertyMapping
from sparql_endpoint.link.matching import similarity

__all__ = ["LANGUAGES", "Judgement", "Point", "Score", "judge"]

LANGUAGES = ("en", "es", "pt", "zh")
_WEIGHTS = {"name": 4.0, "class": 2.0, "code": 4.0, "date": 1.0}
_AGAINST_CODES = 0.3
_YEAR = 4


@dataclass(frozen=True)
class Point:
    """One comparison: its kind, how well it went (0 to 1), and what was seen."""

    kind: str
    value: float
    reason: str


@dataclass(frozen=True)
class Score:
    """How sure a link is, from 0 to 1, and why."""

    confidence: float
    points: tuple[Point, ...]

    @property
    def reason(self) -> str:
        """All reasons in one line."""
        return "; ".join(point.reason for point in self.points)

    def compared(self, kind: str) -> bool:
        """Tell whether there was something of that kind to compare."""
        return any(point.kind == kind for point in self.points)


@dataclass(frozen=True)
class Judgement:
    """What is known of both sides' terms: mapped properties, and the classes that fit ours."""

    mappings: Mapping[str, PropertyMapping]
    classes: Mapping[str, frozenset[str]]

    def expected_classes(self, entity: Entity) -> frozenset[str]:
        """Return the Wikidata classes that fit ``entity``, empty where none is known."""
        return frozenset().union(*(self.classes.get(iri, frozenset()) for iri in entity.classes))


def judge(
    entity: Entity, item: Item, judgement: Judgement, instance_of: frozenset[str] = frozenset()
) -> Score:
    """Return how sure it is that ``item`` is ``entity``.

    ``instance_of`` are classes that the item has by way of narrower ones.
    """
    classes = frozenset(item.items("P31"))
    points = (
        *_names(entity, item),
        *_class(judgement.expected_classes(entity), classes, instance_of),
        *_codes(entity, item, judgement.mappings),
        *_dates(entity, item, judgement.mappings),
    )
    return Score(_confidence(points), points)


def _confidence(points: tuple[Point, ...]) -> float:
    if not points:
        return 0.0
    grouped: dict[str, list[float]] = {}
    for point in points:
        grouped.setdefault(point.kind, []).append(point.value)
    weight = sum(_WEIGHTS[kind] for kind in grouped)
    total = sum(_WEIGHTS[kind] * sum(values) / len(values) for kind, values in grouped.items())
    codes = grouped.get("code", [1.0])
    return round(min(total / weight, 1.0 if min(codes) else _AGAINST_CODES), 3)


def _names(entity: Entity, item: Item) -> Iterator[Point]:
    """Compare per language; a name without a language, as an acronym, helps in each."""
    anywhere = [name.text for name in entity.names if not name.language]
    for language in LANGUAGES:
        ours = [name.text for name in entity.names if name.language == language]
        theirs = list(item.names(language))
        if ours and theirs:
            ours += anywhere
            likeness, our, their = max(
                (similarity(our, their), our, their) for our in ours for their in theirs
            )
            how = "same name" if likeness == 100.0 else f"{our!r} is {likeness:.0f} % like"  # noqa: PLR2004  # all of it
            yield Point("name", likeness / 100, f"{language}: {how} {their!r}")


def _class(
    expected: frozenset[str], classes: frozenset[str], instance_of: frozenset[str]
) -> Iterator[Point]:
    if expected and classes:
        fitting = sorted(expected & (classes | instance_of))
        if fitting:
            yield Point("class", 1.0, f"class fits ({', '.join(fitting)})")
        else:
            yield Point("class", 0.0, f"class does not fit ({', '.join(sorted(classes))})")


def _codes(entity: Entity, item: Item, mappings: Mapping[str, PropertyMapping]) -> Iterator[Point]:
    for mapping in mappings.values():
        ours = entity.literals(mapping.ours)
        theirs = item.strings(mapping.theirs)
        if mapping.value_type == "ExternalId" and ours and theirs:
            same = sorted(set(ours) & set(theirs))
            if same:
                yield Point("code", 1.0, f"{mapping.label} {', '.join(same)} agrees")
            else:
                told = f"{', '.join(ours)} is not {', '.join(theirs)}"
                yield Point("code", 0.0, f"{mapping.label} {told}")


def _dates(entity: Entity, item: Item, mappings: Mapping[str, PropertyMapping]) -> Iterator[Point]:
    for mapping in mappings.values():
        ours = entity.literals(mapping.ours)
        theirs = [time.lstrip("+")[:_YEAR] for time, _ in item.times(mapping.theirs)]
        if mapping.value_type == "Time" and ours and theirs:
            if {date[:_YEAR] for date in ours} & set(theirs):
                yield Point("date", 1.0, f"{mapping.label} {ours[0]} agrees by year")
            else:
                yield Point("date", 0.0, f"{mapping.label} {ours[0]} is not {theirs[0]}")
