"""Answering a repeated request without the application: WSGI middleware.

A request whose parts that decide its answer are those of an earlier one gets the earlier answer, as
long as the data are the same. A view says that its answer may be repeated by ``allow_caching``.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_date
from werkzeug.wsgi import get_input_stream

from sparql_endpoint.endpoint.conditional import condition
from sparql_endpoint.endpoint.shared_cache import SharedCache

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["AFTER", "AT_ONCE", "CACHE", "ENDPOINT", "ResponseCache", "allow_caching"]

AFTER = "forumgraph.after"
"""Where a server that sends a response before anything else leaves a list of what to call then."""
ENDPOINT = "forumgraph.endpoint"
"""Where it is left for the metrics what answered a request."""
CACHE = "cache"
"""What answered a repeated request."""

_ALLOWED = "forumgraph.cacheable"
_DECISIVE = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_COOKIE",
    "HTTP_HOST",
    "SCRIPT_NAME",
    "wsgi.url_scheme",
)
_OF_BODY = {"content-length", "content-type", "content-encoding", "last-modified"}
"""What a 304 does not repeat (RFC 9110, section 15.4.5)."""

Headers = list[tuple[str, str]]


class _AtOnce(list[Callable[[], None]]):
    def append(self, call: Callable[[], None], /) -> None:
        call()


AT_ONCE = _AtOnce()
"""What to do after a response, where no server does it: at once."""


def allow_caching(environ: "WSGIEnvironment") -> None:
    """Say that the answer to a request is the same for whoever makes it again."""
    environ[_ALLOWED] = True


class ResponseCache:
    """Middleware that answers repeated requests out of ``cache``, for one state of the data."""

    def __init__(
        self, app: "WSGIApplication", cache: SharedCache, digest: str, max_body_bytes: int
    ) -> None:
        self._app, self._cache, self._digest = app, cache, digest.encode()
        self._max_body_bytes = max_body_bytes

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a repeated request, or let the application answer, and remember it."""
        if "HTTP_RANGE" in environ or environ["REQUEST_METHOD"] not in {"GET", "HEAD", "POST"}:
            return self._app(environ, start)
        try:
            key = self._key(environ)
        except HTTPException:  # a body that is too long or breaks off: the application says so
            return self._app(environ, start)
        stored = self._cache.get(key)
        if stored is not None:
            headers, body = _unpacked(stored)
            fields = {name.lower(): value for name, value in headers}
            modified = parse_date(fields.get("last-modified"))
            status = condition(environ, fields.get("etag", ""), modified)
            if status is not HTTPStatus.PRECONDITION_FAILED:
                return _again(environ, start, status, headers, body)
        return self._remembered(environ, start, key)

    def _remembered(
        self, environ: "WSGIEnvironment", start: "StartResponse", key: bytes
    ) -> Iterable[bytes]:
        head: list[tuple[str, Headers]] = []

        def listening(status: str, headers: Headers, *rest: object) -> object:
            head[:] = [(status, headers)]
            return start(status, headers, *rest)  # type: ignore[arg-type]  # passed on as it came

        body = self._app(environ, listening)  # type: ignore[arg-type]  # the overloads say the same
        status, headers = head[0]
        is_get = environ["REQUEST_METHOD"] != "HEAD"
        if environ.get(_ALLOWED) and status.startswith("200") and is_get:
            content = b"".join(body)
            getattr(body, "close", _nothing)()

            def store() -> None:
                self._cache.put(key, _packed(headers, content))

            environ.get(AFTER, AT_ONCE).append(store)
            return [content]
        return body

    def _key(self, environ: "WSGIEnvironment") -> bytes:
        """Return a hash of what decides the answer to a request; HEAD has the headers of GET.

        Raises:
            HTTPException: its body is too long, or shorter than announced.
        """
        parts = ["\0".join([environ.get(name, "") for name in _DECISIVE]).encode("latin-1")]
        if environ["REQUEST_METHOD"] == "POST":
            limit = self._max_body_bytes
            body = get_input_stream(environ, max_content_length=limit).read()
            environ["wsgi.input"] = BytesIO(body)
            parts += [environ.get("CONTENT_TYPE", "").encode("latin-1"), b"POST", body]
        return hashlib.sha256(b"\0".join([self._digest, *parts])).digest()


def _packed(headers: Headers, body: bytes) -> bytes:
    """Return headers and body as they are stored; no header holds a line break."""
    lines = "\n".join([f"{name}:{value}" for name, value in headers])
    return f"{lines}\n\n".encode("latin-1") + body


def _unpacked(stored: bytes) -> tuple[Headers, bytes]:
    head, _, body = stored.partition(b"\n\n")
    pairs = [line.partition(":") for line in head.decode("latin-1").split("\n")]
    return [(name, value) for name, _, value in pairs], body


def _nothing() -> None:
    """Close nothing."""


def _again(
    environ: "WSGIEnvironment",
    start: "StartResponse",
    status: HTTPStatus,
    headers: Headers,
    body: bytes,
) -> Sequence[bytes]:
    environ[ENDPOINT] = CACHE
    if status is HTTPStatus.NOT_MODIFIED:
        headers = [pair for pair in headers if pair[0].lower() not in _OF_BODY]
        body = b""
    start(f"{status.value} {status.phrase.upper()}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" or not body else [body]
