"""Pages given again: the same data, address, host included, and language make the same page.

They stand among the answers of the endpoint, in the same bounded cache.
"""

import hashlib
from collections.abc import Hashable
from http import HTTPStatus

from flask import Flask, Response, g, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import http_date

from sparql_endpoint import __version__
from sparql_endpoint.site.languages import language
from sparql_endpoint.web.documents import as_wanted
from sparql_endpoint.web.encoding import choose_coding
from sparql_endpoint.web.negotiation import best
from sparql_endpoint.web.offers import GRAPHS, PAGE
from sparql_endpoint.web.problems import problem_response
from sparql_endpoint.web.service import service

__all__ = ["register"]


def register(app: Flask, blueprints: frozenset[str], negotiated: frozenset[str]) -> None:
    """Let ``app`` keep the pages of ``blueprints``; languages must have been registered before.

    Those of ``negotiated`` are sent as data to clients that would rather have these.
    """

    def recall() -> Response | None:
        steady = service().about.steady
        if request.blueprint not in blueprints or request.method != "GET" or not steady:
            return None
        if request.blueprint in negotiated and not _takes_page():
            return None
        body = service().cache.get(_key())
        if body is None:
            return None
        g.recalled = True
        response = Response(body, mimetype="text/html")
        if links := service().cache.get((*_key(), "Link")):
            response.headers["Link"] = links.decode("ascii")
        return response

    def keep(response: Response) -> Response:
        if request.blueprint in blueprints and _is_page(response) and service().about.steady:
            if "recalled" not in g:
                service().cache.put(_key(), response.get_data())
                service().cache.put((*_key(), "Link"), response.headers.get("Link", "").encode())
            return _finished(response)
        return response

    app.before_request(recall)
    app.after_request(keep)


def _takes_page() -> bool:
    return best(request.headers.get("Accept", ""), GRAPHS.media_types) == PAGE


def _is_page(response: Response) -> bool:
    return response.status_code == 200 and response.mimetype == "text/html"  # noqa: PLR2004


def _key() -> tuple[Hashable, ...]:
    return ("page", service().about.digest, request.url_root, request.full_path, language())


def _finished(response: Response) -> Response:
    """Give a page its validator and its coding, or say that the client has it already."""
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    tag = hashlib.sha256(repr((__version__, _key(), coding)).encode()).hexdigest()[:32]
    response.headers["Last-Modified"] = http_date(service().about.modified)
    response.headers["Cache-Control"] = "no-cache"
    try:
        return as_wanted(response, f'W/"{tag}"', service().about.modified)
    except PreconditionFailed:  # behind the view, where Flask would make it a 500
        met = HTTPStatus.PRECONDITION_FAILED
        told = {"type": "about:blank", "title": met.phrase, "detail": met.description}
        return problem_response(met, told)
