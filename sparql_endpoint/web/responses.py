"""The HTTP response that carries an answer: its headers, its coding, and its way into the cache.

What is known of an answer (its ETag, whether it is complete) is said before its first byte.
"""

from collections.abc import Mapping

from flask import Response, request
from werkzeug.http import http_date

from sparql_endpoint.web.answering import answer_key, answer_to, entity_tag, is_steady
from sparql_endpoint.web.encoding import (
    IDENTITY,
    WORTH_IT,
    choose_coding,
    compress,
    compress_stream,
)
from sparql_endpoint.web.offers import Offer
from sparql_endpoint.web.protocol import QueryRequest
from sparql_endpoint.web.ready import MARK, unchanged
from sparql_endpoint.web.runner import Answer
from sparql_endpoint.web.service import Service, service

__all__ = ["respond"]

_LONGEST_LINK = 4000
_VARY = "Accept, Accept-Encoding"


def respond(asked: QueryRequest, offer: Offer, alternates: Mapping[str, str]) -> Response:
    """Return the answer to ``asked`` as ``offer`` says; ``alternates`` are URLs by media type.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    assert offer.format is not None  # noqa: S101  # a page is not an answer of the engine
    served = service()
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    key = answer_key(served, asked, offer.format)
    steady = is_steady(asked.query)
    etag = entity_tag((key, offer.media_type)) if steady else ""
    if unchanged(request.headers.get("If-None-Match", ""), etag):
        return _described(Response(status=304), served, etag)
    answer = answer_to(served, asked, offer.format)
    response = _encoded(served, answer, key, coding)
    response.headers["Content-Type"] = offer.content_type
    response.headers["X-Result-Complete"] = "true" if answer.complete else "false"
    if links := _links(alternates):
        response.headers["Link"] = links
    return _described(response, served, etag if answer.complete else "")


def _encoded(served: Service, answer: Answer, key: object, coding: str) -> Response:
    """Return the answer in ``coding`` where that pays, and keep it so for the thin path."""
    if not isinstance(answer.chunks, list):
        response = Response(compress_stream(answer.chunks, coding), direct_passthrough=True)
    else:
        body = b"".join(answer.chunks)
        if len(body) < WORTH_IT:
            coding = IDENTITY
        kept_as = key if coding == IDENTITY else (key, coding)
        encoded = served.cache.get(kept_as) or compress(body, coding)
        if served.cache.get(key) is not None:
            served.cache.put(kept_as, encoded)
            request.environ[MARK] = kept_as
        response = Response(encoded)
    if coding != IDENTITY:
        response.headers["Content-Encoding"] = coding
    return response


def _described(response: Response, served: Service, etag: str) -> Response:
    response.headers["Vary"] = _VARY
    if etag:
        response.headers["ETag"] = etag
        response.headers["Last-Modified"] = http_date(served.about.modified)
        response.headers["Cache-Control"] = "public, no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _links(alternates: Mapping[str, str]) -> str:
    """Return a Link header for the other formats (RFC 8288); empty where it would be too long."""
    links = ", ".join(
        f'<{url}>; rel="alternate"; type="{media_type}"' for media_type, url in alternates.items()
    )
    return links if len(links) <= _LONGEST_LINK else ""
