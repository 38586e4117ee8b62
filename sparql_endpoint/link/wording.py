"""Forms of a name to compare: without accents, in one order, abbreviations and articles aside."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["canonical", "core", "initials", "numbers", "plain"]

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]+")
_JOINED = re.compile(r"(?<=\w)['\u2019.](?=\w)|(?<=\w)['\u2019]")

_STOP = frozenset(
    """
    a an the of for and in on to y e et o el la los las de del da do das dos d l le les du des en
    em van der het
    """.split()  # noqa: SIM905  # reads as a list of words
)
"""Articles, prepositions and conjunctions of English, Spanish, Portuguese, French and Dutch."""

_GENERIC = frozenset(
    """
    bolivarian commonwealth cooperative country federative government kingdom multinational
    oriental people plurinational republic state
    """.split()  # noqa: SIM905  # as above
)
"""Words of formal names that say what kind of state it is, in the form ``_SAME`` gives them."""

_SAME: Mapping[str, str] = MappingProxyType(
    {
        word: canonical_word
        for canonical_word, words in {
            "bolivarian": "bolivariana bolivariano bolivarienne",
            "caribbean": "carib caribe caraibes",
            "cooperative": "coop cooperativa",
            "country": "pais pays",
            "declaration": "decl declaracion declaracao",
            "estados unidos": "eeuu eua",
            "federative": "fed federativa federal",
            "forum": "foro",
            "government": "govt gov gobierno governo gouvernement",
            "islands": "is isl islas ilhas iles island isla",
            "kingdom": "reino royaume",
            "meeting": "mtg meetings reunion reuniao conference",
            "minister": "min",
            "ministerial": "ministers ministros",
            "organization": "org organisation organizacion organizacao",
            "oriental": "eastern",
            "party": "partido",
            "people": "peoples popular populaire",
            "plurinational": "plurinacional",
            "president": "pres presidente",
            "republic": "rep repub republica republique republiek",
            "saint": "st ste sainte san santa santo sao sint",
            "state": "estado etat",
            "1": "i 1st first primera primer primeira primeiro",
            "2": "ii 2nd second segunda segundo",
            "3": "iii 3rd third tercera tercer terceira terceiro",
            "4": "iv 4th fourth cuarta cuarto quarta quarto",
            "5": "v 5th fifth quinta quinto",
        }.items()
        for word in words.split()
    }
)
"""Abbreviations and translations of words that names of several languages share."""


def plain(text: str) -> str:
    """Return lower-case words without accents and punctuation, one space between them.

    ``EE.UU.`` and ``People's`` keep together: what joins letters goes without a gap.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(_WORD.findall(_JOINED.sub("", bare)))


def canonical(text: str) -> str:
    """Return the words that count, each in one form for all languages, sorted."""
    words = " ".join(_SAME.get(word, word) for word in plain(text).split()).split()
    return " ".join(sorted(word for word in words if word not in _STOP) or words)


def numbers(text: str) -> frozenset[str]:
    """Return the numbers in a canonical form, as in a year or an ordinal."""
    return frozenset(_NUMBER.findall(text))


def core(text: str) -> str:
    """Return the canonical form without the words that only say what kind of state it is."""
    words = canonical(text).split()
    return " ".join([word for word in words if word not in _GENERIC] or words)


def initials(text: str) -> str:
    """Return the first letters of the words that count, empty for fewer than three words."""
    words = [word for word in plain(text).split() if word not in _STOP]
    return "".join(word[0] for word in words) if len(words) > 2 else ""  # noqa: PLR2004  # as said
