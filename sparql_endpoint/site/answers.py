"""The answer to a ready question for a reader: headings and values in words, with links.

Queries name things by their English labels; a text that is the label of one thing only is shown as
that thing, so in the reader's language and as a link.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import Row, Term
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.showing import show
from sparql_endpoint.site.wording import N_

__all__ = ["Answer", "as_printed", "cell", "heading", "records", "thing"]

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


@dataclass(frozen=True)
class Answer:
    """The columns of an answer, and its rows."""

    variables: list[str]
    rows: list[Row]


_NAMES: Mapping[str, str] = MappingProxyType({"documents": "title", "names-of-the-forum": "name"})
"""By question: the column of names as they are printed, which are not to be translated."""
_LITERALS = """
SELECT DISTINCT ?property { ?claim rdf:predicate ?property ; rdf:object ?value
    FILTER (isLiteral(?value))
} ORDER BY ?property LIMIT 1000"""
_STRING = f"{PREFIXES['xsd']}string"


def as_printed(slug: str, found: Iterable[Row]) -> list[Row]:
    """Return the rows of the answer to a question with names and words marked as such.

    They are names that sources print, and values of properties whose values are words: they stay as
    they are, even where something is called so. A mark is the datatype ``xsd:string``.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    literal = {row["property"].value for row in kept.rows_of(_LITERALS)}

    def is_text(name: str, row: Row) -> bool:
        said = "property" in row and row["property"].value in literal
        return name == _NAMES.get(slug) or (name == "value" and said)

    return [
        {
            name: term._replace(language="", datatype=_STRING)
            if not term.is_iri and not term.datatype and is_text(name, row)
            else term
            for name, term in row.items()
        }
        for row in found
    ]


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
