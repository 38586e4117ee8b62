"""The core of the ontology as a picture: classes as boxes, properties as arrows between them.

``class_diagram.toml`` says where each class stands and which statements are drawn; the ontology
says whether they hold.
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sparql_endpoint.names import expand

__all__ = ["PLAN", "Arrow", "Box", "Diagram", "Plan", "Statement", "draw", "read_plan"]

PLAN = Path(__file__).with_suffix(".toml")
"""The plan of the picture."""

Statement = tuple[str, str, str]
"""The IRIs of a class, of a property said of it, and of a class of the property's values."""

_HEIGHT = 48
_ACROSS, _DOWN = 132, 48
_EDGE = 10
_TIP = 9


@dataclass(frozen=True)
class Plan:
    """Widths of columns; column, first and last row of each class; the statements to draw."""

    widths: tuple[int, ...]
    places: dict[str, tuple[int, int, int]]
    arrows: tuple[Statement, ...]


@dataclass(frozen=True)
class Box:
    """A class at its place, in the units of the picture."""

    iri: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Arrow:
    """A statement drawn: its line, the tip at the line's end, and where its name stands."""

    statement: Statement
    line: str
    tip: str
    x: float
    y: float
    centred: bool
    """Whether ``x`` is the middle of the name, or else where it begins."""


@dataclass(frozen=True)
class Diagram:
    """The picture: its size, boxes and arrows."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@cache
def read_plan() -> Plan:
    """Return the plan of the picture."""
    raw = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    return Plan(
        tuple(raw["widths"]),
        {expand(name): tuple(place) for name, place in raw["places"].items()},
        tuple(
            (expand(source), expand(name), expand(target))
            for source, pairs in raw["arrows"].items()
            for name, target in pairs
        ),
    )


def draw(statements: Collection[Statement]) -> Diagram | None:
    """Return the picture of those planned ``statements`` that hold, or None where none does."""
    plan = read_plan()
    held = [statement for statement in plan.arrows if statement in statements]
    if not held:
        return None
    ends = {end for source, _, target in held for end in (source, target)}
    boxes = {
        iri: _box(iri, plan.widths, *place) for iri, place in plan.places.items() if iri in ends
    }
    return Diagram(
        max(box.x + box.width for box in boxes.values()) + _EDGE,
        max(box.y + box.height for box in boxes.values()) + _EDGE,
        tuple(boxes.values()),
        tuple(_arrow(held, boxes)),
    )


def _box(iri: str, widths: tuple[int, ...], column: int, first: int, last: int) -> Box:
    return Box(
        iri,
        _EDGE + sum(widths[:column]) + column * _ACROSS,
        _EDGE + first * (_HEIGHT + _DOWN),
        widths[column],
        _HEIGHT + (last - first) * (_HEIGHT + _DOWN),
    )


def _arrow(statements: Iterable[Statement], boxes: dict[str, Box]) -> Iterable[Arrow]:
    for statement in statements:
        source, target = boxes[statement[0]], boxes[statement[2]]
        drawn = _upright if source.x == target.x else _across
        yield drawn(statement, source, target)


def _upright(statement: Statement, source: Box, target: Box) -> Arrow:
    """Draw from one box to another of its column, with the name to the right of the line."""
    x, _ = source.middle
    up = target.y < source.y
    start = source.y if up else source.y + source.height
    end = target.y + target.height if up else target.y
    back = end + _TIP if up else end - _TIP
    tip = f"M{x - 5:g} {back:g} L{x:g} {end:g} L{x + 5:g} {back:g} Z"
    line = f"M{x:g} {start:g} V{back:g}"
    return Arrow(statement, line, tip, x + 9, (start + end) / 2 + 4, centred=False)


def _across(statement: Statement, source: Box, target: Box) -> Arrow:
    """Draw to a box of another column, level where that reaches so far, its name on the way."""
    right = target.x > source.x
    start = source.x + source.width if right else source.x
    end = target.x if right else target.x + target.width
    _, y = source.middle
    level = target.y < y < target.y + target.height
    to = y if level else target.middle[1]
    back = end - _TIP if right else end + _TIP
    tip = f"M{back:g} {to - 5:g} L{end:g} {to:g} L{back:g} {to + 5:g} Z"
    line = f"M{start:g} {y:g} L{back:g} {to:g}"
    above = -6 if level else 4
    return Arrow(statement, line, tip, (start + end) / 2, (y + to) / 2 + above, centred=True)
