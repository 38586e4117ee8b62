"""Meetings with their days, for timelines."""

from dataclasses import dataclass

from sparql_endpoint.names import expand
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import Term, node, rows

__all__ = ["Meeting", "Span", "all_meetings", "all_spans", "meetings"]

_QUERY = """
SELECT ?thing ?p ?date ?city ?ordinal {{
    {narrowed} VALUES ?p {{ dfo:heldOn dfo:scheduledOn }} ?thing ?p ?date
    OPTIONAL {{ ?thing schema:location ?city . ?city a schema:City }}
    OPTIONAL {{ ?thing dfo:ordinal ?ordinal }}
}}"""
_SPANS = """
SELECT ?thing (MIN(?start) AS ?first) (MAX(?end) AS ?last) {
    ?thing dcterms:temporal ?period . ?period dcat:startDate ?start ; dcat:endDate ?end
} GROUP BY ?thing ORDER BY ?thing LIMIT 100"""
_HELD = expand("dfo:heldOn")


@dataclass(frozen=True)
class Meeting:
    """A meeting: its class, its day, month or year, and whether it was held or only announced."""

    iri: str
    kind: str
    date: Term
    held: bool
    place: str = ""
    """The city."""
    numbered: bool = False
    """Whether it has a number in its series."""


@dataclass(frozen=True)
class Span:
    """A document and the first and last year that it covers."""

    iri: str
    first: int
    last: int


def all_spans() -> list[Span]:
    """Return the documents that cover years, asked for once."""
    return kept.once((__name__, "spans"), _spans)


def _spans() -> list[Span]:
    return [
        Span(row["thing"].value, int(row["first"].value[:4]), int(row["last"].value[:4]))
        for row in rows(_SPANS)
        if "thing" in row and row["first"].value[:4].isdigit() and row["last"].value[:4].isdigit()
    ]


def all_meetings() -> list[Meeting]:
    """Return the meetings that have a date, in the order of time, asked for once."""
    return kept.once(__name__, meetings)


def meetings(series: str = "") -> list[Meeting]:
    """Return the meetings that have a date, of one series or of all, in the order of time."""
    narrowed = f"?thing dfo:inSeries {node(series)} ." if series else ""
    dates: dict[str, tuple[bool, int, Term]] = {}
    numbered: set[str] = set()
    cities: dict[str, str] = {}
    for row in rows(_QUERY.format(narrowed=narrowed)):
        rank = (row["p"].value == _HELD, len(row["date"].value), row["date"])
        if "ordinal" in row:
            numbered.add(row["thing"].value)
        if "city" in row:
            cities[row["thing"].value] = row["city"].value
        dates[row["thing"].value] = max(rank, dates.get(row["thing"].value, rank))
    catalogue = kept.catalogue()
    found = [
        Meeting(
            iri,
            (catalogue.most_specific(iri) or [""])[0],
            date,
            held,
            cities.get(iri, ""),
            iri in numbered,
        )
        for iri, (held, _, date) in dates.items()
        if catalogue.is_a(iri, expand("dfo:Meeting"))
    ]
    return sorted(found, key=lambda meeting: (meeting.date.value, meeting.iri))
