"""A picture of data: lines with marks over time, in columns, or places on a map, and its SVG.

Shape and filling tell all that colour tells, for readers who do not see colours.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from babel.dates import get_month_names

from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.site import svg
from sparql_endpoint.site.languages import language, locale
from sparql_endpoint.site.maps import width_of
from sparql_endpoint.site.showing import cut

__all__ = ["WIDE", "Column", "Key", "Kind", "Line", "Mark", "Picture", "Shape", "as_svg", "size"]

Kind = Literal["time", "grid", "map"]
Shape = Literal["circle", "square", "triangle", "diamond", "bar", "line", "tick"]

WIDE, NARROW = 720, 350
"""Units across a picture on a desk, and on a phone."""
_LETTER = 13
_BOLD = 1.4
"""How much larger letters of the title are."""
_LINE = 21
_STEP, _STEP_ABOVE = 24, 42
_AXIS, _EDGE = 50, 12
_HEADS, _HEADS_NARROW = 180, 124
_SLANT = 0.75
"""The sine of the angle at which names of columns stand."""
_MAP, _MAP_NARROW = 380, 340
_GAP = 4
_MOST_ROOM = 310
_PARTS = re.compile(r"[\u2e80-\u9fff][\u3001-\u303f\uff00-\uffef]*|[^\s\u2e80-\u9fff]+\s*|\s+")
_STYLE = Path(__file__).parent / "static" / "pictures.css"


@dataclass(frozen=True)
class Line:
    """A line of a picture: its number, and its name; a heading has no marks."""

    row: int
    label: str
    heading: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a picture: its number, and its name, if any."""

    column: int
    label: str = ""


@dataclass(frozen=True)
class Mark:
    """What is drawn of one statement; ``address`` is the path of its page below the front page."""

    title: str
    address: str = ""
    row: int = 0
    first: str = ""
    """The first day, as YYYY-MM-DD."""
    last: str = ""
    column: int = 0
    latitude: float = 0
    longitude: float = 0
    size: int = 1
    label: str = ""
    region: int = 0
    shape: Shape = "circle"
    colour: str = "var(--one)"
    filled: bool = True


@dataclass(frozen=True)
class Key:
    """What a shape with its colour and filling means."""

    label: str
    shape: Shape = "circle"
    colour: str = "var(--one)"
    filled: bool = True


@dataclass(frozen=True)
class Picture:
    """What is drawn, with its title and the same in words."""

    kind: Kind
    title: str
    description: str
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...] = ()
    columns: tuple[Column, ...] = ()
    keys: tuple[Key, ...] = ()
    stated: tuple[str, ...] = ()
    """Days that the graph states."""
    regions: tuple[str, ...] = ()


def size(picture: Picture, *, narrow: bool = False) -> tuple[int, int]:
    """Return the width and height of a picture without title and credit."""
    keys = -(-len(picture.keys) // _columns_of_keys(picture, narrow=narrow)) * _LINE
    return NARROW if narrow else WIDE, _height(picture, narrow=narrow) + _GAP + keys


def as_svg(picture: Picture, *, narrow: bool, credit: str = "", colours: str = "") -> str:
    """Return a picture as the text of an SVG.

    Args:
        picture: what is drawn.
        narrow: whether it is for a phone.
        credit: who made it, written below; then the title stands above as well.
        colours: light or dark, or nothing for what the reader's device asks for.
    """
    width = NARROW if narrow else WIDE
    above = _is_above(picture, narrow=narrow)
    room = min(_room(picture), _MOST_ROOM)
    longest = ((width if above else room) - 2 * _EDGE + 1) / _LETTER
    head = _top(picture, narrow=narrow) / _SLANT / _LETTER - 1
    given = asdict(picture) | {
        "marks": [asdict(mark) | {"address": _address(mark)} for mark in picture.marks],
        "lines": [
            asdict(line) | {"label": _fitting(line.label, longest)} for line in picture.lines
        ],
        "columns": [asdict(one) | {"label": _fitting(one.label, head)} for one in picture.columns],
        "width": width,
        "height": _height(picture, narrow=narrow),
        "above": above,
        "top": _top(picture, narrow=narrow),
        "room": room,
        "narrow": narrow,
        "legend": _columns_of_keys(picture, narrow=narrow),
        "months": list(get_month_names("abbreviated", locale=locale()).values()),
        "framed": bool(credit),
        "heading": list(_wrapped(picture.title, width / _LETTER / _BOLD)),
        "credit": credit,
        "style": _style(colours),
        "language": language(),
    }
    return svg.draw(given)


def _address(mark: Mark) -> str | None:
    return f"{root()}{mark.address}" if mark.address else None


def _height(picture: Picture, *, narrow: bool) -> int:
    if picture.kind == "map":
        return len(picture.regions) * _MAP_NARROW if narrow else _MAP
    step = _STEP_ABOVE if _is_above(picture, narrow=narrow) else _STEP
    return _top(picture, narrow=narrow) + len(picture.lines) * step + _EDGE


def _top(picture: Picture, *, narrow: bool) -> int:
    """Return what stands above the lines."""
    if picture.kind == "time":
        return _AXIS
    if not any(column.label for column in picture.columns):
        return _EDGE // 2
    return _HEADS_NARROW if narrow else _HEADS


def _room(picture: Picture) -> int:
    """Return what the longest name of a line takes."""
    return (
        int(max((width_of(line.label) for line in picture.lines), default=0) * _LETTER) + 2 * _EDGE
    )


def _is_above(picture: Picture, *, narrow: bool) -> bool:
    """Return whether the names of lines stand above them: on phones, and sentences always."""
    return narrow or (picture.kind == "grid" and _room(picture) > _MOST_ROOM)


def _columns_of_keys(picture: Picture, *, narrow: bool) -> int:
    widest = max((width_of(key.label) for key in picture.keys), default=0) * _LETTER + 3 * _EDGE
    return max(1, min(len(picture.keys), int((NARROW if narrow else WIDE) // widest)))


def _fitting(text: str, longest: float) -> str:
    """Return what of ``text`` fits into so many heights of a letter."""
    if width_of(text) <= longest:
        return text
    kept = next((n for n in range(len(text), 0, -1) if width_of(text[:n]) < longest - 1), 1)
    return cut(text, kept + 1)


def _wrapped(text: str, longest: float) -> Iterable[str]:
    """Yield lines of a text, none longer than so many heights of a letter if its words allow it.

    A line may end after any Chinese letter, but not before a mark of punctuation.
    """
    line = ""
    for part in _PARTS.findall(text):
        if line and width_of(f"{line}{part}".rstrip()) > longest:
            yield line.rstrip()
            line = ""
        line += part if line else part.lstrip()
    yield line.rstrip()


@cache
def _style(colours: str) -> str:
    """Return the style sheet of a picture; for one scheme of colours, where one is named."""
    text = _STYLE.read_text(encoding="utf-8")
    light, query, dark = text.partition("@media (prefers-color-scheme: dark)")
    match colours:
        case "light":
            return light
        case "dark":
            return light + dark.strip().removeprefix("{").removesuffix("}")
        case _:
            return light + query + dark
