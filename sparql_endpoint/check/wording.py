"""The check that the words of a quote contain the fact: its number, its date, or a name in it.

It is a rule of thumb for editors, not a proof: it finds quotes taken from the wrong sentence.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, product
from typing import Any

from babel.dates import get_month_names
from pyoxigraph import Literal, NamedNode, Store
from text_to_num import alpha2digit

from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Claim, objects
from sparql_endpoint.names import expand, shorten

__all__ = ["has_date", "has_number", "has_text", "what_is_missing"]

_LANGUAGES = ("en", "es", "pt")
_LABELS = (
    "rdfs:label",
    "skos:prefLabel",
    "skos:altLabel",
    "dcterms:title",
    "foaf:name",
    "schema:name",
    "schema:alternateName",
    "dfo:isoAlpha3",
    "dfo:callsFor",
    "dfo:theme",
)
_NUMBERS = ("dfo:value", "dfo:ordinal")
_DATES = ("dcat:startDate", "dcat:endDate")
_NUMERIC = {expand(name) for name in ("xsd:integer", "xsd:decimal")}
_TEMPORAL = {expand(name) for name in ("xsd:date", "xsd:gYearMonth", "xsd:gYear")}
_INFERRED = NamedNode(expand("dfo:inferred"))
# A year, with or without month and day, in the form of XML Schema's dates without a time zone.
_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")
_SHARE = 0.6
"""The share of a text's longer words that a quote must contain to support it, from 0 to 1."""
_STEM = 6
"""The number of letters of a word that are compared, so that ministers matches ministerial."""


def what_is_missing(store: Store, claim: Claim, quotes: Sequence[str]) -> str:
    """Return in words what the quotes of a claim lack; an empty string if they lack nothing.

    The quotes must contain the numbers and dates of a count, a period or a value, and the text of a
    value. For any other claim, a name or number of its subject or object is enough. If such a claim
    is inferred, none is needed, since its note explains how it follows.
    """
    words = " ".join(quotes)
    value = claim.object
    if isinstance(value, Literal):
        return "" if _has_value(value, words) else _describe(value)
    numbers = _values(store, value, ("dfo:value", *_DATES))
    if numbers:
        return ", ".join(_describe(number) for number in numbers if not _has_value(number, words))
    if claim.basis == _INFERRED:
        return ""
    known = chain(*(_values(store, term, (*_LABELS, *_NUMBERS)) for term in (claim.subject, value)))
    if any(_has_value(literal, words) for literal in known):
        return ""
    return f"any name of {_short(claim.subject)} or {_short(value)}"


def has_number(number: str, words: str) -> bool:
    """Return whether ``words`` contain a number in digits or spelt out, cardinal or ordinal."""
    return _number(number) in _numbers(words)


def has_date(date: str, words: str) -> bool:
    """Return whether ``words`` contain each part of a date: year, year and month, or all three."""
    parts = _DATE.fullmatch(date)
    if not parts:
        return False
    year, month, day = parts.groups()
    return (
        has_number(year, words)
        and (not month or _has_month(int(month), words))
        and (not day or has_number(day, words))
    )


def has_text(text: str, words: str) -> bool:
    """Return whether ``words`` contain a text, or most of its longer words with any endings."""
    if f" {_plain(text)}" in f" {_plain(words)}" or (not text.isascii() and text in words):
        return True
    stems = _stems(text)
    return bool(stems) and len(stems & _stems(words)) >= _SHARE * len(stems)


def _has_value(value: Literal, words: str) -> bool:
    if value.datatype.value in _NUMERIC:
        return has_number(value.value, words)
    if value.datatype.value in _TEMPORAL:
        return has_date(value.value, words)
    return has_text(value.value, words)


def _has_month(month: int, words: str) -> bool:
    names = _month_names(month)
    return not names.isdisjoint(_plain(words).split()) or has_number(str(month), words)


@cache
def _month_names(month: int) -> frozenset[str]:
    """Return the names of a month in the languages of the texts, from Unicode's CLDR."""
    forms: Iterable[Any] = product(("wide", "abbreviated"), ("format", "stand-alone"), _LANGUAGES)
    return frozenset(_plain(get_month_names(*form)[month]) for form in forms)


def _numbers(words: str) -> set[str]:
    spelt = (alpha2digit(words, language, 0) for language in _LANGUAGES)
    texts = (words, *spelt)
    whole = (re.findall(r"[0-9]+(?:[.,][0-9]+)*", text) for text in texts)  # 1,000 and 1.5
    parts = (re.findall(r"[0-9]+", text) for text in texts)  # 22.01.2018
    return {_number(number) for number in chain(*whole, *parts)}


def _number(text: str) -> str:
    """Return a number without leading zeros, signs and separators of thousands."""
    return re.sub(r"[.,](?=[0-9]{3}(?![0-9]))", "", text).lstrip("+-0") or "0"


def _plain(text: str) -> str:
    """Return the words of ``text`` in one case, with one space between them."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _plain(text).split() if len(word) > len("and")}


def _values(store: Store, term: Term | None, names: Iterable[str]) -> list[Literal]:
    if term is None or isinstance(term, Literal):
        return []
    return list(_literals(chain(*(objects(store, term, name) for name in names))))


def _literals(terms: Iterable[Term]) -> Iterator[Literal]:
    return (term for term in terms if isinstance(term, Literal))


def _describe(value: Literal) -> str:
    kind = value.datatype.value
    if kind in _NUMERIC:
        return f"the number {value.value}, in digits or words"
    return f"the date {value.value}" if kind in _TEMPORAL else f"the words '{value.value}'"


def _short(term: Term | None) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else "a thing without a name"
