"""The endpoint ``/sparql``: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/).

What is known of an answer (its ETag, whether it is complete) is said before its first byte.
"""

from flask import Blueprint, Response, g, request
from werkzeug.http import http_date

from sparql_endpoint.web import pages
from sparql_endpoint.web.answering import (
    answer_key,
    answer_to,
    entity_tag,
    is_graph_query,
    is_steady,
)
from sparql_endpoint.web.descriptions import service_description
from sparql_endpoint.web.encoding import (
    IDENTITY,
    WORTH_IT,
    choose_coding,
    compress,
    compress_stream,
)
from sparql_endpoint.web.negotiation import best
from sparql_endpoint.web.offers import GRAPHS, PAGE, RESULTS, Offer
from sparql_endpoint.web.protocol import QueryRequest, read_request
from sparql_endpoint.web.ready import MARK, unchanged
from sparql_endpoint.web.runner import Answer
from sparql_endpoint.web.service import Service, service

__all__ = ["blueprint"]

blueprint = Blueprint("sparql", __name__)

_LONGEST_LINK = 4000
_VARY = "Accept, Accept-Encoding"


@blueprint.route("/sparql", methods=["GET", "POST"])
@blueprint.route("/sparql/", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, or show the form for one where none is asked."""
    asked = read_request(request)
    if asked is None:
        return _introduce()
    g.query = asked.query
    offers = GRAPHS if is_graph_query(asked.query) else RESULTS
    offer = offers.choose(request.headers.get("Accept", ""), asked.format)
    if offer.format is None:
        return pages.result_page(asked, offers)
    return _answer(service(), asked, offer)


def _introduce() -> Response:
    """Answer who asks nothing: the form for people, the Service Description for programs.

    https://www.w3.org/TR/sparql11-service-description/#accessing
    """
    if best(request.headers.get("Accept", ""), GRAPHS.media_types) == PAGE:
        return pages.query_page()
    return service_description()


def _answer(served: Service, asked: QueryRequest, offer: Offer) -> Response:
    assert offer.format is not None  # noqa: S101  # a page is not an answer of the engine
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
    if links := _links(asked, offer):
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


def _links(asked: QueryRequest, offer: Offer) -> str:
    """Return the same answer's other formats (RFC 8288), relative to the endpoint's address.

    A header is no place for a long query: then there are none.
    """
    assert offer.format is not None  # noqa: S101  # as in _answer
    offers = GRAPHS if is_graph_query(asked.query) else RESULTS
    links = ", ".join(
        f'<{pages.address(asked, fmt.name)}>; rel="alternate"; type="{fmt.media_type}"'
        for fmt in offers.formats
        if fmt is not offer.format
    )
    return links if len(links) <= _LONGEST_LINK else ""
