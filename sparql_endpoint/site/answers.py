"""The answer to a ready question for a reader: headings and values in words, with links.

Queries name things by their English labels; a text that is the label of one thing only is shown as
that thing, so in the reader's language and as a link.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from babel.lists import format_list
from markupsafe import Markup

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import Row, Term
from sparql_endpoint.site.languages import gettext, locale, ngettext
from sparql_endpoint.site.showing import period, show, text_of
from sparql_endpoint.site.wording import N_

__all__ = ["Answer", "cell", "heading", "records", "sentence_of"]

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "about": N_("About"),
        "addressee": N_("Addressed to"),
        "alpha2": N_("ISO code, 2 letters"),
        "alpha3": N_("ISO code, 3 letters"),
        "announcedFor": N_("Announced for"),
        "area": N_("Area"),
        "areaInSpanish": N_("Area in Spanish"),
        "asserted": N_("Endorsed"),
        "attributed": N_("Not endorsed"),
        "beneficiary": N_("For"),
        "callsFor": N_("Calls for"),
        "characterization": N_("In these words"),
        "city": N_("City"),
        "claim": N_("Claim"),
        "claimant": N_("Who says so"),
        "claimantName": N_("Who says so"),
        "comparator": N_("How exactly"),
        "copyOf": N_("Same text as"),
        "counted": N_("Counted"),
        "date": N_("Date"),
        "day": N_("Day"),
        "document": N_("Document"),
        "figure": N_("Figure"),
        "first": N_("From"),
        "firstDay": N_("First day"),
        "firstYear": N_("From"),
        "funder": N_("Paid by"),
        "initiative": N_("Initiative"),
        "initiator": N_("Started by"),
        "issued": N_("Published"),
        "item": N_("Wikidata"),
        "kind": N_("Kind of name"),
        "language": N_("Language"),
        "last": N_("Until"),
        "lastDay": N_("Last day"),
        "lastYear": N_("Until"),
        "locator": N_("Place in the source"),
        "measure": N_("Measure"),
        "meeting": N_("Meeting"),
        "membership": N_("Membership"),
        "mode": N_("How"),
        "name": N_("Name"),
        "number": N_("Number"),
        "ordinal": N_("Number of the meeting"),
        "organization": N_("Organization"),
        "pages": N_("Pages"),
        "party": N_("Party"),
        "person": N_("Person"),
        "place": N_("Place"),
        "post": N_("Post"),
        "property": N_("What is said"),
        "proposer": N_("Proposed by"),
        "publishedByAParty": N_("Published by a party"),
        "rank": N_("Rank"),
        "reason": N_("Reason"),
        "rule": N_("Rule"),
        "scheduled": N_("Announced for"),
        "source": N_("Source"),
        "sources": N_("Number of sources"),
        "speaker": N_("Speaker"),
        "standing": N_("Endorsed by the graph?"),
        "state": N_("State"),
        "subforum": N_("Subforum"),
        "subject": N_("Of what"),
        "theme": N_("Theme"),
        "tier": N_("Rank of the source"),
        "title": N_("Title"),
        "value": N_("Value"),
        "voicedIn": N_("Said in"),
        "who": N_("Who"),
        "words": N_("Words"),
    }
)
_LISTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "addresses": ("speaker", N_("The meetings were addressed by %(list)s.")),
        "attendees": (
            "person",
            N_("%(count)s people are known to have come, among them %(list)s."),
        ),
        "celac-outside-oas": ("state", N_("These are %(list)s.")),
        "celac-presidencies": ("state", N_("The presidency went to %(list)s.")),
        "claimants": ("claimant", N_("Those who speak are %(list)s.")),
        "documents": ("title", N_("%(count)s titles are known, among them %(list)s.")),
        "financing": ("funder", N_("It is paid by %(list)s.")),
        "initiatives": ("initiative", N_("These are %(list)s.")),
        "names-of-the-forum": ("name", N_("It is called %(list)s.")),
        "not-members": ("state", N_("These are %(list)s.")),
        "subforum-sessions": ("subforum", N_("%(count)s subforums have met, among them %(list)s.")),
        "themes": ("theme", N_("The themes were %(list)s.")),
    }
)
"""By question: the column that its sentence names, and the sentence."""
_DISPUTED: Mapping[str, str] = MappingProxyType(
    {"founding-dates": "date", "who-started-the-forum": "initiator"}
)
"""By question: the column on which sources differ."""
_MOST_NAMED = 14
_FEW = 4


@dataclass(frozen=True)
class Answer:
    """The columns of an answer, and its rows."""

    variables: list[str]
    rows: list[Row]


def heading(variable: str) -> str:
    """Return what a column is called in the reader's language."""
    message = _HEADINGS.get(variable)
    return gettext(message) if message else _WORDS.sub(" ", variable).lower().capitalize()


