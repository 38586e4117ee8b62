"""Who says so, how many say so, and where to open a source at its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, g
from markupsafe import Markup

from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.showing import link, name_of, show
from sparql_endpoint.site.sources import record, records

__all__ = ["Weight", "at_words", "is_independent", "register", "speaker_of", "weigh", "witness"]

_BADGE = Markup('<span class="badge">{}</span>')
_PARTY = Markup('<span class="badge party">{}</span>')
_WORDS_AT_EACH_END = 5
_LONGEST = 80


@dataclass(frozen=True)
class Weight:
    """How many sources carry a statement, how many of them are independent, or of a party."""

    sources: int
    independent: int
    of_party: int


def register(app: Flask) -> None:
    """Let the templates of ``app`` show the evidence of a statement."""
    app.jinja_env.globals.update(
        {
            "at_words": at_words,
            "record_of": record,
            "speaker_of": speaker_of,
            "weigh": weigh,
            "witness": witness,
        }
    )


def witness(iri: str) -> Markup:
    """Return a source by its title, publisher and day, with its party and its rank as badges.

    What a page shows of a source many times is written once a request.
    """
    written: dict[str, Markup] = g.setdefault("witnesses", {})
    if iri not in written:
        entry = record(iri)
        about = [link(iri, 70), *(show(term) for term in (entry.publisher, entry.issued) if term)]
        parties = (name_of(party).text for party in entry.parties)
        badges = [
            *(_PARTY.format(gettext("party: %(name)s") % {"name": name}) for name in parties),
            *([_BADGE.format(name_of(entry.tier).text)] if entry.tier else []),
        ]
        source = Markup('<span class="source">{}</span>').format(Markup(", ").join(about))
        written[iri] = Markup(" ").join([source, *badges])
    return written[iri]


def weigh(carrying: Iterable[Claim]) -> Weight:
    """Return what the evidence of some claims amounts to; a source counts once."""
    found: dict[str, bool] = {}
    for claim in carrying:
        for source in claim.sources:
            found[source] = found.get(source, False) or is_independent(claim, source)
    return Weight(
        len(found),
        sum(found.values()),
        sum(bool(record(source).parties) for source in found),
    )


def is_independent(claim: Claim, source: str) -> bool:
    """Return whether a source says something itself, and is of no party and prints no document.

    The same holds for the sources that print its text: the rule of the question "Statements that
    rest on the parties alone".
    """
    own = record(source)
    publisher = own.publisher.value if own.publisher else source
    if claim.claimant not in {source, publisher}:
        return False
    return not any(item.parties or item.prints for item in (own, *records(own.copy_of).values()))


def speaker_of(claim: Claim) -> str:
    """Return the IRI of whoever makes a claim: of a source's own words, its author, if known."""
    if not claim.own_voice:
        return claim.claimant
    author = record(claim.claimant).author
    return author.value if author and author.is_iri else ""


def at_words(url: str, words: str) -> str:
    """Return the address of a page at some of its words; long ones by their beginning and end.

    Text fragments: https://wicg.github.io/scroll-to-text-fragment/#syntax. The dash, the comma and
    the ampersand are part of its syntax, so they are percent-coded as well.
    """
    parts = words.split()
    if len(words) <= _LONGEST or len(parts) < 2 * _WORDS_AT_EACH_END:
        directive = _coded(words)
    else:
        ends = (parts[:_WORDS_AT_EACH_END], parts[-_WORDS_AT_EACH_END:])
        directive = ",".join(_coded(" ".join(end)) for end in ends)
    joint = ":~:text=" if "#" in url else "#:~:text="
    return f"{url}{joint}{directive}"


def _coded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
