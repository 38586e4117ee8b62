"""A disagreement as a picture: a mark a source, on a line of days or in a line for each value.

Shape and colour tell the party that publishes a source, filling its rank.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.names import expand
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.site import kept
from sparql_endpoint.site.addresses import page_path
from sparql_endpoint.site.answers import as_printed, thing
from sparql_endpoint.site.asking import Row
from sparql_endpoint.site.fitting import days_of, span_of
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.members_map import FORUM
from sparql_endpoint.site.picture import Column, Key, Line, Mark, Picture, Shape
from sparql_endpoint.site.showing import name_of, text_of

__all__ = ["FOUNDING", "Dispute", "disputes", "draw", "rows_of", "slug_of"]

_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_TIERS = tuple(expand(f"dfo:{name}") for name in ("official", "reputable", "secondary", "weak"))
_STRONG = _TIERS[:2]
"""The ranks whose marks are filled."""
_ASSERTED = expand("dfo:asserted")
_PARTIES = f"SELECT ?party {{ <{FORUM}> dfo:hasParty ?party }}"
_LEAST_COLUMNS = 12
_MARKED = "\u2713"


@dataclass(frozen=True)
class Dispute:
    """What sources disagree on: a property of a thing."""

    subject: str
    predicate: str

    @property
    def slug(self) -> str:
        """What its picture is called in an address."""
        return slug_of(self.subject, self.predicate)

    @property
    def title(self) -> str:
        """What its picture is called in the reader's language."""
        names = [name_of(iri).text for iri in (self.subject, self.predicate)]
        return gettext("%(thing)s: %(property)s, as sources have it") % {
            "thing": names[0],
            "property": names[1],
        }


def slug_of(subject: str, predicate: str) -> str:
    """Return what the picture of a disagreement is called in an address."""
    thing_name = page_path(subject).removeprefix("page/").replace("/", ".")
    return f"{thing_name}.{re.split('[#/]', predicate)[-1]}"


FOUNDING = f"{FORUM.rpartition('/')[2]}.establishedIn"
"""The picture of when the Forum was founded."""


