"""The picture that fits an answer: places on a map, days in the order of time, or two things.

Which it is, the values say: a column of places whose coordinates the graph knows, a column of days,
or two columns of things.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.site import kept
from sparql_endpoint.site.addresses import page_path
from sparql_endpoint.site.answers import Answer, heading, thing
from sparql_endpoint.site.asking import Row, Term
from sparql_endpoint.site.picture import Column, Key, Line, Mark, Picture, Shape
from sparql_endpoint.site.showing import name_of, period, text_of

__all__ = ["MOST_COLUMNS", "days_of", "fit", "on_map", "over_time", "span_of", "things_by_things"]

_XSD = PREFIXES["xsd"]
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DATED = frozenset(f"{_XSD}{name}" for name in ("date", "gYear", "gYearMonth", "dateTime"))
_MOST_LINES, MOST_COLUMNS, _MOST_PLACES = 60, 16, 60
_MOST_LABELS = 24
_MOST_KNOWN = 5_000
_FAR = 60
"""Degrees of longitude without a place, by which two regions are told apart."""
_COORDINATES = f"""
SELECT ?place (MIN(?lat) AS ?north) (MIN(?long) AS ?east) {{
    ?place geo:lat ?lat ; geo:long ?long
}} GROUP BY ?place ORDER BY ?place LIMIT {_MOST_KNOWN}"""


def fit(title: str, answer: Answer) -> Picture | None:
    """Return the picture that fits an answer, or None where none does.

    Two columns of things are drawn only where something stands twice in both: else the table shows
    as much.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    if not answer.rows:
        return None
    things = {name: _things(name, answer.rows) for name in answer.variables}
    dated = [name for name in answer.variables if _is_dated(name, answer.rows)]
    named = [name for name in answer.variables if things[name]]
    first = next(iter(named), "")
    if first and not dated and set(things[first]) <= kept.once(__name__, _coordinates).keys():
        return on_map(title, Counter(things[first]))
    subject = next((name for name in [*named, *answer.variables] if name not in dated), "")
    if dated and subject:
        return over_time(title, _periods(answer.rows, subject, dated))
    if len(named) > 1:
        pairs = dict.fromkeys(
            (thing(row[named[0]]), thing(row[named[1]]))
            for row in answer.rows
            if named[0] in row and named[1] in row
        )
        if len(pairs) > max(len(set(side)) for side in zip(*pairs, strict=True)):
            return things_by_things(title, list(pairs))
    return None


def over_time(title: str, periods: Iterable[tuple[Term, str, Term, Term | None]]) -> Picture | None:
    """Return things in the order of time; None for one, or for more than fit in a picture.

    Args:
        title: what the picture shows.
        periods: a thing, what of it is dated, from when, until when if it lasted.
    """
    found = sorted(
        {
            (*span_of(first, last), text_of(one), one.value, what, last is not None)
            for one, what, first, last in periods
            if span_of(first, last)[0]
        }
    )
    order = list(dict.fromkeys(iri for _, _, _, iri, _, _ in found))
    if not 1 < len(order) <= _MOST_LINES:
        return None
    labels = {iri: label for _, _, label, iri, _, _ in found}
    kinds = list(dict.fromkeys(what for *_, what, _ in found))
    marks = tuple(
        Mark(
            f"{label}: {f'{what}, ' if len(kinds) > 1 else ''}{days_of(first, last)}",
            page_path(iri),
            order.index(iri),
            first,
            last,
            shape="bar" if lasting else _SHAPES[kinds.index(what) % len(_SHAPES)],
            colour=_COLOURS[kinds.index(what) % len(_COLOURS)],
            filled=what != heading("announcedFor"),
        )
        for first, last, label, iri, what, lasting in found
    )
    keys = tuple(
        Key(what, mark.shape, mark.colour, mark.filled)
        for what in kinds
        for mark in marks[[entry[4] for entry in found].index(what) :][:1]
    )
    said = [f"{label}: {days_of(first, last)}" for first, last, label, *_ in found]
    lines = tuple(Line(row, labels[iri]) for row, iri in enumerate(order))
    return Picture("time", title, "; ".join(said), marks, lines, keys=keys if len(keys) > 1 else ())


_SHAPES: tuple[Shape, ...] = ("circle", "square", "triangle", "diamond")
_COLOURS = ("var(--one)", "var(--two)", "var(--three)")


def things_by_things(
    title: str,
    pairs: Sequence[tuple[Term, Term]],
    kinds: Sequence[str] = (),
    order: Sequence[Term] = (),
) -> Picture | None:
    """Return lines of things with a mark in the column of each that they go with.

    The longer side stands in the lines. None where one side has one thing only, or too many.

    Args:
        title: what the picture shows.
        pairs: two things that go together.
        kinds: of what kind the first of each pair is; each kind has its own shape and heading.
        order: the second things in the order of their columns, if not in that of the pairs.
    """
    first, second = ({pair[n]: None for pair in pairs} for n in (0, 1))
    if len(first) < len(second) and not kinds:
        return things_by_things(title, [(other, one) for one, other in pairs])
    if not (1 < len(first) <= _MOST_LINES and 1 < len(second) <= MOST_COLUMNS):
        return None
    kind_of = dict(zip((one for one, _ in pairs), kinds, strict=True)) if kinds else {}
    known = list(dict.fromkeys(kinds)) or [""]
    columns = list(order or second)
    lines: list[Line] = []
    marks: list[Mark] = []
    for index, kind in enumerate(known):
        if kind:
            lines.append(Line(len(lines), kind, heading=True))
        for one in (term for term in first if kind_of.get(term, "") == kind):
            others = list(dict.fromkeys(other for term, other in pairs if term == one))
            marks.extend(
                Mark(
                    f"{text_of(one)}: {text_of(other)}",
                    page_path(one.value) if one.is_iri else "",
                    len(lines),
                    column=columns.index(other),
                    shape=_SHAPES[index % len(_SHAPES)],
                    colour=_COLOURS[index % len(_COLOURS)],
                )
                for other in others
            )
            lines.append(Line(len(lines), text_of(one)))
    said = [
        f"{line.label}: {', '.join(text_of(columns[m.column]) for m in marks if m.row == line.row)}"
        for line in lines
        if not line.heading
    ]
    heads = tuple(Column(n, text_of(other)) for n, other in enumerate(columns))
    return Picture("grid", title, "; ".join(said), tuple(marks), tuple(lines), heads)


