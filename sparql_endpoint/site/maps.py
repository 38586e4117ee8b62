"""Maps as pictures: states with their outlines, places with a mark, each a link to its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

from sparql_endpoint.site.outlines import Box, Country
from sparql_endpoint.site.showing import cut, name_of

__all__ = ["Map", "Point", "Shape", "State", "draw", "width_of"]

_LONGEST = 40
_LETTER = 0.022
"""The height of a letter, as a share of the width of a map."""
_MARK = 0.01
_SMALL = 0.0225
"""A state that takes up less of the width gets a circle that can be seen and hit."""


@dataclass(frozen=True)
class State:
    """A state to be drawn: what it is on this map, and where its name would stand."""

    iri: str
    kind: str
    """The class of its shape: here, known, member or party."""
    place: tuple[float, float] | None = None
    again: bool = False
    """Whether a picture beside this one has it too, so that the keyboard need not stop here."""


@dataclass(frozen=True)
class Shape:
    """A state as it is drawn; ``mark`` is the middle of the circle that a small one gets."""

    state: State
    title: str
    path: str
    mark: tuple[float, float] | None


@dataclass(frozen=True)
class Point:
    """A word at a place; with an IRI it has a mark and is a link."""

    x: float
    y: float
    title: str
    iri: str = ""
    leftward: bool = False
    """Whether the word stands left of the mark, where there is more room."""


@dataclass(frozen=True)
class Map:
    """The picture: what of the sheet it shows, other land as one path, states, places, names."""

    view: Box
    land: str
    shapes: tuple[Shape, ...]
    points: tuple[Point, ...] = ()
    names: tuple[Point, ...] = ()

    @property
    def letter(self) -> float:
        """The height of a letter."""
        return round(self.view.width * _LETTER, 1)

    @property
    def mark(self) -> float:
        """The radius of a mark."""
        return round(self.view.width * _MARK, 1)


def draw(
    countries: Mapping[str, Country],
    view: Box,
    states: Mapping[str, State],
    points: Iterable[tuple[str, tuple[float, float]]] = (),
    *,
    least: float = 0,
) -> Map:
    """Return the map of what a view shows of a sheet.

    Args:
        countries: those of the sheet, by code.
        view: what is shown of it.
        states: those to be marked, by code.
        points: IRIs of places, and where on the sheet they lie.
        least: units of the sheet; a state that is smaller gets a circle however near the view is.
    """
    small = max(least, view.width * _SMALL)
    land: list[str] = []
    shapes: list[Shape] = []
    for code, country in countries.items():
        path = "".join(ring.path for ring in country.rings if ring.box.meets(view))
        if path and code in states:
            shapes.append(_shape(states[code], country, path, small))
        elif path:
            land.append(path)
    marked = tuple(_point(iri, place, view) for iri, place in points)
    names = () if marked else tuple(_names(countries, states, view))
    shapes.sort(key=lambda shape: (shape.mark is not None, shape.title))
    return Map(view, "".join(land), tuple(shapes), marked, names)


def _shape(state: State, country: Country, path: str, small: float) -> Shape:
    is_small = max(country.box.width, country.box.height) < small
    mark = country.rings[0].box.middle if is_small and not state.again else None
    return Shape(state, name_of(state.iri).text, path, mark)


def _point(iri: str, place: tuple[float, float], view: Box) -> Point:
    x, y = (round(number, 1) for number in place)
    return Point(x, y, cut(name_of(iri).text, _LONGEST), iri, leftward=x > view.middle[0])


def _names(
    countries: Mapping[str, Country], states: Mapping[str, State], view: Box
) -> Iterable[Point]:
    """Yield the names of states: in those that can hold them, above the small one it is about."""
    height = view.width * _LETTER
    for code, state in states.items():
        if state.place is None or code not in countries:
            continue
        x, y = state.place
        title = name_of(state.iri).text
        half = width_of(title) * height / 2
        name = Box(x - half, y - height, x + half, y + height)
        box = countries[code].box
        if not view.holds(name):
            continue
        if name.width < box.width * 0.8 and name.height < box.height:
            yield Point(round(x, 1), round(y + height / 3, 1), title)
        elif state.kind == "here":
            yield Point(round(x, 1), round(box.top - height, 1), title)


def width_of(text: str) -> float:
    """Return how wide a text is, in heights of a letter, as fonts commonly have it."""
    return sum(1.0 if east_asian_width(letter) in "WF" else 0.58 for letter in text)
