"""Outlines of countries by their code in UN M49: two sheets, made when the package is built.

They are Natural Earth's, simplified by ``frontend/outlines.js``: the shores of the Pacific in Equal
Earth (https://doi.org/10.1080/13658816.2018.1504949), the world in Mercator. A package built
without them has no maps.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Box", "Country", "Outlines", "Ring", "around", "outlines"]

_FILE = Path(__file__).with_name("outlines.json")
_NUMBER = re.compile(r"-?\d+")
_STEEPEST = 85.0
"""Degrees of latitude beyond which Mercator's sheet has no place for anything."""
_WORTH_SHOWING = 0.04
"""A part of a country so small beside its largest does not make a view wider."""


class Box(NamedTuple):
    """A rectangle on a sheet, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def meets(self, other: "Box") -> bool:
        """Return whether the two have something in common."""
        across = self.left <= other.right and other.left <= self.right
        return across and self.top <= other.bottom and other.top <= self.bottom

    def holds(self, other: "Box") -> bool:
        """Return whether the other lies within this one."""
        return around([self, other]) == self


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of ``boxes``, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


class Ring(NamedTuple):
    """A closed line as the data of an SVG path, and the box around it."""

    box: Box
    path: str


class Country(NamedTuple):
    """The rings of a country, its largest first."""

    rings: tuple[Ring, ...]

    @property
    def box(self) -> Box:
        """The box around its largest ring and those that are not lost beside it."""
        first = self.rings[0].box
        least = first.width * first.height * _WORTH_SHOWING
        return around([first, *(b for b, _ in self.rings if b.width * b.height >= least)])


@dataclass(frozen=True)
class Outlines:
    """The countries of both sheets, by code; how the second is made."""

    frame: Box
    """All of the Pacific's sheet."""
    pacific: Mapping[str, Country]
    world: Mapping[str, Country]
    degree: float
    """Units of the world's sheet for a degree at the equator."""
    west: float
    """The longitude at which the world's sheet begins."""

    def place(self, latitude: float, longitude: float) -> tuple[float, float] | None:
        """Return where on the world's sheet a place lies, or None where it lies on none.

        Mercator: x = λ, y = ln tan(π/4 + φ/2) (Snyder, Map Projections, 1987, equations 7-1, 7-2).
        """
        if not (abs(latitude) <= _STEEPEST and abs(longitude) <= 180):  # noqa: PLR2004  # degrees
            return None
        up = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))
        return ((longitude - self.west) % 360 * self.degree, -up * self.degree)


@cache
def outlines(path: Path = _FILE) -> Outlines | None:
    """Return the outlines of the package, or None where it was built without them."""
    if not path.is_file():
        return None
    sheets = json.loads(path.read_text(encoding="utf-8"))
    pacific, world = sheets["pacific"], sheets["world"]
    return Outlines(
        Box(0, 0, pacific["width"], pacific["height"]),
        _countries(pacific),
        _countries(world),
        world["degree"],
        world["west"],
    )


def _countries(sheet: Mapping[str, Any]) -> dict[str, Country]:
    return {
        code: Country(tuple(Ring(_box(path), path) for path in paths))
        for code, paths in sheet["outlines"].items()
    }


def _box(path: str) -> Box:
    """Return the box around a path of a point and steps from it."""
    numbers = [int(number) for number in _NUMBER.findall(path)]
    across, down = list(accumulate(numbers[::2])), list(accumulate(numbers[1::2]))
    return Box(min(across), min(down), max(across), max(down))
