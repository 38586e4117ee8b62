"""The word that was probably meant."""

from collections.abc import Iterable

__all__ = ["nearest"]

_LEAST = 0.55


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of ``words`` that is the fewest slips of the finger away, if any is near.

    A slip is a letter too many, too few or wrong, or two swapped; at most about every second letter
    may be one. Among equals the first in the alphabet is taken.
    """
    from rapidfuzz import process  # noqa: PLC0415  # only mistakes need it, and it takes time
    from rapidfuzz.distance import OSA  # noqa: PLC0415  # as above

    found = process.extractOne(
        word, sorted(words), scorer=OSA.normalized_similarity, score_cutoff=_LEAST
    )
    return str(found[0]) if found else None
