"""Problems told where no application has a say: no request could be read, or none can answer it.

They are JSON for browsers too. What a client would rather have stands in its request, which could
not be read; and pages are made by the application.
"""

import json
from http import HTTPStatus

from sparql_endpoint.web.headers import EVERY_ANSWER, QUERY_ID
from sparql_endpoint.web.problems import PROBLEM
from sparql_endpoint.web.responses import Reply

__all__ = [
    "BROKEN",
    "BY_PARSER",
    "EXPECTS",
    "FULL",
    "HOSTS",
    "MALFORMED",
    "SLOW",
    "TOO_LONG",
    "TOO_MUCH",
    "TUNNEL",
    "Refusal",
    "refusal",
    "rendered",
]

Refusal = tuple[HTTPStatus, str]

TOO_LONG = (HTTPStatus.REQUEST_URI_TOO_LONG, "the request line is too long: use POST")
TOO_MUCH = (
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "there are too many headers, or one is too long",
)
EXPECTS = (HTTPStatus.EXPECTATION_FAILED, "only 100-continue can be expected")
HOSTS = (HTTPStatus.BAD_REQUEST, "a request has exactly one Host header")
TUNNEL = (HTTPStatus.NOT_IMPLEMENTED, "this is no proxy: it has no CONNECT")
"""RFC 9110, sections 9.1 and 9.3.6: what is asked for is no resource, whose methods to Allow."""
SLOW = (HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")
FULL = (HTTPStatus.SERVICE_UNAVAILABLE, "there are too many connections: come again later")
BROKEN = (HTTPStatus.BAD_REQUEST, "the body breaks off, or its chunks are malformed")
MALFORMED = (HTTPStatus.BAD_REQUEST, "the request is no HTTP that can be read")
BY_PARSER = {
    "Invalid HTTP version": (
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
        "only HTTP/1.0 and 1.1 are spoken",
    ),
    "Request has invalid `Transfer-Encoding`": (
        HTTPStatus.NOT_IMPLEMENTED,
        "the only transfer coding is chunked",
    ),
}
"""What llhttp says of faults that have a status of their own (RFC 9112, sections 2.3, 6.1)."""


def refusal(status: HTTPStatus, detail: str, query_id: str) -> Reply:
    """Return a reply that is a problem (RFC 9457, section 3)."""
    problem = {"type": "about:blank", "title": status.phrase, "detail": detail}
    body = json.dumps({**problem, "status": status, "query_id": query_id}).encode()
    headers = {
        **EVERY_ANSWER,
        "Cache-Control": "no-store",
        "Content-Length": str(len(body)),
        "Content-Type": PROBLEM,
        QUERY_ID: query_id,
    }
    return Reply(status, headers, body)


def rendered(reply: Reply) -> bytes:
    """Return a reply as it is sent, the last one of its connection (RFC 9112, section 9.6)."""
    assert isinstance(reply.body, bytes)  # noqa: S101  # a refusal is short
    headers = {**reply.headers, "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {reply.status.value} {reply.status.phrase}\r\n{lines}\r\n"
    return head.encode("ascii") + reply.body
