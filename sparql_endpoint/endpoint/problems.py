"""Every error of the HTTP side in one shape: RFC 9457 problem details, or a page for browsers.

https://www.rfc-editor.org/rfc/rfc9457#section-3
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, g, json, request
from werkzeug.exceptions import HTTPException

from sparql_endpoint.endpoint.html_pages import pages
from sparql_endpoint.endpoint.negotiation import best
from sparql_endpoint.endpoint.response_frame import query_id
from sparql_endpoint.errors import (
    ForumGraphError,
    NotAcceptableError,
    QuerySyntaxError,
    RemoteBusyError,
    ServerBusyError,
    TooManyRequestsError,
)

__all__ = ["PROBLEM", "UNFORESEEN", "ProblemType", "problem_response", "problem_types", "register"]

PROBLEM = "application/problem+json"
UNFORESEEN = "an unforeseen error; the log has it under this query id"

_READABLE = (PROBLEM, "application/json", "text/html")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProblemType:
    """A type of problem: the HTTP status that it has, and its meaning in a sentence."""

    status: int
    meaning: str


@cache
def problem_types() -> Mapping[str, ProblemType]:
    """Return the types of problems by the last part of their IRIs, sorted."""
    found = {}
    kinds: list[type[ForumGraphError]] = [ForumGraphError]
    for kind in kinds:
        kinds += (own for own in kind.__subclasses__() if own.__module__ == kind.__module__)
        meaning = (kind.__doc__ or "").partition("\n")[0]
        found[kind.problem_type().rpartition("/")[2]] = ProblemType(kind.http_status.value, meaning)
    return MappingProxyType(dict(sorted(found.items())))


def register(app: Flask) -> None:
    """Let ``app`` answer every error as a problem."""
    app.register_error_handler(ForumGraphError, _own)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def problem_response(status: int, problem: dict[str, Any]) -> Response:
    """Return ``problem`` as JSON, or as a page where the client would rather have that."""
    problem |= {"status": status, "query_id": query_id(request.environ)}
    made = pages()
    if made and best(request.headers.get("Accept", ""), _READABLE) == "text/html":
        page = made.problem(problem, g.get("query", ""))
        response = Response(page, status, mimetype="text/html")
    else:
        text = json.dumps(problem, ensure_ascii=False)
        response = Response(text, status, content_type=PROBLEM)
    response.vary.add("Accept")  # some errors may be kept by caches: RFC 9110, section 15.1
    return response


def _own(error: ForumGraphError) -> Response:
    if error.http_status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s", error)
    elif error.http_status > HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("%s", error)
    answer = problem_response(
        error.http_status,
        {
            "type": error.problem_type(),
            "title": error.http_status.phrase,
            "detail": str(error),
            **_particulars(error),
        },
    )
    if isinstance(error, (ServerBusyError, TooManyRequestsError, RemoteBusyError)):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _particulars(error: ForumGraphError) -> dict[str, Any]:
    if isinstance(error, QuerySyntaxError):
        place = {"line": error.place.line, "column": error.place.column}
        return {**place, "excerpt": error.place.pointer(), "hint": error.hint}
    if isinstance(error, NotAcceptableError):
        return {"available": list(error.available)}
    return {}


def _of_http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    detail = error.description or status.description
    answer = problem_response(
        status, {"type": "about:blank", "title": status.phrase, "detail": detail}
    )
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def _unforeseen(error: Exception) -> Response:
    _log.error("unforeseen error", exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return problem_response(
        status, {"type": "about:blank", "title": status.phrase, "detail": UNFORESEEN}
    )
