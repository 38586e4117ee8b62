"""The HTTP response that carries an answer: its headers, its coding, and its way into the cache.

What is known of an answer (its ETag, whether it is complete) is said before its first byte. What
streams is whole if it ends: one that is cut lacks its last chunk, by which every client tells (RFC
9112, section 8, https://www.rfc-editor.org/rfc/rfc9112#section-8), and its document is not closed.
So ``X-Result-Complete: unknown`` needs no trailer, which scripts in a browser cannot read, most
clients drop (RFC 9110, section 6.5.1) and WSGI has no way to send.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import http_date

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.web.answering import answer_key, break_off
from sparql_endpoint.web.asking import Asking
from sparql_endpoint.web.conditions import condition
from sparql_endpoint.web.encoding import (
    IDENTITY,
    WORTH_IT,
    choose_coding,
    compress,
    compress_stream,
)
from sparql_endpoint.web.offers import Offer
from sparql_endpoint.web.pages import page_response, pages
from sparql_endpoint.web.paging import next_page
from sparql_endpoint.web.ready import MARK
from sparql_endpoint.web.runner import Answer
from sparql_endpoint.web.service import Service

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["respond"]

_COMPLETE = {True: "true", False: "false", None: "unknown"}
_LONGEST_LINK = 4000
_VARY = "Accept, Accept-Encoding"

Alternates = Callable[[Offer], Mapping[str, str]]


def respond(asking: Asking, alternates: Alternates) -> Response:
    """Return the answer to ``asking``; ``alternates`` gives the URLs of other formats.

    Raises:
        ForumGraphError: the runner has no answer.
        PreconditionFailed: the client wants it only if it is another than it is.
    """
    etag = asking.etag
    met = condition(request.environ, etag, asking.served.about.modified)
    if met is HTTPStatus.PRECONDITION_FAILED:
        raise PreconditionFailed
    if met is HTTPStatus.NOT_MODIFIED:
        return _described(Response(status=304), asking.served, etag)
    answer, offer = asking.answer()
    if offer.format is None:
        made = pages()
        assert made is not None  # noqa: S101  # without, no page is among the offers
        return page_response(made.result(asking.asked, answer))
    response = _encoded(asking, answer)
    response.headers["Content-Type"] = offer.content_type
    response.headers["X-Result-Complete"] = _COMPLETE[answer.complete]
    if links := _links(asking, answer, alternates(offer)):
        response.headers["Link"] = links
    return _described(response, asking.served, "" if answer.complete is False else etag)


def _encoded(asking: Asking, answer: Answer) -> Response:
    """Return the answer in a coding where that pays, and keep it so for the thin path."""
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    if isinstance(answer.chunks, list):
        response, coding = _whole(asking, answer, b"".join(answer.chunks), coding)
    else:
        stream = compress_stream(_one_behind(answer.chunks), coding)
        first = next(stream)  # what fails before it is a problem like any other
        whole = _broken_off(chain([first], stream), request.environ)
        response = Response(whole, direct_passthrough=True)
        response.call_on_close(answer.close)
    if coding != IDENTITY:
        response.headers["Content-Encoding"] = coding
    return response


def _one_behind(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each chunk when the next is there, the last when the end is known to be the end.

    The engine closes the document of an answer that it cuts before it says so; without its last
    chunk no parser takes it for whole.
    """
    held = b""
    for chunk in chunks:
        if held:
            yield held
        held = chunk
    yield held


def _broken_off(chunks: Iterable[bytes], environ: "WSGIEnvironment") -> Iterator[bytes]:
    try:
        yield from chunks
    except ForumGraphError:
        break_off(environ)
        raise


def _whole(asking: Asking, answer: Answer, body: bytes, coding: str) -> tuple[Response, str]:
    if len(body) < WORTH_IT:
        coding = IDENTITY
    cache = asking.served.cache
    key = (answer_key(asking.served, asking.question), answer.graph)
    kept_as = key if coding == IDENTITY else (key, coding)
    encoded = cache.get(kept_as) or compress(body, coding)
    if cache.get(key) is not None:
        cache.put(kept_as, encoded)
        request.environ[MARK] = kept_as
    return Response(encoded), coding


def _described(response: Response, served: Service, etag: str) -> Response:
    response.headers["Vary"] = _VARY
    if etag:
        response.headers["ETag"] = etag
        response.headers["Last-Modified"] = http_date(served.about.modified)
        response.headers["Cache-Control"] = "public, no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _links(asking: Asking, answer: Answer, alternates: Mapping[str, str]) -> str:
    """Return a Link header (RFC 8288): the next page of an answer that was cut, other formats.

    A header is no place for a long query: then there are no other formats.
    """
    following = next_page(asking.asked, answer)
    rest = [f'<{following}>; rel="next"'] if following else []
    others = [f'<{url}>; rel="alternate"; type="{name}"' for name, url in alternates.items()]
    return ", ".join(rest + others if len("".join(others)) <= _LONGEST_LINK else rest)
