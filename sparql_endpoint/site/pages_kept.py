"""Validators of pages and pictures: the same data, address and language make the same page.

The address has its host, since pages name it.
"""

import hashlib
from collections.abc import Hashable
from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import http_date

from sparql_endpoint import __version__
from sparql_endpoint.endpoint.compression import choose_coding
from sparql_endpoint.endpoint.documents import as_wanted
from sparql_endpoint.endpoint.problems import problem_response
from sparql_endpoint.endpoint.response_cache import allow_caching
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.site.languages import language

__all__ = ["register"]

_TYPES = frozenset({"image/svg+xml", "text/html"})


def register(app: Flask, blueprints: frozenset[str]) -> None:
    """Let ``app`` give the pages of ``blueprints`` their validators, and cache them."""

    def finish(response: Response) -> Response:
        if request.blueprint in blueprints and _is_page(response) and service().about.immutable:
            return _finished(response)
        return response

    app.after_request(finish)


def _is_page(response: Response) -> bool:
    return response.status_code == HTTPStatus.OK and response.mimetype in _TYPES


def _key() -> tuple[Hashable, ...]:
    return ("page", service().about.digest, request.url_root, request.full_path, language())


def _finished(response: Response) -> Response:
    """Give a page its validator and its coding, or say that the client has it already."""
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    tag = hashlib.sha256(repr((__version__, _key(), coding)).encode()).hexdigest()[:32]
    response.headers["Last-Modified"] = http_date(service().about.modified)
    response.headers["Cache-Control"] = "no-cache"
    allow_caching(request.environ)
    try:
        return as_wanted(response, f'W/"{tag}"', service().about.modified)
    except PreconditionFailed:  # behind the view, where Flask would make it a 500
        met = HTTPStatus.PRECONDITION_FAILED
        told = {"type": "about:blank", "title": met.phrase, "detail": met.description}
        return problem_response(met, told)
