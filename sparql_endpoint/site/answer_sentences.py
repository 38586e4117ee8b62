"""The answer to a ready question in one sentence, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from babel.lists import format_list

from sparql_endpoint.names import expand
from sparql_endpoint.site.answers import Answer, cell, thing
from sparql_endpoint.site.asking import Row, Term
from sparql_endpoint.site.languages import gettext, locale, ngettext
from sparql_endpoint.site.showing import cut, number, period, text_of
from sparql_endpoint.site.wording import N_

__all__ = ["sentence_of"]

_MOST_NAMED = 14
_FEW = 4
_LONGEST = 120
_CALLS_FOR = expand("dfo:callsFor")


class _Listed(NamedTuple):
    """The column whose values a sentence names; ``rows``, ``count`` and ``list`` are filled in."""

    column: str
    message: str
    most: int = _FEW


_LISTED: Mapping[str, _Listed] = MappingProxyType(
    {
        "addresses": _Listed(
            "speaker", N_("The meetings were addressed by %(list)s."), _MOST_NAMED
        ),
        "appeals": _Listed(
            "callsFor", N_("%(count)s things are called for, among them: %(list)s."), 2
        ),
        "areas-of-plans": _Listed(
            "area", N_("The plans name %(count)s areas, among them %(list)s.")
        ),
        "attendees": _Listed(
            "person", N_("%(count)s people are known to have come, among them %(list)s.")
        ),
        "celac-outside-oas": _Listed("state", N_("These are %(list)s."), _MOST_NAMED),
        "celac-presidencies": _Listed("state", N_("The presidency went to %(list)s."), _MOST_NAMED),
        "claimants": _Listed("claimant", N_("Those who speak are %(list)s."), _MOST_NAMED),
        "copies-of-one-text": _Listed(
            "copyOf",
            N_("%(rows)s sources print a text that another has: copies of %(count)s texts."),
        ),
        "corroborated": _Listed(
            "subject",
            N_("These are %(rows)s statements about %(count)s things, among them %(list)s."),
        ),
        "documents": _Listed("title", N_("%(count)s titles are known, among them %(list)s.")),
        "evidence-of-one-statement": _Listed("claimant", N_("%(list)s say so."), _MOST_NAMED),
        "financing": _Listed("funder", N_("It is paid by %(list)s."), _MOST_NAMED),
        "inferred": _Listed(
            "subject", N_("%(rows)s statements are inferred, about %(count)s things.")
        ),
        "initiatives": _Listed("initiative", N_("These are %(list)s."), _MOST_NAMED),
        "names-of-the-forum": _Listed("name", N_("It is called %(list)s."), _MOST_NAMED),
        "not-members": _Listed("state", N_("These are %(list)s."), _MOST_NAMED),
        "praise": _Listed(
            "characterization",
            N_("%(count)s things are said of the Forum, among them: %(list)s."),
            2,
        ),
        "resting-on-one-source": _Listed(
            "subject", N_("%(rows)s statements, about %(count)s things, have one source each.")
        ),
        "resting-on-parties": _Listed(
            "subject", N_("%(rows)s statements, about %(count)s things, come from parties alone.")
        ),
        "second-hand": _Listed(
            "voicedIn", N_("%(rows)s statements are known only from an article about %(list)s.")
        ),
        "subforum-sessions": _Listed(
            "subforum", N_("%(count)s subforums have met, among them %(list)s.")
        ),
        "themes": _Listed("theme", N_("The themes were %(list)s."), _MOST_NAMED),
        "wikidata-of-states": _Listed(
            "name", N_("Codes and items of %(count)s states are known, among them %(list)s.")
        ),
        "words-of-xi-jinping": _Listed(
            "value", N_("%(count)s things are called for, among them: %(list)s."), 2
        ),
    }
)
"""By question: the column that its sentence names, and the sentence."""


def sentence_of(slug: str, answer: Answer) -> str:
    """Return one sentence that answers a question, or how many rows there are."""
    if not answer.rows:
        return gettext("Nothing in the graph answers this.")
    if slug in _MADE:
        return _MADE[slug](answer)
    if slug in _LISTED:
        return _naming(_LISTED[slug], answer)
    return ngettext("%(num)s row answers this.", "%(num)s rows answer this.", len(answer.rows)) % {
        "num": len(answer.rows)
    }


def _naming(listed: _Listed, answer: Answer) -> str:
    found = [row for row in answer.rows if listed.column in row]
    if listed.column == "value":
        found = [row for row in found if row["property"].value == _CALLS_FOR]
    named = list(dict.fromkeys(text_of(thing(row[listed.column])) for row in found))
    shown = [cut(text, _LONGEST) for text in named[: listed.most]]
    return gettext(listed.message) % {
        "list": _list(shown),
        "count": number(len(named)),
        "rows": number(len(answer.rows)),
    }


def _disputed(column: str, answer: Answer) -> str:
    """Return the values of a column, each with those who give it."""
    parts = [
        gettext("%(value)s (%(who)s)") % {"value": value, "who": ", ".join(who[:2])}
        for value, who in _sides(answer.rows, column, "claimant").items()
    ]
    if len(parts) == 1:
        return gettext("All sources name %(value)s.") % {"value": parts[0]}
    return gettext("Sources disagree. They name %(list)s.") % {"list": _list(parts)}


def _disagreements(answer: Answer) -> str:
    """Return how many disagreements there are, and on which things sources differ most."""
    found = {(row["subject"], row["property"]) for row in answer.rows}
    subjects = [subject for subject, _ in found]
    most = sorted(set(subjects), key=lambda subject: (-subjects.count(subject), subject))
    named = _list(text_of(subject) for subject in most[:_FEW])
    return gettext("Sources disagree on %(count)s points, most about %(list)s.") % {
        "count": number(len(found)),
        "list": named,
    }


def _attendance(answer: Answer) -> str:
    """Return how many states each meeting is said to have had: the figures that are given most."""
    kinds = [row["counted"] for row in answer.rows]
    kind = max(kinds, key=kinds.count)
    rows = [row for row in answer.rows if row["counted"] == kind]
    parts = (
        gettext("%(key)s: %(values)s")
        % {"key": gettext("meeting %(number)s") % {"number": key}, "values": _or(values)}
        for key, values in _sides(rows, "ordinal", "number").items()
    )
    return gettext("%(what)s, as sources count them: %(list)s.") % {
        "what": _first_capital(text_of(thing(kind))),
        "list": _list(parts),
    }


def _figures(answer: Answer) -> str:
    """Return the figures, each with what is counted."""
    parts = []
    for row in answer.rows:
        exact = row["comparator"].value == "exactly"
        how = "" if exact else f"{cell(row['comparator']).striptags()} "
        values = {"key": text_of(thing(row["counted"])), "values": how + row["number"].value}
        parts.append(gettext("%(key)s: %(values)s") % values)
    return gettext("%(count)s figures are given: %(list)s.") % {
        "count": number(len(parts)),
        "list": _list(parts[:_MOST_NAMED]),
    }


def _memberships(answer: Answer) -> str:
    """Return the memberships with the days from and until which they lasted."""
    parts = [
        gettext("%(value)s (%(who)s)")
        % {"value": text_of(thing(row["membership"])), "who": period(row["first"], row.get("last"))}
        for row in answer.rows
        if "first" in row
    ]
    return gettext("%(count)s memberships have a date: %(list)s.") % {
        "count": number(len(parts)),
        "list": _list(parts[:_MOST_NAMED]),
    }


def _tiers(answer: Answer) -> str:
    """Return how many sources of each rank there are, and how many of a party."""
    parts = [
        gettext("%(tier)s: %(count)s, of which %(parties)s of a party")
        % {
            "tier": text_of(thing(row["tier"])),
            "count": row["sources"].value,
            "parties": row["ofAParty"].value,
        }
        for row in answer.rows
    ]
    return gettext("Sources by rank: %(list)s.") % {"list": _list(parts)}


def _timeline(answer: Answer) -> str:
    """Return how many meetings there were, and when the first and the last."""
    first, last = (_on(row, row["day"], None) for row in (answer.rows[0], answer.rows[-1]))
    return _held(len(answer.rows), first, last)


def _meetings(answer: Answer) -> str:
    """Return how many meetings were held, where and when the first and the last were."""
    held = [row for row in answer.rows if "firstDay" in row]
    if not held:
        return gettext("None has been held yet.")
    first, last = (_on(row, row["firstDay"], row.get("lastDay")) for row in (held[0], held[-1]))
    return _held(len({row["ordinal"].value for row in held}), first, last)


def _held(count: int, first: str, last: str) -> str:
    if count == 1:
        return gettext("It was held: %(first)s.") % {"first": first}
    return gettext("%(count)s were held: the first on %(first)s, the latest on %(last)s.") % {
        "count": count,
        "first": first,
        "last": last,
    }


def _on(row: Row, first: Term, last: Term | None) -> str:
    """Return the days and the place of a meeting."""
    place = row.get("city") or row.get("mode")
    return f"{period(first, last)}, {text_of(thing(place))}" if place else period(first, last)


def _sides(found: Iterable[Row], key: str, value: str) -> dict[str, list[str]]:
    """Return the values of a column by those of another, each once, in their order."""
    sides: dict[str, list[str]] = {}
    for row in found:
        values = sides.setdefault(text_of(thing(row[key])), [])
        text = text_of(thing(row[value]))
        if text not in values:
            values.append(text)
    return sides


def _list(parts: Iterable[str]) -> str:
    return str(format_list(list(parts), locale=locale()))


def _or(parts: Iterable[str]) -> str:
    return str(format_list(list(parts), style="or", locale=locale()))


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_MADE: Mapping[str, Callable[[Answer], str]] = MappingProxyType(
    {
        "attendance": _attendance,
        "dated-memberships": _memberships,
        "disagreements": _disagreements,
        "figures": _figures,
        "founding-dates": lambda answer: _disputed("date", answer),
        "meetings": _meetings,
        "sources-by-tier": _tiers,
        "timeline": _timeline,
        "who-started-the-forum": lambda answer: _disputed("initiator", answer),
    }
)
"""By question: what makes its sentence, where that does more than name values."""
