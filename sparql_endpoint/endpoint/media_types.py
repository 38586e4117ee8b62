"""What an answer can be had as: media types and the formats behind them, and which one to send."""

from collections.abc import Mapping
from dataclasses import dataclass

from sparql_endpoint.endpoint.negotiation import best
from sparql_endpoint.errors import NotAcceptableError, UsageError
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS, Format, named

__all__ = ["GRAPHS", "PAGE", "RESULTS", "Offer", "Offers"]

PAGE = "text/html"


@dataclass(frozen=True)
class Offer:
    """A media type to send and the format to write; no format means a page to read."""

    media_type: str
    format: Format | None

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        charset = "" if self.format is None else self.format.charset
        if not charset and self.media_type.startswith("text/"):
            charset = "utf-8"
        return f"{self.media_type}; charset={charset}" if charset else self.media_type


class Offers:
    """The offers for one kind of answer, the default first."""

    def __init__(self, formats: Mapping[str, Format], plain_text: Format) -> None:
        preferred = [Offer(fmt.media_type, fmt) for fmt in formats.values()]
        older = [
            Offer(media_type, fmt) for fmt in formats.values() for media_type in fmt.media_types[1:]
        ]
        self._formats = formats
        self._offers: dict[str, Offer] = {}
        for offer in [*preferred, *older, Offer("text/plain", plain_text), Offer(PAGE, None)]:
            self._offers.setdefault(offer.media_type, offer)
        self._media_types = tuple(self._offers)

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats, the default first."""
        return tuple(self._formats.values())

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types, the default first; the last is that of a page."""
        return self._media_types

    def choose(self, accept: str, name: str | None, *, page: bool = True) -> Offer:
        """Return the offer that ``name`` asks for, or without one the best for ``accept``.

        ``page`` tells whether a page is among the offers.

        Raises:
            NotAcceptableError: none fits; the message lists what there is.
        """
        if name is not None:
            return self._by_name(name, page=page)
        media_type = best(accept, self._media_types if page else self._media_types[:-1])
        if media_type is None:
            raise NotAcceptableError(accept, self._preferred(page=page))
        return self._offers[media_type]

    def _by_name(self, name: str, *, page: bool) -> Offer:
        if page and name.strip().lower() in {"html", PAGE}:
            return self._offers[PAGE]
        try:
            fmt = named(name, self._formats)
        except UsageError:
            known = (*self._formats, "html") if page else tuple(self._formats)
            raise NotAcceptableError(name, known) from None
        return self._offers[fmt.media_type]

    def _preferred(self, *, page: bool) -> tuple[str, ...]:
        preferred = tuple(fmt.media_type for fmt in self._formats.values())
        return (*preferred, PAGE) if page else preferred


RESULTS = Offers(RESULT_FORMATS, plain_text=RESULT_FORMATS["tsv"])
"""For SELECT and ASK; plain text is TSV."""

GRAPHS = Offers(RDF_FORMATS, plain_text=RDF_FORMATS["ntriples"])
"""For CONSTRUCT and DESCRIBE; plain text is N-Triples, as it was once registered."""