def thing(term: Term) -> Term:
    """Return the thing that a text is the English name of, where it is that of one only."""
    if term.is_iri or term.datatype or term.language not in {"", "en"}:
        return term
    iri = kept.once(__name__, _things).get(term.value)
    return Term("iri", iri) if iri else term


def cell(term: Term | None) -> Markup:
    """Return a value for a reader: a name with its link, a day, words without their language."""
    if term is None:
        return Markup("")
    known = thing(term)
    if known.is_iri:
        return show(known)
    if known.value in _SAID and not known.datatype:
        return Markup("{}").format(gettext(known.value))
    return show(Term(known.kind, known.value, "", known.datatype))


_SAID = frozenset(
    {N_("the text itself"), N_("preferred"), N_("alternative"), N_("official"), N_("more than")}
)
"""Texts that queries write themselves."""


def sentence_of(slug: str, answer: Answer) -> str:
    """Return one sentence that answers a question, or how many rows there are."""
    if not answer.rows:
        return gettext("Nothing in the graph answers this.")
    if slug == "meetings":
        return _meetings(answer)
    if slug in _DISPUTED:
        return _disputed(_DISPUTED[slug], answer)
    column, message = _LISTED.get(slug, ("", ""))
    named = list(dict.fromkeys(text_of(thing(row[column])) for row in answer.rows if column in row))
    if not named:
        return ngettext(
            "%(num)s row answers this.", "%(num)s rows answer this.", len(answer.rows)
        ) % {"num": len(answer.rows)}
    shown = named[: _FEW if "%(count)s" in message else _MOST_NAMED]
    values = {"list": format_list(shown, locale=locale()), "count": len(named)}
    return gettext(message) % values


def _disputed(column: str, answer: Answer) -> str:
    """Return the values of a column, each with those who give it."""
    sides: dict[str, list[str]] = {}
    for row in answer.rows:
        who = text_of(thing(row["claimant"]))
        named = sides.setdefault(text_of(thing(row[column])), [])
        if who not in named:
            named.append(who)
    parts = [
        gettext("%(value)s (%(who)s)") % {"value": value, "who": ", ".join(who[:2])}
        for value, who in sides.items()
    ]
    if len(parts) == 1:
        return gettext("All sources name %(value)s.") % {"value": parts[0]}
    return gettext("Sources disagree. They name %(list)s.") % {
        "list": format_list(parts, locale=locale())
    }


def _meetings(answer: Answer) -> str:
    """Return how many meetings were held, where and when the first and the last were."""
    held = [row for row in answer.rows if "firstDay" in row]
    if not held:
        return gettext("None has been held yet.")
    first, last = _when_and_where(held[0]), _when_and_where(held[-1])
    if len(held) == 1:
        return gettext("It was held: %(first)s.") % {"first": first}
    return gettext("%(count)s were held: the first on %(first)s, the latest on %(last)s.") % {
        "count": len({row["ordinal"].value for row in held}),
        "first": first,
        "last": last,
    }


def _when_and_where(row: Row) -> str:
    day = period(row["firstDay"], row.get("lastDay"))
    place = row.get("city") or row.get("mode")
    return f"{day}, {text_of(thing(place))}" if place else day


def records(answer: Answer) -> list[dict[str, str]]:
    """Return the rows of an answer by heading, values as they are in the graph."""
    return [
        {heading(name): row[name].value for name in answer.variables if name in row}
        for row in answer.rows
    ]


def _things() -> dict[str, str]:
    """Return things of ours by their English names, those of one name alone."""
    found: dict[str, set[str]] = {}
    catalogue = kept.catalogue()
    for iri in catalogue.names:
        name = catalogue.name(iri, "en")
        if name and name.language in {"en", ""}:
            found.setdefault(name.text, set()).add(iri)
    chosen = {text: _sole(iris) for text, iris in found.items()}
    return {text: iri for text, iri in chosen.items() if iri}


def _sole(iris: set[str]) -> str:
    """Return the only thing of a name; among several, the only one that is no source or claim."""
    if len(iris) == 1:
        return next(iter(iris))
    ours = [iri for iri in iris if iri.startswith(PREFIXES["id"])]
    return ours[0] if len(ours) == 1 else ""
