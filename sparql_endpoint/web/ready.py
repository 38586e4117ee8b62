"""Giving an answer again without waking the application: the thin path for repeated requests.

A request whose bytes that matter are those of an earlier one gets the earlier answer, as long as
the cache still holds its body.
"""

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from sparql_endpoint.web.cache import AnswerCache
from sparql_endpoint.web.conditions import condition, http_time
from sparql_endpoint.web.headers import QUERY_ID, new_query_id
from sparql_endpoint.web.logs import Answered
from sparql_endpoint.web.metrics import Metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["MARK", "READY", "ReadyAnswers"]

MARK = "forumgraph.ready"
"""Where the application leaves the cache's key of the answer that it gives."""

READY = "forumgraph.answers"
"""Where a Flask application holds its ready answers among its extensions."""

_NAME = "forumgraph.request"
_NOT_REPEATED = {QUERY_ID.lower(), "date"}
_OF_BODY = {"content-length", "content-type", "content-encoding", "last-modified"}
"""What a 304 does not repeat (RFC 9110, section 15.4.5)."""


@dataclass(frozen=True)
class _Ready:
    key: Hashable
    headers: tuple[tuple[str, str], ...]
    etag: str
    modified: datetime | None


class ReadyAnswers:
    """WSGI middleware that answers repeated queries out of ``cache``."""

    def __init__(
        self,
        app: "WSGIApplication",
        cache: AnswerCache,
        metrics: Metrics,
        *,
        most_requests: int,
        most_bytes: int,
    ) -> None:
        self._app, self._cache, self._metrics = app, cache, metrics
        self._most_requests, self._most_bytes = most_requests, most_bytes
        self._table: OrderedDict[Hashable, _Ready] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer from what is ready, or let the application do it and remember its answer."""
        ready = self.recall(environ)
        if ready is None:
            return self._app(environ, self._listen(environ, start))
        status, headers, body = ready
        start(f"{status.value} {status.phrase.upper()}", headers)
        return [body] if body else []

    def recall(
        self, environ: "WSGIEnvironment"
    ) -> tuple[HTTPStatus, list[tuple[str, str]], bytes] | None:
        """Return status, headers and body of what is ready for a request, None for nothing."""
        request = self._name(environ)
        if request is None:
            return None
        environ[_NAME] = request
        ready = self._table.get(request)
        body = self._cache.get(ready.key) if ready else None
        if ready is None or body is None:
            return None
        met = condition(environ, ready.etag, ready.modified)
        if met is HTTPStatus.PRECONDITION_FAILED:
            return None
        return self._answer(environ, met, ready, body)

    def remember(self, environ: "WSGIEnvironment", headers: Iterable[tuple[str, str]]) -> None:
        """Have the answer to a request ready from now on if it is kept: its headers are these."""
        key, request = environ.get(MARK), environ.get(_NAME)
        if key is None or request is None or environ["REQUEST_METHOD"] == "HEAD":
            return
        lasting = tuple(pair for pair in headers if pair[0].lower() not in _NOT_REPEATED)
        told = {name.lower(): value for name, value in lasting}
        ready = _Ready(key, lasting, told.get("etag", ""), http_time(told.get("last-modified", "")))
        with self._lock:
            self._table[request] = ready
            while len(self._table) > self._most_requests:
                self._table.popitem(last=False)

    def _name(self, environ: "WSGIEnvironment") -> Hashable | None:
        """Return what tells requests apart, or None for one that is not for the endpoint."""
        path, method = environ.get("PATH_INFO"), environ["REQUEST_METHOD"]
        if path not in {"/sparql", "/sparql/"} or method not in {"GET", "HEAD", "POST"}:
            return None
        body = _read(environ, self._most_bytes) if method == "POST" else b""
        if body is None:
            return None
        names = ("QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING")
        content_type = environ.get("CONTENT_TYPE", "") if method == "POST" else None
        return (path, *(environ.get(name, "") for name in names), content_type, body)

    def _listen(self, environ: "WSGIEnvironment", start: "StartResponse") -> "StartResponse":
        def listening(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            if status.startswith("200"):
                self.remember(environ, headers)
            return start(status, headers, *rest)  # type: ignore[arg-type]  # passed on as it came

        return listening  # type: ignore[return-value]  # the protocol's overloads say the same

    def _answer(
        self, environ: "WSGIEnvironment", status: HTTPStatus, ready: _Ready, body: bytes
    ) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        began, query_id = time.perf_counter(), new_query_id()
        headers = [*ready.headers, (QUERY_ID, query_id)]
        if status is HTTPStatus.NOT_MODIFIED:
            headers = [pair for pair in headers if pair[0].lower() not in _OF_BODY]
            body = b""
        seconds = time.perf_counter() - began
        self._metrics.hit()
        what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        client = environ.get("REMOTE_ADDR", "")
        answered = Answered(query_id, client, what, status, seconds, len(body))
        self._metrics.note("ready", answered)
        return status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _read(environ: "WSGIEnvironment", most: int) -> bytes | None:
    """Return the body and put it back, or None for one that is too long, or not as long as told."""
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit() and int(length) <= most):
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body if len(body) == int(length) else None
