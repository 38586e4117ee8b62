"""A timeline as a picture: one lane a kind of meeting, one mark a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.names import expand
from sparql_endpoint.site.meetings import Meeting, Span
from sparql_endpoint.site.showing import name_of, text_of

__all__ = ["Bar", "Lane", "Mark", "Tick", "Timeline", "draw"]

WIDTH = 960
_EDGE = 22
_TOP = 26
_LABEL = 24
_STEP = 15
_FOOT = 10
_NEAR = 13
_ORDER = tuple(
    expand(f"dfo:{name}") for name in ("LeadersMeeting", "MinisterialMeeting", "SubforumMeeting")
)
_NAMED = expand("dfo:MinisterialMeeting")
_BAR = 20
_WRITTEN = 14
"""The height of what is written above a mark."""
_MONTHS, _DAYS = 12, 31


@dataclass(frozen=True)
class Mark:
    """A meeting at its place, in the units of the picture."""

    x: float
    y: float
    iri: str
    title: str
    held: bool
    label: str = ""
    """What is written above it, if anything."""


@dataclass(frozen=True)
class Lane:
    """A kind of meeting: its name, where it stands, and its marks in the order of time."""

    title: str
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Tick:
    """A year at its beginning."""

    x: float
    year: int


@dataclass(frozen=True)
class Bar:
    """A document over the years that it covers."""

    x: float
    y: float
    width: float
    iri: str
    title: str


@dataclass(frozen=True)
class Timeline:
    """The picture: its size, years, lanes, and bars with where they begin."""

    width: int
    height: float
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    bars: tuple[Bar, ...] = ()
    bars_at: float = 0


def draw(meetings: Iterable[Meeting], spans: Iterable[Span] = ()) -> Timeline | None:
    """Return the timeline of meetings, or None where none has a date that can be placed.

    Documents with years stand below, from the beginning of the first to the end of the last.
    """
    covered = sorted(spans, key=lambda span: (span.first, span.iri))
    placed = [(moment, meeting) for meeting in meetings if (moment := _moment(meeting)) is not None]
    if not placed:
        return None
    moments = [moment for moment, _ in placed]
    first = int(min(moments))
    last = max(int(max(moments)) + 1, *(span.last + 1 for span in covered), 0)

    def across(moment: float) -> float:
        return round(_EDGE + (moment - first) / (last - first) * (WIDTH - 2 * _EDGE), 1)

    lanes: list[Lane] = []
    y: float = _TOP
    for kind in sorted({meeting.kind for _, meeting in placed}, key=_rank):
        own = [(across(moment), meeting) for moment, meeting in placed if meeting.kind == kind]
        levels = _levels([x for x, _ in own])
        above = _WRITTEN if kind == _NAMED else 0
        base = y + _LABEL + above + _STEP * (max(levels) + 1)
        marks = (
            _mark(x, base - _STEP * (level + 0.5), meeting)
            for (x, meeting), level in zip(own, levels, strict=True)
        )
        lanes.append(Lane(name_of(kind).text, y, tuple(marks)))
        y = base
    bars_at = y
    bars = tuple(
        Bar(
            across(span.first),
            y + _LABEL + row * _BAR,
            round(across(span.last + 1) - across(span.first), 1),
            span.iri,
            name_of(span.iri).text,
        )
        for row, span in enumerate(covered)
        if span.first >= first
    )
    y += (_LABEL + len(bars) * _BAR) if bars else 0
    step = max(1, (last - first) // 20 + 1)
    ticks = tuple(Tick(across(year), year) for year in range(first, last + 1, step))
    return Timeline(WIDTH, y + _FOOT, ticks, tuple(lanes), bars, bars_at)


def _mark(x: float, y: float, meeting: Meeting) -> Mark:
    title = f"{name_of(meeting.iri).text}, {text_of(meeting.date)}"
    named = meeting.kind == _NAMED and meeting.numbered
    year = meeting.date.value[:4]
    label = f"{name_of(meeting.place).text} {year}" if meeting.place else year
    return Mark(x, y, meeting.iri, title, meeting.held, label if named else "")


def _moment(meeting: Meeting) -> float | None:
    """Return a date as a number of years; the middle of what it leaves open."""
    parts = meeting.date.value.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year = int(parts[0])
    month = int(parts[1]) - 1 if len(parts) > 1 else _MONTHS / 2
    day = int(parts[2]) - 1 if len(parts) > 2 else _DAYS / 2  # noqa: PLR2004  # year, month, day
    return year + (month + (day / _DAYS if len(parts) > 1 else 0)) / _MONTHS


def _levels(places: list[float]) -> list[int]:
    """Return how high each mark stands, so that none covers another: the lowest free level."""
    ends: list[float] = []
    levels: list[int] = []
    for x in places:
        level = next((n for n, end in enumerate(ends) if x - end >= _NEAR), len(ends))
        ends[level : level + 1] = [x]
        levels.append(level)
    return levels


def _rank(kind: str) -> tuple[int, str]:
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), kind)
