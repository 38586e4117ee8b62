"""The meetings of a series as a table: number, days, place, who chaired, and what was adopted."""

from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.site.asking import Row, Term, node, rows

__all__ = ["Session", "sessions"]

_MOST = 2_000
_QUERY = f"""
SELECT ?meeting ?number ?first ?last ?planned ?place ?mode ?chair ?document {{{{
    ?meeting dfo:inSeries {{series}}
    OPTIONAL {{{{ ?meeting dfo:ordinal ?number }}}}
    OPTIONAL {{{{ ?meeting dfo:heldOn ?first OPTIONAL {{{{ ?meeting dfo:heldUntil ?last }}}} }}}}
    OPTIONAL {{{{ ?meeting dfo:scheduledOn ?planned }}}}
    OPTIONAL {{{{ ?meeting schema:location ?place . ?place a schema:City }}}}
    OPTIONAL {{{{ ?meeting dfo:mode ?mode }}}}
    OPTIONAL {{{{ ?meeting dfo:chairedBy ?chair }}}}
    OPTIONAL {{{{ ?meeting dfo:outcome ?document }}}}
}}}} ORDER BY ?meeting ?chair ?document LIMIT {_MOST}"""


@dataclass(frozen=True)
class Session:
    """A meeting of a series; what the graph does not know of it is None or empty."""

    meeting: Term
    number: Term | None
    first: Term | None
    last: Term | None
    planned: Term | None
    """The day for which it was announced."""
    places: tuple[Term, ...]
    """The cities where it took place, or the way in which it did."""
    chairs: tuple[Term, ...]
    documents: tuple[Term, ...]


def sessions(series: str) -> list[Session]:
    """Return the meetings of a series in the order of time, those without a day last.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    by_meeting: dict[Term, list[Row]] = {}
    for row in rows(_QUERY.format(series=node(series))):
        by_meeting.setdefault(row["meeting"], []).append(row)
    found = [_session(meeting, those) for meeting, those in by_meeting.items()]
    return sorted(found, key=_when)


def _session(meeting: Term, found: list[Row]) -> Session:
    number, first, last, planned = (
        next(iter(_values(found, name)), None) for name in ("number", "first", "last", "planned")
    )
    return Session(
        meeting,
        number,
        first,
        last,
        planned,
        _values(found, "place") or _values(found, "mode"),
        _values(found, "chair"),
        _values(found, "document"),
    )


def _values(found: Iterable[Row], name: str) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(row[name] for row in found if name in row))


def _when(session: Session) -> tuple[bool, str, str]:
    day = session.first or session.planned
    return (day is None, day.value if day else "", session.meeting.value)
