"""Finding things by name in any language, however it is written: case and accents do not matter.

Folding: https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-5/#G21180 (NFKD without
its marks, then case folding). Scripts without spaces are found by any part of a name.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain

from rapidfuzz import fuzz, process

from sparql_endpoint.site.catalogue import Name

__all__ = ["fold", "suggest"]

_LONGEST = 200
_NEAR = 78


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return ``text`` without case, accents and doubled spaces."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())


def suggest(names: Mapping[str, tuple[Name, ...]], sought: str, most: int = 5) -> list[str]:
    """Return names that are written nearly like ``sought``, or have words written nearly so."""
    known = {fold(name.text): name.text for name in chain.from_iterable(names.values())}
    wanted = fold(sought[:_LONGEST])
    near = process.extract(
        wanted, list(known), scorer=fuzz.ratio, limit=most, score_cutoff=_NEAR
    ) or process.extract(wanted, list(known), scorer=_by_words, limit=most, score_cutoff=_NEAR)
    return [known[name] for name, _, _ in near]


def _by_words(wanted: str, name: str, *, score_cutoff: float | None = None) -> float:
    """Return how near each word of ``wanted`` is to its nearest word of a name, at the worst."""
    del score_cutoff  # as the library passes it
    words = name.split()
    return min(
        (max((fuzz.ratio(word, other) for other in words), default=0.0) for word in wanted.split()),
        default=0.0,
    )
