"""Where Wikidata and the graph have drifted apart since a link was made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from pyoxigraph import NamedNode

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.link.classes import item_classes
from sparql_endpoint.link.entities import Entity
from sparql_endpoint.link.item import Item
from sparql_endpoint.link.links import Link
from sparql_endpoint.link.scoring import Judgement
from sparql_endpoint.link.wikidata import Wikidata
from sparql_endpoint.link.wording import plain
from sparql_endpoint.names import expand

__all__ = ["check_drift", "distance"]

_EARTH_RADIUS = 6_371.0
_NEAR = 25.0
_NEAR_FOR_AREAS = 1_000.0
_AREAS = ("dfo:State", "dfo:Region")
_YEAR = 4


def check_drift(
    wikidata: Wikidata,
    links: Sequence[Link],
    entities: Mapping[str, Entity],
    items: Mapping[str, Item | None],
    judgement: Judgement,
) -> Iterator[Finding]:
    """Yield what no longer holds of each link, given the items that Wikidata has now.

    Items that are gone or moved are told of every link; classes, codes, coordinates, dates and
    names are compared where the link says that both are the same.

    Raises:
        RemoteError: Wikidata does not answer.
    """
    same = [link for link in links if link.identifies and link.subject in entities]
    classes = _classes(wikidata, same, entities, items, judgement)
    for link in links:
        item = items.get(link.item)
        if link.is_item and item is None:
            yield _finding(link, "gone", Severity.ERROR, "the item is gone", _SEARCH)
        elif item is not None:
            yield from _moved(link, item)
            if link in same:
                pair = _Pair(link, entities[link.subject], item)
                yield from _wrong_class(pair, judgement, classes.get(item.id, frozenset()))
                yield from _codes(pair, judgement)
                yield from _dates(pair, judgement)
                yield from _coordinates(pair)
                yield from _names(pair)


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance in kilometres of two places (latitude, longitude in degrees)."""
    (lat, lon), (lat2, lon2) = (map(radians, place) for place in (one, other))
    arc = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * _EARTH_RADIUS * asin(sqrt(arc))


_SEARCH = "Look for what took its place: forumgraph link propose"


@dataclass(frozen=True)
class _Pair:
    link: Link
    entity: Entity
    item: Item


def _classes(
    wikidata: Wikidata,
    links: Iterable[Link],
    entities: Mapping[str, Entity],
    items: Mapping[str, Item | None],
    judgement: Judgement,
) -> dict[str, frozenset[str]]:
    present = {link.subject: item for link in links if (item := items.get(link.item)) is not None}
    expected = [judgement.expected_classes(entities[iri]) for iri in present]
    wanted = frozenset[str]().union(*expected)
    if not wanted:
        return {}
    return item_classes(wikidata, {item.id for item in present.values()}, wanted)


def _moved(link: Link, item: Item) -> Iterator[Finding]:
    if item.redirected_from:
        message = f"the item was merged into {item.id} ({item.label()})"
        yield _finding(link, "redirect", Severity.WARNING, message, f"Link to wd:{item.id}.")


def _wrong_class(pair: _Pair, judgement: Judgement, fitting: frozenset[str]) -> Iterator[Finding]:
    expected = judgement.expected_classes(pair.entity)
    named = frozenset(pair.item.items("P31"))
    if expected and not expected & (named | fitting):
        has = ", ".join(sorted(named)) or "no class at all"
        message = f"the item is of {has}, none of which fits ({', '.join(sorted(expected))})"
        mend = "Link to another item, or align the class in ontology/alignments.ttl."
        yield _finding(pair.link, "class", Severity.WARNING, message, mend)


def _codes(pair: _Pair, judgement: Judgement) -> Iterator[Finding]:
    for mapping in judgement.mappings.values():
        ours = pair.entity.literals(mapping.ours)
        if mapping.value_type != "ExternalId" or not ours:
            continue
        theirs = pair.item.strings(mapping.theirs)
        name, told = f"{mapping.label} ({mapping.theirs})", ", ".join(ours)
        if not theirs:
            message = f"Wikidata has no {name}; here it is {told}"
            yield _finding(pair.link, "code-missing", Severity.NOTE, message, "")
        elif not set(ours) & set(theirs):
            message = f"{name} is {', '.join(theirs)} in Wikidata and {told} here"
            yield _finding(pair.link, "code", Severity.ERROR, message, _WHICH)


_WHICH = "Find out which is right, and whether the link is."


def _dates(pair: _Pair, judgement: Judgement) -> Iterator[Finding]:
    for mapping in judgement.mappings.values():
        ours = {text[:_YEAR] for text in pair.entity.literals(mapping.ours)}
        theirs = {time.lstrip("+")[:_YEAR] for time, _ in pair.item.times(mapping.theirs)}
        if mapping.value_type == "Time" and ours and theirs and not ours & theirs:
            message = (
                f"{mapping.label} ({mapping.theirs}) is {', '.join(sorted(theirs))} in Wikidata "
                f"and {', '.join(sorted(ours))} here"
            )
            yield _finding(pair.link, "date", Severity.WARNING, message, _WHICH)


def _coordinates(pair: _Pair) -> Iterator[Finding]:
    latitudes, longitudes = pair.entity.strings("geo:lat"), pair.entity.strings("geo:long")
    theirs = pair.item.coordinates()
    if not (latitudes and longitudes and theirs):
        return
    here = (float(latitudes[0]), float(longitudes[0]))
    apart = min(distance(here, there) for there in theirs)
    is_area = any(expand(name) in pair.entity.classes for name in _AREAS)
    if apart > (_NEAR_FOR_AREAS if is_area else _NEAR):
        message = f"Wikidata sets it {apart:,.0f} km from here"
        yield _finding(pair.link, "coordinates", Severity.WARNING, message, _WHICH)


def _names(pair: _Pair) -> Iterator[Finding]:
    ours = {plain(name.text) for name in pair.entity.names}
    theirs = {plain(text) for text in pair.item.names()}
    if ours and theirs and not ours & theirs:
        message = f"no name in common: {pair.entity.label()!r} here, {pair.item.label()!r} there"
        yield _finding(pair.link, "names", Severity.WARNING, message, _WHICH)


def _finding(link: Link, rule: str, severity: Severity, message: str, mend: str) -> Finding:
    return Finding(
        check="links",
        rule=rule,
        severity=severity,
        message=message,
        mend=mend,
        focus=NamedNode(link.subject),
        predicate=NamedNode(expand(link.predicate)),
        value=NamedNode(link.target),
    )
