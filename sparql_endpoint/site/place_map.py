"""The map of one thing: the state that it is or lies in, and its place where the graph knows it."""

from dataclasses import dataclass

from sparql_endpoint.names import expand
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import Row, node, rows
from sparql_endpoint.site.maps import Map, State, draw
from sparql_endpoint.site.outlines import Box, Outlines, around, outlines
from sparql_endpoint.site.thing import Thing

__all__ = ["PlaceMap", "place_map"]

_MOST = 1_000
_KNOWN = f"""
SELECT ?place ?lat ?long ?code {{
    ?place a dfo:State ; dfo:unM49 ?code OPTIONAL {{ ?place geo:lat ?lat ; geo:long ?long }}
    FILTER (isIRI(?place))
}} ORDER BY ?place LIMIT {_MOST}"""
_HERE = f"""
SELECT ?place ?lat ?long ?code {{{{
    {{thing}} (schema:location|schema:containedInPlace)* ?place
    OPTIONAL {{{{ ?place geo:lat ?lat ; geo:long ?long }}}}
    OPTIONAL {{{{ ?place dfo:unM49 ?code }}}}
    FILTER (isIRI(?place))
}}}} ORDER BY ?place LIMIT {_MOST}"""
_PLACED = frozenset(expand(name) for name in ("schema:location", "schema:containedInPlace"))
_CODED = frozenset(expand(name) for name in ("dfo:unM49", "geo:lat"))
_NARROWEST = 18
"""Degrees that a map shows at least, so that an island has neighbours."""
_SHAPE = 4 / 3
_MARGIN = 1.2


@dataclass(frozen=True)
class PlaceMap:
    """The picture, the states that are or hold the thing, and its places with coordinates."""

    drawn: Map
    states: tuple[str, ...]
    places: tuple[str, ...]
    others: bool
    """Whether other states of the graph are in sight."""


def place_map(thing: Thing) -> PlaceMap | None:
    """Return the map of a thing: one query beside the states, and none for what has no place.

    None also where the graph does not say enough to draw one, or the package has no outlines.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    sheet = outlines()
    if sheet is None or not _has_place(thing):
        return None
    states = {
        row["code"].value: State(row["place"].value, "known", _place(row, sheet))
        for row in kept.once(__name__, _ask)
    }
    points: dict[str, tuple[float, float]] = {}
    for row in rows(_HERE.format(thing=node(thing.iri))):
        iri, place = row["place"].value, _place(row, sheet)
        code = row["code"].value if "code" in row else ""
        if code in sheet.world:
            states[code] = State(iri, "here", place)
        elif place and not code:
            points.setdefault(iri, place)
    own = {code: state for code, state in states.items() if state.kind == "here"}
    if not own and not points:
        return None
    boxes = [sheet.world[code].box for code in own]
    view = _view(sheet, around([*boxes, *(Box(x, y, x, y) for x, y in points.values())]))
    drawn = draw(sheet.world, view, states, points.items(), least=sheet.degree)
    return PlaceMap(
        drawn,
        tuple(sorted(state.iri for state in own.values())),
        tuple(points),
        any(shape.state.kind == "known" for shape in drawn.shapes),
    )


def _ask() -> list[Row]:
    return rows(_KNOWN)


def _has_place(thing: Thing) -> bool:
    return any(entry.iri in _PLACED for entry in thing.facts) or any(
        code.property in _CODED for code in thing.codes
    )


def _place(row: Row, sheet: Outlines) -> tuple[float, float] | None:
    """Return where the coordinates of a row lie, or None where it has none that make sense."""
    try:
        return sheet.place(float(row["lat"].value), float(row["long"].value))
    except (KeyError, ValueError):
        return None


def _view(sheet: Outlines, shown: Box) -> Box:
    """Return what of the sheet to show for a box: all of it, in one shape, with room around."""
    width = max(shown.width * _MARGIN, shown.height * _MARGIN * _SHAPE, _NARROWEST * sheet.degree)
    (x, y), height = shown.middle, width / _SHAPE
    return Box(
        *(round(side) for side in (x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    )
