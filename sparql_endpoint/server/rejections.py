"""Problems that a request meets before any application sees it (RFC 9457).

They are JSON, for browsers too: the request that names the client's preferred format could not be
read or answered, and only the application makes pages.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus

from sparql_endpoint.endpoint.headers import EVERY_ANSWER, QUERY_ID, new_query_id
from sparql_endpoint.endpoint.logs import Answered, log_request
from sparql_endpoint.errors import ForumGraphError, ServerBusyError, TooManyRequestsError

__all__ = [
    "BROKEN",
    "BY_PARSER",
    "CODINGS",
    "EXPECTS",
    "FRAMING",
    "FULL",
    "HOSTS",
    "MALFORMED",
    "METHOD",
    "SLOW",
    "TOO_LONG",
    "TOO_MUCH",
    "TUNNEL",
    "UNFORESEEN",
    "VERSION",
    "RejectedError",
    "Rejection",
    "of_error",
    "rejection",
]

_PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Rejection:
    """A status and its reason; ``retry_after`` is in seconds, 0 where waiting does not help."""

    status: HTTPStatus
    detail: str
    retry_after: int = 0
    kind: str = "about:blank"
    """The type of the problem (RFC 9457, section 3.1.1)."""


class RejectedError(Exception):
    """A request cannot be read; ``rejection`` is the answer."""

    def __init__(self, rejected: Rejection) -> None:
        super().__init__(rejected.detail)
        self.rejection = rejected


TOO_LONG = Rejection(
    HTTPStatus.REQUEST_URI_TOO_LONG, "the request line is too long: send the query by POST"
)
TOO_MUCH = Rejection(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "there are too many headers, or one is too long",
)
EXPECTS = Rejection(HTTPStatus.EXPECTATION_FAILED, "only 100-continue can be expected")
HOSTS = Rejection(HTTPStatus.BAD_REQUEST, "a request has exactly one Host header")
TUNNEL = Rejection(HTTPStatus.NOT_IMPLEMENTED, "this is no proxy: it has no CONNECT")
"""RFC 9110, sections 9.1 and 9.3.6: the target is no resource, so there are no methods to Allow."""
SLOW = Rejection(HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")
FULL = Rejection(
    HTTPStatus.SERVICE_UNAVAILABLE, "there are too many connections: come again later", 5
)
BROKEN = Rejection(HTTPStatus.BAD_REQUEST, "the body breaks off, or its chunks are malformed")
MALFORMED = Rejection(HTTPStatus.BAD_REQUEST, "the request is no HTTP that can be read")
UNFORESEEN = Rejection(
    HTTPStatus.INTERNAL_SERVER_ERROR, "an unforeseen error; the log has it under this query id"
)
VERSION = Rejection(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1.0 and 1.1 are spoken")
METHOD = Rejection(
    HTTPStatus.NOT_IMPLEMENTED, "this method is not known; there is GET, HEAD, OPTIONS, POST"
)
"""RFC 9110, section 9.1."""
CODINGS = Rejection(HTTPStatus.NOT_IMPLEMENTED, "the only transfer coding is chunked")
"""RFC 9112, section 6.1."""
FRAMING = Rejection(HTTPStatus.BAD_REQUEST, "HTTP/1.0 has no transfer codings")
"""RFC 9112, section 6.1: such a message could hide a second request."""
BY_PARSER = {
    "Invalid HTTP version": VERSION,
    "Request has invalid `Transfer-Encoding`": CODINGS,
}
"""The messages of llhttp that have a status of their own (RFC 9112, sections 2.3 and 6.1)."""


def of_error(error: ForumGraphError) -> Rejection:
    """Return the rejection for an error that ended a request."""
    retry_after = 0
    if isinstance(error, ServerBusyError | TooManyRequestsError):
        retry_after = error.retry_after
    return Rejection(error.http_status, str(error), retry_after, error.problem_type())


def rejection(rejected: Rejection, client: str) -> bytes:
    """Return the last response of a connection (RFC 9112, section 9.6), and log it."""
    query_id, status = new_query_id(), rejected.status
    problem = {"type": rejected.kind, "title": status.phrase, "detail": rejected.detail}
    body = json.dumps({**problem, "status": status, "query_id": query_id}).encode()
    headers = {
        **EVERY_ANSWER,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": _PROBLEM,
        QUERY_ID: query_id,
    }
    if rejected.retry_after:
        headers["Retry-After"] = str(rejected.retry_after)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    log_request(Answered(query_id, client, "unreadable", status, 0.0, len(body)))
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{lines}\r\n".encode("ascii") + body
