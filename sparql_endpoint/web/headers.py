"""Headers that every answer carries: safety, cross-origin reading, and the id of the query.

CORS: https://fetch.spec.whatwg.org/#http-cors-protocol. Anybody's page may read, none may send
cookies along, since the service knows none.
"""

import re
import secrets

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest, RequestURITooLarge
from werkzeug.wrappers import Request

from sparql_endpoint.web.service import service

__all__ = ["EVERY_ANSWER", "HOST", "QUERY_ID", "inspect", "new_query_id", "register"]

QUERY_ID = "X-Query-Id"
HOST = re.compile(r"[A-Za-z0-9._\-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
"""A Host header that a URL can hold."""

_EXPOSED = (
    "Accept-Ranges, Allow, Content-Range, ETag, Link, Location, Repr-Digest, Retry-After,"
    " X-Query-Id, X-Query-Warning, X-Result-Complete"
)
_DAY = "86400"
_COLUMNS = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
"""The one style sheet that a script may add: that of the widths of columns in the query editor."""
EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": _EXPOSED,
    "Content-Security-Policy": (
        f"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' {_COLUMNS};"
        " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ALLOWED = (
    "Accept, Accept-Encoding, Content-Type, If-Match, If-Modified-Since, If-None-Match,"
    " If-Range, If-Unmodified-Since, Range"
)
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}")
_MOST_NAMES = 20


def register(app: Flask) -> None:
    """Let ``app`` give each request an id, and each answer its headers."""
    app.before_request(_begin)
    app.after_request(_add_headers)


def new_query_id() -> str:
    """Return an id that no other request has."""
    return secrets.token_hex(8)


def _begin() -> None:
    """Give the request its id, and refuse it if need be."""
    g.query_id = new_query_id()
    inspect(request, service().settings.max_url_bytes)


def inspect(request: Request, max_url_bytes: int) -> None:
    """Look at a request's first lines.

    Raises:
        BadRequest: its host is one that no URL can hold.
        RequestURITooLarge: its URL is too long.
    """
    if not HOST.fullmatch(request.host):
        raise BadRequest("the Host header names no host")
    if len(request.query_string) + len(request.path) > max_url_bytes:
        raise RequestURITooLarge


def _add_headers(response: Response) -> Response:
    for name, value in EVERY_ANSWER.items():
        response.headers.setdefault(name, value)
    if g.get("framed"):  # a page made to stand in a frame, with a policy of its own
        del response.headers["X-Frame-Options"]
    response.headers[QUERY_ID] = g.query_id
    if request.method == "OPTIONS":
        asked = request.headers.get("Access-Control-Request-Headers", "")
        response.headers["Access-Control-Allow-Headers"] = _allowed(asked)
        response.headers["Access-Control-Max-Age"] = _DAY
        response.vary.add("Access-Control-Request-Headers")
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
    return response


def _allowed(asked: str) -> str:
    """Return the names of headers that a page's script may send: ours, and those it asks for.

    The service is public and knows no credentials, so a header that it does not read does no harm.
    """
    known = {name.lower() for name in _ALLOWED.split(", ")}
    names = [name.strip() for name in asked.split(",")[:_MOST_NAMES]]
    more = [n for n in names if _NAME.fullmatch(n) and n.lower() not in known]
    return ", ".join([_ALLOWED, *more])
