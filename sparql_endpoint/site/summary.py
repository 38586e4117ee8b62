"""What stands on top of a thing's page: the few lines that its reader came for, by its kind.

``_LINES`` names the lines of each kind; each has a graph pattern, and all are asked in one query.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sparql_endpoint.names import expand
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import Row, Term, node, rows
from sparql_endpoint.site.languages import language
from sparql_endpoint.site.searching import fold
from sparql_endpoint.site.showing import text_of
from sparql_endpoint.site.wording import N_

__all__ = ["Entry", "Line", "Summary", "summarize"]

_MOST = 2_000
_DAY = "OPTIONAL { ?value dfo:heldOn ?day }"
_OWN_DAY = "OPTIONAL { $this dfo:heldOn ?day }"
_DURING = "OPTIONAL { ?during dcat:startDate ?day } OPTIONAL { ?during dcat:endDate ?until }"
_TENURE = f"OPTIONAL {{ ?from org:memberDuring ?during {_DURING} }}"


@dataclass(frozen=True)
class Line:
    """A line of a summary: its name, the pattern of its values, and how they are laid out.

    The pattern says ``$this`` for the thing and binds ``?value``; it may bind ``?day``, ``?until``
    and ``?beside``, and ``?from``, the thing that says so.
    """

    title: str
    pattern: str
    layout: str = "run"
    """As a ``run`` of links, as ``rows`` with days, or as ``chips``."""


@dataclass(frozen=True, order=True)
class Entry:
    """A value in a line: when it was so, and what is written beside it."""

    day: Term | None
    value: Term
    until: Term | None = None
    beside: Term | None = None
    origin: str = ""
    """The thing that holds the days, such as a tenure, where that is another."""


@dataclass(frozen=True)
class Summary:
    """A line with its entries, in the order of time or of their first naming."""

    line: Line
    entries: tuple[Entry, ...]


def _direct(title: str, name: str, layout: str = "run") -> Line:
    return Line(title, f"$this {name} ?value", layout)


_COUNTED = Line(
    N_("Counted by sources"),
    "?from rdf:subject $this ; rdf:predicate dfo:hasCount ; rdf:object ?value",
    "rows",
)
_MEETING = (
    Line(
        N_("When"),
        "$this dfo:heldOn ?value BIND (?value AS ?day) OPTIONAL { $this dfo:heldUntil ?until }",
        "when",
    ),
    Line(
        N_("Announced for"),
        "$this dfo:scheduledOn ?value BIND (?value AS ?day)"
        " OPTIONAL { $this dfo:scheduledUntil ?until }"
        " OPTIONAL { $this dfo:heldOn ?held } FILTER (!BOUND(?held))",
        "when",
    ),
    Line(
        N_("Where"),
        "$this schema:location ?value"
        " OPTIONAL { $this schema:location ?within . ?within schema:containedInPlace+ ?value }"
        " FILTER (!BOUND(?within))"
        " OPTIONAL { ?value schema:containedInPlace+ ?beside . ?beside a dfo:State }",
    ),
    _direct(N_("How"), "dfo:mode"),
    Line(N_("Number"), "$this dfo:ordinal ?value OPTIONAL { $this dfo:inSeries ?beside }", "rows"),
    _direct(N_("Theme"), "dfo:theme"),
    _direct(N_("Chaired by"), "dfo:chairedBy"),
    _direct(N_("Hosted by"), "dfo:hostedBy"),
    Line(N_("Speeches"), "?value dfo:deliveredAt $this", "rows"),
    _direct(N_("People who came"), "schema:attendee"),
    _direct(N_("States represented"), "dfo:representedState"),
    _COUNTED,
    _direct(N_("Adopted or founded"), "dfo:outcome", "rows"),
    Line(
        N_("Series"),
        "$this dfo:inSeries ?value OPTIONAL { $this dfo:ordinal ?n } FILTER (!BOUND(?n))",
    ),
    Line(N_("Before it"), f"$this dfo:previousMeeting ?value {_DAY}", "rows"),
    Line(N_("After it"), f"?value dfo:previousMeeting $this {_DAY}", "rows"),
)
_HELD = (Line(N_("Posts"), f"?from org:member $this ; dfo:ofPost ?value {_TENURE}", "rows"),)
_LINES: Mapping[str, tuple[Line, ...]] = MappingProxyType(
    {
        "dfo:Meeting": _MEETING,
        "foaf:Person": (
            *_HELD,
            Line(N_("Meetings attended"), f"?value schema:attendee $this {_DAY}", "rows"),
            Line(N_("Meetings chaired"), f"?value dfo:chairedBy $this {_DAY}", "rows"),
            Line(
                N_("Speeches"),
                "?value dfo:deliveredBy $this"
                " OPTIONAL { ?value dfo:deliveredOn|(dfo:deliveredAt/dfo:heldOn) ?day }",
                "rows",
            ),
            Line(N_("Proposed"), "?value dfo:initiatedBy $this"),
            Line(
                N_("Wrote"),
                "?value dcterms:creator $this OPTIONAL { ?value dcterms:issued ?day }",
                "rows",
            ),
        ),
        "dfo:State": (
            Line(N_("Member of"), "$this org:memberOf ?value"),
            Line(
                N_("Memberships with dates"),
                "?value org:member $this ; org:organization ?o ; org:memberDuring ?during "
                + _DURING,
                "rows",
            ),
            *_HELD,
            Line(N_("Party to"), "?value dfo:hasParty $this . ?value a dfo:Forum"),
            Line(
                N_("Meetings there"),
                f"?value schema:location/schema:containedInPlace? $this {_DAY}",
                "rows",
            ),
            Line(N_("Represented at"), f"?value dfo:representedState $this {_DAY}", "rows"),
        ),
        "dfo:Bloc": (
            Line(N_("Founded"), "$this dfo:establishedIn ?value BIND (?value AS ?day)", "when"),
            Line(N_("Launched"), "$this dfo:launchedIn ?value BIND (?value AS ?day)", "when"),
            Line(N_("Members"), "?value org:memberOf $this"),
            Line(N_("Party to"), "?value dfo:hasParty $this"),
            Line(
                N_("Presidencies"),
                "?from dfo:ofPost/org:postIn $this ; org:member ?value . ?value a dfo:State "
                + _TENURE,
                "rows",
            ),
            _direct(N_("In place of"), "dcterms:replaces"),
        ),
        "dfo:Forum": (
            _direct(N_("Parties"), "dfo:hasParty"),
            Line(
                N_("Started by, as is said"),
                "?from rdf:subject $this ; rdf:predicate dfo:initiatedBy ; rdf:object ?value",
                "rows",
            ),
            Line(N_("Founded"), "$this dfo:establishedIn ?value BIND (?value AS ?day)", "when"),
            Line(N_("Launched"), "$this dfo:launchedIn ?value BIND (?value AS ?day)", "when"),
            Line(
                N_("Ministerial meetings"),
                "?value a dfo:MinisterialMeeting ; dfo:ofForum $this"
                f" OPTIONAL {{ ?value schema:location ?beside . ?beside a schema:City }} {_DAY}",
                "rows",
            ),
            Line(
                N_("Plans of action"),
                "?value a dfo:ActionPlan ; dfo:ofForum $this"
                f" OPTIONAL {{ ?value dcterms:temporal ?during {_DURING} }}",
                "rows",
            ),
            _direct(N_("Areas"), "dcterms:subject", "chips"),
        ),
        "dfo:OutcomeDocument": (
            Line(
                N_("Adopted at"),
                f"?value dfo:outcome $this {_DAY}"
                " OPTIONAL { ?value schema:location ?beside . ?beside a schema:City }",
                "rows",
            ),
            Line(
                N_("Years"),
                "$this dcterms:temporal ?value OPTIONAL { ?value dcat:startDate ?day }"
                " OPTIONAL { ?value dcat:endDate ?until }",
                "when",
            ),
            _direct(N_("Title"), "dcterms:title", "rows"),
            _direct(N_("Areas"), "dcterms:subject", "chips"),
            _direct(N_("Parties"), "dfo:hasParty"),
            _direct(N_("How many"), "dfo:hasCount"),
            Line(N_("Printed in"), "?value schema:exampleOfWork $this", "rows"),
        ),
        "dfo:MeetingSeries": (
            _direct(N_("Forum"), "dfo:ofForum"),
            Line(N_("Founded"), "$this dfo:establishedIn ?value BIND (?value AS ?day)", "when"),
            _direct(N_("Areas"), "dcterms:subject", "chips"),
        ),
        "dfo:Source": (
            _direct(N_("Author"), "dcterms:creator"),
            _direct(N_("Publisher"), "dcterms:publisher"),
            Line(N_("Day"), "$this dcterms:issued ?value BIND (?value AS ?day)", "when"),
            _direct(N_("Language"), "dcterms:language"),
            _direct(N_("Rank"), "dfo:tier"),
            _direct(N_("Party"), "dfo:party"),
            _direct(N_("Prints"), "schema:exampleOfWork"),
            Line(N_("Same text as"), "$this (dfo:sameTextAs|^dfo:sameTextAs) ?value"),
            _direct(N_("Page"), "schema:url"),
            _direct(N_("Note"), "skos:editorialNote"),
        ),
        "dfo:Address": (
            _direct(N_("Speaker"), "dfo:deliveredBy"),
            Line(
                N_("At"), "$this dfo:deliveredAt ?value OPTIONAL { ?value dfo:heldOn ?day }", "rows"
            ),
            Line(N_("Day"), "$this dfo:deliveredOn ?value BIND (?value AS ?day)", "when"),
            _direct(N_("How"), "dfo:mode"),
            _direct(N_("Read by"), "dfo:readBy"),
            _direct(N_("To"), "dfo:addressee"),
            _direct(N_("Title"), "dcterms:title"),
            _direct(N_("Areas"), "dcterms:subject", "chips"),
            Line(N_("Calls made in it"), "?value dfo:madeIn $this", "rows"),
        ),
        "dfo:Appeal": (
            _direct(N_("Calls for"), "dfo:callsFor", "rows"),
            _direct(N_("To"), "dfo:addressee"),
            Line(N_("Speaker"), "$this dfo:madeIn/(dfo:deliveredBy|dcterms:creator) ?value"),
            _direct(N_("Made in"), "dfo:madeIn"),
        ),
        "dfo:Initiative": (
            _direct(N_("Proposed by"), "dfo:initiatedBy"),
            Line(N_("Proposed"), "$this dfo:proposedIn ?value BIND (?value AS ?day)", "when"),
            Line(N_("Named in"), "?value dcterms:subject $this"),
        ),
        "dfo:FinancingMeasure": (
            _direct(N_("Paid by"), "dfo:fundedBy"),
            _direct(N_("For"), "dfo:directedAt"),
            _direct(N_("How many"), "dfo:hasCount"),
        ),
        "dfo:Count": (
            _direct(N_("Counted"), "dfo:countOf"),
            Line(
                N_("Number"),
                "$this dfo:value ?value OPTIONAL { $this dfo:comparator ?beside }",
                "rows",
            ),
            Line(N_("Of"), "?value dfo:hasCount $this"),
        ),
        "dfo:Tenure": (
            _direct(N_("Holder"), "org:member"),
            _direct(N_("Post"), "dfo:ofPost"),
            Line(
                N_("Years"),
                f"$this org:memberDuring ?during {_DURING} BIND (?during AS ?value)",
                "when",
            ),
        ),
        "org:Membership": (
            _direct(N_("Member"), "org:member"),
            _direct(N_("Of"), "org:organization"),
            Line(
                N_("Years"),
                f"$this org:memberDuring ?during {_DURING} BIND (?during AS ?value)",
                "when",
            ),
        ),
        "org:Post": (
            _direct(N_("Post in"), "org:postIn"),
            Line(N_("Held by"), f"?from dfo:ofPost $this ; org:member ?value {_TENURE}", "rows"),
        ),
        "schema:Place": (
            _direct(N_("Lies in"), "schema:containedInPlace"),
            Line(N_("Meetings there"), f"?value schema:location $this {_DAY}", "rows"),
        ),
        "org:Organization": (
            _direct(N_("Part of"), "org:unitOf|org:subOrganizationOf"),
            _direct(N_("Place"), "schema:location"),
            Line(N_("Meetings hosted"), f"?value dfo:hostedBy $this {_DAY}", "rows"),
            Line(
                N_("Publisher of"),
                "?value dcterms:publisher $this OPTIONAL { ?value dcterms:issued ?day }",
                "rows",
            ),
        ),
        "skos:Concept": (
            _direct(N_("Part of"), "skos:broader"),
            Line(N_("Parts"), "?value skos:broader $this"),
            Line(
                N_("Named in"),
                "?value dcterms:subject $this OPTIONAL { ?value dcterms:temporal ?during "
                + _DURING
                + " }",
                "rows",
            ),
        ),
    }
)


def summarize(iri: str) -> list[Summary]:
    """Return the lines of a thing that have values: one query, none for a kind without lines.

    The first kind of the table that a thing belongs to counts.
    """
    is_a = kept.catalogue().is_a
    lines = next((lines for kind, lines in _LINES.items() if is_a(iri, expand(kind))), ())
    if not lines:
        return []
    groups: dict[int, list[Row]] = {}
    for row in rows(_query(iri, lines)):
        groups.setdefault(int(row["line"].value), []).append(row)
    return [Summary(lines[place], _entries(groups[place])) for place in sorted(groups)]


def _query(iri: str, lines: Iterable[Line]) -> str:
    branches = " UNION ".join(
        f"{{ {line.pattern.replace('$this', node(iri))} BIND ({place} AS ?line) }}"
        for place, line in enumerate(lines)
    )
    return f"SELECT DISTINCT ?line ?value ?day ?until ?beside ?from {{ {branches} }} LIMIT {_MOST}"


def _entries(found: Iterable[Row]) -> tuple[Entry, ...]:
    """Return one entry a value, with its most precise days; those without a day come first."""
    by_value: dict[str, Entry] = {}
    for row in found:
        origin = row["from"].value if "from" in row else ""
        entry = Entry(row.get("day"), row["value"], row.get("until"), row.get("beside"), origin)
        key = origin if entry.day and origin else entry.value.value
        if entry.day == entry.value:
            key = ""  # a day is shown once, as precisely as it is known
        known = by_value.get(key)
        by_value[key] = _more_precise(known, entry) if known else entry
    return tuple(sorted(_worded(list(by_value.values())), key=_moment))


def _worded(entries: list[Entry]) -> list[Entry]:
    """Return the entries, words in the reader's language alone where there are any in it."""
    own = [entry for entry in entries if entry.value.language == language()]
    if own and all(entry.value.language for entry in entries):
        return own
    return entries


def _more_precise(one: Entry, other: Entry) -> Entry:
    return max(one, other, key=lambda entry: (_length(entry.day), _length(entry.until)))


def _length(day: Term | None) -> int:
    return len(day.value) if day else 0


def _moment(entry: Entry) -> tuple[str, str]:
    return (entry.day.value if entry.day else "", fold(text_of(entry.value)))
