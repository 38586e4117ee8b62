"""The one span of a source's text that words mean."""

from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.quotes import (
    MAX_LENGTH,
    Span,
    find_exact,
    find_loosely,
    find_nearest,
)
from sparql_endpoint.graph.sources import SourceText

__all__ = ["WordsError", "find_span", "refuse_span"]

_AROUND = 30
"""So many characters on either side show where a span stands."""


class WordsError(UsageError):
    """Words that are no quote: they are not there, stand several times, or are too many."""

    exit_code = 1


def find_span(text: SourceText, words: str, nth: int | None = None) -> Span:
    """Return the span of words; they may differ in quotation marks, spaces, hyphens and case.

    Args:
        text: the source's text.
        words: the words.
        nth: which occurrence is meant, from 1, where there are several.

    Raises:
        WordsError: they do not stand there, or several times; the text says what to do.
    """
    spans = find_exact(text.slug, text.text, words) if words else []
    spans = spans or find_loosely(text.slug, text.text, words)
    if not spans:
        nearest = find_nearest(text.slug, text.text, words)
        near = f"; the nearest it has is '{nearest.exact}'" if nearest else ""
        raise WordsError(f"{text.slug} does not have these words{near}")
    if nth is not None and nth > len(spans):
        raise WordsError(f"the words occur {len(spans)} times, there is no --nth {nth}")
    if nth is None and len(spans) > 1:
        places = "\n".join(f"  --nth {n}: {_place(text, s)}" for n, s in enumerate(spans, start=1))
        raise WordsError(
            f"the words occur {len(spans)} times; take more of them, or choose:\n{places}"
        )
    return spans[(nth or 1) - 1]


def refuse_span(span: Span, body_end: int | None) -> None:
    """Refuse a span that can be no quote.

    Raises:
        WordsError: it is longer than a quote may be, or stands below ``body_end``.
    """
    length = span.end - span.start
    if length > MAX_LENGTH:
        raise WordsError(
            f"{length} characters are too many for a quote, which has {MAX_LENGTH} at most"
        )
    if body_end is not None and span.end > body_end:
        raise WordsError(
            "these words stand below the article, where a page's footer is: no evidence"
        )


def _place(text: SourceText, span: Span) -> str:
    around = text.text[max(0, span.start - _AROUND) : span.end + _AROUND]
    return f"{span.start}-{span.end} …{' '.join(around.split())}…"
