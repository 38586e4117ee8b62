"""Meetings with their days, for timelines."""

from dataclasses import dataclass

from sparql_endpoint.names import expand
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import Term, node, rows

__all__ = ["Meeting", "all_meetings", "meetings"]

_QUERY = """
SELECT ?thing ?p ?date {{
    {narrowed} VALUES ?p {{ dfo:heldOn dfo:scheduledOn }} ?thing ?p ?date
}}"""
_HELD = expand("dfo:heldOn")


@dataclass(frozen=True)
class Meeting:
    """A meeting: its class, its day, month or year, and whether it was held or only announced."""

    iri: str
    kind: str
    date: Term
    held: bool


def all_meetings() -> list[Meeting]:
    """Return the meetings that have a date, in the order of time, asked for once."""
    return kept.once(__name__, meetings)


def meetings(series: str = "") -> list[Meeting]:
    """Return the meetings that have a date, of one series or of all, in the order of time."""
    narrowed = f"?thing dfo:inSeries {node(series)} ." if series else ""
    dates: dict[str, tuple[bool, int, Term]] = {}
    for row in rows(_QUERY.format(narrowed=narrowed)):
        rank = (row["p"].value == _HELD, len(row["date"].value), row["date"])
        dates[row["thing"].value] = max(rank, dates.get(row["thing"].value, rank))
    catalogue = kept.catalogue()
    found = [
        Meeting(iri, (catalogue.most_specific(iri) or [""])[0], date, held)
        for iri, (held, _, date) in dates.items()
        if catalogue.is_a(iri, expand("dfo:Meeting"))
    ]
    return sorted(found, key=lambda meeting: (meeting.date.value, meeting.iri))