def disputes() -> list[Dispute]:
    """Return all disagreements, that on the founding of the Forum first.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    found = kept.rows_of(catalogue()["disagreements"].text)
    all_ = dict.fromkeys(Dispute(row["subject"].value, row["property"].value) for row in found)
    return sorted(all_, key=lambda one: one.slug != FOUNDING)


def rows_of(dispute: Dispute, found: Iterable[Row]) -> list[Row]:
    """Return the rows of a disagreement out of those of all of them."""
    return [
        row
        for row in found
        if (row["subject"].value, row["property"].value) == (dispute.subject, dispute.predicate)
    ]


def draw(dispute: Dispute, found: Iterable[Row]) -> Picture | None:
    """Return the picture of a disagreement out of the rows of all of them."""
    own = as_printed("", rows_of(dispute, found))
    if not own:
        return None
    own.sort(key=lambda row: (row["value"].value, _rank(row), row["claimantName"].value))
    if all(_DAY.fullmatch(row["value"].value) for row in own):
        return _by_days(dispute, own)
    return _by_values(dispute, own)


def _by_days(dispute: Dispute, own: list[Row]) -> Picture:
    """Draw a line a source, with a mark on the day, or in the middle of the month or year."""
    spans = [span_of(row["value"]) for row in own]
    marks = tuple(
        _mark(row, days_of(first, last), line, first=first, last=last)
        for line, (row, (first, last)) in enumerate(zip(own, spans, strict=True))
    )
    lines = tuple(Line(n, text_of(thing(row["claimantName"]))) for n, row in enumerate(own))
    stated = sorted(
        {
            first
            for row, (first, last) in zip(own, spans, strict=True)
            if row["standing"].value == _ASSERTED and first == last
        }
    )
    keys = list(_keys(own))
    if stated:
        keys.append(Key(gettext("what the graph states"), "line", "var(--mark)"))
    said = "; ".join(mark.title for mark in marks)
    return Picture(
        "time", dispute.title, said, marks, lines, keys=tuple(keys), stated=tuple(stated)
    )


def _by_values(dispute: Dispute, own: list[Row]) -> Picture:
    """Draw a line a value, with the marks of its sources one behind the other, strongest first."""
    values: dict[str, list[Row]] = {}
    for row in own:
        values.setdefault(_value(row), []).append(row)
    stated = {_value(row) for row in own if row["standing"].value == _ASSERTED}
    marks = tuple(
        _mark(row, value, line, column=column)
        for line, (value, those) in enumerate(values.items())
        for column, row in enumerate(sorted(those, key=_rank))
    )
    lines = tuple(
        Line(n, f"{_MARKED} {value}" if value in stated else value)
        for n, value in enumerate(values)
    )
    keys = list(_keys(own))
    if stated:
        keys.append(Key(gettext("what the graph states"), "tick", "var(--mark)"))
    columns = max(_LEAST_COLUMNS, *(len(those) for those in values.values()))
    return Picture(
        "grid",
        dispute.title,
        "; ".join(mark.title for mark in marks),
        marks,
        lines,
        tuple(Column(n) for n in range(columns)),
        tuple(keys),
    )


def _mark(row: Row, value: str, line: int, **where: object) -> Mark:
    party = row.get("party")
    who = text_of(thing(row["claimantName"]))
    tier = [name_of(row["tier"].value).text] if "tier" in row else []
    of = [gettext("party: %(name)s") % {"name": name_of(party.value).text}] if party else []
    title = f"{who}: {value} ({', '.join([*tier, *of])})" if tier or of else f"{who}: {value}"
    kind = _kind(row)
    return Mark(
        title,
        page_path(row["source"].value),
        line,
        shape=_SHAPES[kind],
        colour=_COLOURS[kind],
        filled=_is_strong(row),
        **where,  # type: ignore[arg-type]  # days or a column
    )


_SHAPES: tuple[Shape, ...] = ("square", "triangle", "circle")
_COLOURS = ("var(--one)", "var(--two)", "var(--three)")


def _kind(row: Row) -> int:
    """Return 0 for a source of a party itself, 1 for one of a party's member, 2 for another."""
    if "party" not in row:
        return 2
    return 0 if row["party"].value in _parties() else 1


def _keys(own: list[Row]) -> Iterable[Key]:
    """Yield what shapes and fillings of these sources mean."""
    kinds = {_kind(row) for row in own}
    parties = {row["party"].value for row in own if _kind(row) == 0}
    if 0 in kinds:
        names = ", ".join(sorted(name_of(iri).text for iri in parties))
        yield Key(gettext("published by %(name)s") % {"name": names}, "square", _COLOURS[0])
    if 1 in kinds:
        words = gettext("published by another state of the Forum")
        yield Key(words, "triangle", _COLOURS[1])
    if 2 in kinds:  # noqa: PLR2004  # as _kind returns
        yield Key(gettext("no party named"), "circle", _COLOURS[2])
    strong, weak = (
        [tier for tier in _TIERS if (tier in _STRONG) == filled] for filled in (True, False)
    )
    if len({_is_strong(row) for row in own}) > 1:
        for tiers, filled in ((strong, True), (weak, False)):
            words = gettext("source: %(ranks)s") % {
                "ranks": ", ".join(name_of(tier).text for tier in tiers)
            }
            yield Key(words, "circle", "currentColor", filled)


def _is_strong(row: Row) -> bool:
    return "tier" in row and row["tier"].value in _STRONG


def _rank(row: Row) -> int:
    tier = row["tier"].value if "tier" in row else ""
    return _TIERS.index(tier) if tier in _TIERS else len(_TIERS)


def _value(row: Row) -> str:
    """Return a value for a reader; the query leaves codes as IRIs, which are named here."""
    value = row["value"].value
    known = thing(row["value"])
    if known.is_iri:
        return text_of(known)
    return name_of(value).text if value.startswith(("http://", "https://")) else value


def _parties() -> set[str]:
    return {row["party"].value for row in kept.rows_of(_PARTIES)}
