"""Choosing the media type of an answer by what the client accepts.

RFC 9110, section 12.5.1 (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1): the most specific
range that fits a type gives its quality; a quality of 0 means "not acceptable". Among types of
equal quality the one that the client named more specifically wins, then the one offered first.
werkzeug's ``best_match`` lets a range of higher quality win over a more specific one that says
otherwise, hence this function. Parameters of a range other than ``q`` are not looked at.
"""

from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

__all__ = ["best"]


@lru_cache(maxsize=1024)
def best(accept: str, offers: tuple[str, ...]) -> str | None:
    """Return the media type among ``offers`` that suits ``accept`` best, or None if none does.

    An ``accept`` without any range in it takes anything, so the first of the offers; what is no
    range, having no slash, is passed over.
    """
    ranges = [
        (value.partition(";")[0].strip().lower(), quality)
        for value, quality in parse_accept_header(accept, MIMEAccept)
        if "/" in value or value.partition(";")[0].strip() == "*"
    ]
    if not ranges:
        return offers[0]
    rated = [(*_rate(offer, ranges), -position) for position, offer in enumerate(offers)]
    quality, _, position = max(rated)
    return offers[-position] if quality > 0 else None


def _rate(offer: str, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """Return the quality of ``offer`` and how specific the range was that gave it, 0 to 2."""
    fitting = {offer: 2, f"{offer.partition('/')[0]}/*": 1, "*/*": 0, "*": 0}
    rated = [(fitting[name], quality) for name, quality in ranges if name in fitting]
    if not rated:
        return 0.0, 0
    specificity, quality = max(rated)
    return quality, specificity
