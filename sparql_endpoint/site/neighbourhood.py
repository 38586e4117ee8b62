"""The nearest neighbours of a thing as a picture, narrow enough for a phone."""

from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.names import BASE
from sparql_endpoint.site.addresses import href
from sparql_endpoint.site.showing import cut, name_of
from sparql_endpoint.site.thing import Thing

__all__ = ["Branch", "Neighbourhood", "draw"]

WIDTH = 340
_HEAD = 34
_ROW = 44
_MOST = 5
_LONGEST = 40


@dataclass(frozen=True)
class Branch:
    """One neighbour: by which property, whether from here or to here, and where it leads."""

    y: int
    property: str
    label: str
    title: str
    href: str
    outgoing: bool


@dataclass(frozen=True)
class Neighbourhood:
    """The picture: its size, its middle, and its branches."""

    width: int
    height: int
    label: str
    branches: tuple[Branch, ...]


def draw(thing: Thing) -> Neighbourhood | None:
    """Return the picture of a thing's neighbours, or None where it has fewer than two."""
    found = [*_outgoing(thing), *_incoming(thing)]
    if len(found) < 2:  # noqa: PLR2004  # one neighbour needs no picture
        return None
    branches = tuple(
        Branch(
            _HEAD + _ROW * row + _ROW // 2,
            cut(name_of(name).text, _LONGEST),
            cut(title, _LONGEST),
            title,
            address,
            outgoing,
        )
        for row, (name, title, address, outgoing) in enumerate(found)
    )
    height = _HEAD + _ROW * len(branches)
    return Neighbourhood(WIDTH, height, cut(name_of(thing.iri).text, 36), branches)


def _outgoing(thing: Thing) -> Iterable[tuple[str, str, str, bool]]:
    """Yield the first of each property's values that are things of ours."""
    shown = 0
    for entry in thing.facts:
        targets = [item.value.value for item in entry.facts if item.value.value.startswith(BASE)]
        if targets and shown < _MOST:
            shown += 1
            yield (entry.iri, *_several(targets[0], len(targets), "#facts"), True)


def _incoming(thing: Thing) -> Iterable[tuple[str, str, str, bool]]:
    for entry in thing.incoming[:_MOST]:
        yield (entry.property, *_several(entry.things[0], entry.count, "#incoming"), False)


def _several(first: str, count: int, more: str) -> tuple[str, str]:
    """Return what to write for one thing or many, and where it leads."""
    name = name_of(first).text
    return (name, href(first)) if count == 1 else (f"{cut(name, 30)} + {count - 1}", more)
