"""Overstatements: claims that state more than their words, such as a plan claimed as an event.

Another example is a claim of exactly 200 where the words have "some 200". The check recognizes
mood, tense and vague numbers in English, Spanish, Portuguese and Chinese by the marks of grammar in
moods.toml, and not by meaning. It is a rule of thumb for editors.
"""

import re
import tomllib
from collections.abc import Iterable
from itertools import chain, product
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from sparql_endpoint.check.wording import has_number
from sparql_endpoint.graph.evidence import Claim, objects
from sparql_endpoint.names import expand

__all__ = ["doubtful_number", "note_of_the_future", "says_less", "weakened"]

# Properties whose triple means that something took place or is so. Others, such as
# dfo:scheduledOn and dfo:callsFor, are about plans and demands.
_ACTUAL = frozenset(
    expand(name)
    for name in (
        "dfo:chairedBy",
        "dfo:establishedIn",
        "dfo:fundedBy",
        "dfo:hasCount",
        "dfo:heldOn",
        "dfo:heldUntil",
        "dfo:hostedBy",
        "dfo:initiatedBy",
        "dfo:launchedIn",
        "dfo:outcome",
        "dfo:representedState",
        "org:member",
        "org:memberDuring",
        "org:memberOf",
        "schema:attendee",
    )
)
_HELD = tuple(NamedNode(expand(name)) for name in ("dfo:heldOn", "dfo:heldUntil"))
_TEXT = expand("dfo:characterizedAs")
_INITIATED = expand("dfo:initiatedBy")
_PROPOSED = re.compile(r"prop[oô]|提出|提议", re.IGNORECASE)  # who proposes a thing initiates it

_MOODS = tomllib.loads(Path(__file__).with_name("moods.toml").read_text(encoding="utf-8"))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_PLANNED = _pattern("|".join(chain(*_MOODS["planned"].values())))
_FURTHER = {expand(name): _pattern(text) for name, text in _MOODS["further"].items()}
_NUMERALS = "0-9一二三四五六七八九十百千两"
_BEFORE = [
    (expand(name), _pattern(rf"\b(?:{text})\b|(?:{text})(?=\s?[{_NUMERALS}])"))
    for name, text in _MOODS["vague"].items()
]
_BEHIND = [(expand(name), _pattern(text)) for name, text in _MOODS["behind"].items()]
_WORDS_AFTER = 3


def says_less(store: Store, claim: Claim, quotes: Iterable[str]) -> str:
    """Return the words of a claim's quotes that weaken the claim, or an empty string."""
    if not isinstance(claim.predicate, NamedNode):
        return ""
    words, value = " … ".join(quotes), claim.object
    found = weakened(
        claim.predicate.value, value.value if isinstance(value, Literal) else "", words
    )
    if found or value is None or isinstance(value, Literal):
        return found
    numbers, comparators = (
        [
            term.value
            for term in objects(store, value, name)
            if isinstance(term, Literal | NamedNode)
        ]
        for name in ("dfo:value", "dfo:comparator")
    )
    doubts = (doubtful_number(*pair, words) for pair in product(numbers, comparators))
    return next(filter(None, doubts), "")


def note_of_the_future(store: Store, claim: Claim) -> str:
    """Return the words for a plan in a claim's notes if it claims an event, or an empty string."""
    if claim.predicate not in _HELD:
        return ""
    notes = (str(note) for note in objects(store, claim.iri, "skos:editorialNote"))
    return next(filter(None, (weakened(_HELD[0].value, "", note) for note in notes)), "")


def weakened(predicate: str, text: str, words: str) -> str:
    """Return the words in ``words`` that weaken a triple with this predicate, or an empty string.

    Args:
        predicate: the IRI of the claim's property.
        text: the claim's value if it is a text; weak words in it overstate nothing.
        words: the words of a quotation.
    """
    if predicate == _TEXT:
        own = {match.group().casefold() for match in _PLANNED.finditer(text)}
        marks: Iterable[re.Match[str]] = () if own else _PLANNED.finditer(words)
    elif predicate in _ACTUAL:
        further = _FURTHER.get(predicate)
        marks = chain(_PLANNED.finditer(words), further.finditer(words) if further else ())
        if predicate == _INITIATED:
            marks = (match for match in marks if not _PROPOSED.match(match.group()))
    else:
        marks = ()
    return next((match.group() for match in marks), "")


def doubtful_number(number: str, comparator: str, words: str) -> str:
    """Return the words that give a number another comparator than its claim, or an empty string.

    Args:
        number: the digits of the count's value.
        comparator: the IRI of its comparator.
        words: the words of a quotation.
    """
    for allowed, pattern in _BEFORE:
        for match in pattern.finditer(words):
            beside = " ".join(words[match.end() :].split()[:_WORDS_AFTER])
            if has_number(number, beside) and comparator != allowed:
                return match.group()
    for allowed, pattern in _BEHIND:
        for match in pattern.finditer(words):
            if has_number(number, words[: match.end()]) and comparator != allowed:
                return match.group()
    return ""
