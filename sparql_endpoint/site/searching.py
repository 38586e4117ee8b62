"""Finding things by name in any language, however it is written: case and accents do not matter.

Folding: https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-5/#G21180 (NFKD without
its marks, then case folding). Scripts without spaces are found by any part of a name.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from rapidfuzz import fuzz, process

from sparql_endpoint.site.catalogue import Name

__all__ = ["Hit", "fold", "search", "suggest"]

_LONGEST = 200
_MOST = 200
_NEAR = 70


@dataclass(frozen=True, order=True)
class Hit:
    """A thing that was found: how well (0 is best), and the name by which."""

    rank: int
    length: int
    iri: str
    name: str
    language: str


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return ``text`` without case, accents and doubled spaces."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())


def search(names: Mapping[str, tuple[Name, ...]], sought: str) -> list[Hit]:
    """Return what has every word of ``sought`` in one of its names, the best first."""
    wanted = fold(sought[:_LONGEST])
    words = wanted.split()
    if not words:
        return []
    found = (_best(iri, entries, wanted, words) for iri, entries in names.items())
    return sorted(hit for hit in found if hit)[:_MOST]


def suggest(names: Mapping[str, tuple[Name, ...]], sought: str, most: int = 5) -> list[str]:
    """Return names that are written nearly like ``sought``, the nearest first."""
    known = {fold(name.text): name.text for name in chain.from_iterable(names.values())}
    near = process.extract(
        fold(sought[:_LONGEST]), list(known), scorer=fuzz.WRatio, limit=most, score_cutoff=_NEAR
    )
    return [known[name] for name, _, _ in near]


def _best(iri: str, entries: Iterable[Name], wanted: str, words: list[str]) -> Hit | None:
    hits = [
        Hit(rank, len(name.text), iri, name.text, name.language)
        for name in entries
        if (rank := _rank(fold(name.text), wanted, words)) is not None
    ]
    return min(hits, default=None)


def _rank(name: str, wanted: str, words: list[str]) -> int | None:
    """Return 0 for the very name, 1 for its beginning, 2 for words of it, 3 for parts of them."""
    if not all(word in name for word in words):
        return None
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    begun = f" {name}"
    return 2 if all(f" {word}" in begun for word in words) else 3