def on_map(title: str, counts: Counter[str]) -> Picture | None:
    """Return places with marks as large as their counts; None where too few have coordinates."""
    known = kept.once(__name__, _coordinates)
    found = sorted((known[iri][1], iri) for iri in counts if iri in known)
    if not 1 < len(found) <= _MOST_PLACES:
        return None
    regions = _regions([longitude for longitude, _ in found])
    marks = tuple(
        Mark(
            f"{name_of(iri).text}: {counts[iri]}",
            page_path(iri),
            latitude=known[iri][0],
            longitude=longitude,
            size=counts[iri],
            label=_label(name_of(iri).text, counts[iri]) if len(found) <= _MOST_LABELS else "",
            region=region,
        )
        for region, (longitude, iri) in zip(regions, found, strict=True)
    )
    names = tuple(str(n) for n in range(max(regions) + 1))
    said = "; ".join(mark.title for mark in sorted(marks, key=lambda mark: -mark.size))
    return Picture("map", title, said, marks, regions=names)


def _label(name: str, count: int) -> str:
    return f"{name} {count}" if count > 1 else name


def span_of(first: Term, last: Term | None = None) -> tuple[str, str]:
    """Return the first and last day of what begins and ends so, or two empty texts for no days."""
    starts, ends = _bounds(first.value), _bounds((last or first).value)
    return (starts[0], max(ends[1], starts[0])) if starts[0] and ends[0] else ("", "")


def days_of(first: str, last: str) -> str:
    """Return days as the reader writes them, with no more precision than they were given."""
    for length, kind in ((4, "gYear"), (7, "gYearMonth")):
        start, end = first[:length], last[:length]
        if (first, last) == (_bounds(start)[0], _bounds(end)[1]):
            return period(*(Term("literal", day, "", f"{_XSD}{kind}") for day in (start, end)))
    return period(*(Term("literal", day, "", f"{_XSD}date") for day in (first, last)))


def _bounds(day: str) -> tuple[str, str]:
    """Return the first and last day of a year, month or day; empty texts for anything else."""
    match = _DAY.match(day)
    if match is None:
        return "", ""
    year, month, date = match.groups()
    if date:
        return match[0], match[0]
    if month:
        last = monthrange(int(year), int(month))[1] if 1 <= int(month) <= 12 else 28  # noqa: PLR2004
        return f"{year}-{month}-01", f"{year}-{month}-{last}"
    return f"{year}-01-01", f"{year}-12-31"


def _periods(
    found: Iterable[Row], subject: str, dated: Sequence[str]
) -> Iterable[tuple[Term, str, Term, Term | None]]:
    """Yield what is dated in rows: two columns of which the second is later are a period."""
    span = tuple(dated[:2]) if len(dated) > 1 and _are_ends(dated[0], dated[1]) else ()
    for row in found:
        if subject not in row:
            continue
        if span and span[0] in row:
            yield thing(row[subject]), heading(span[0]), row[span[0]], row.get(span[1])
        for name in dated:
            if name not in span and name in row:
                yield thing(row[subject]), heading(name), row[name], None


def _are_ends(first: str, last: str) -> bool:
    return first.lower().startswith("first") and last.lower().startswith("last")


def _is_dated(name: str, found: Iterable[Row]) -> bool:
    values = [row[name] for row in found if name in row]
    return bool(values) and all(value.datatype in _DATED for value in values)


def _things(name: str, found: Iterable[Row]) -> list[str]:
    """Return the IRIs that a column shows, with repetitions; none where it holds anything else.

    Terms of the ontology are no things.
    """
    known = [thing(row[name]) for row in found if name in row]
    return [term.value for term in known] if all(_is_thing(term) for term in known) else []


def _is_thing(term: Term) -> bool:
    return term.is_iri and page_path(term.value).startswith("page/")


def _coordinates() -> dict[str, tuple[float, float]]:
    """Return latitude and longitude by place."""
    found: dict[str, tuple[float, float]] = {}
    for row in kept.rows_of(_COORDINATES):
        try:
            found[row["place"].value] = float(row["north"].value), float(row["east"].value)
        except (KeyError, ValueError):
            continue
    return found


def _regions(longitudes: Sequence[float]) -> list[int]:
    """Return in which region each longitude lies, for longitudes in order."""
    region, regions = 0, [0]
    for one, other in pairwise(longitudes):
        region += other - one > _FAR
        regions.append(region)
    return regions
