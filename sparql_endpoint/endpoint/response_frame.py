"""What every response has, whoever made it: an id, headers, a line in the log, and a count."""

import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from sparql_endpoint.endpoint.headers import EVERY_ANSWER, QUERY_ID, new_query_id, preflight
from sparql_endpoint.endpoint.logs import ID, Answered, log_request
from sparql_endpoint.endpoint.metrics import Metrics
from sparql_endpoint.endpoint.response_cache import AFTER, AT_ONCE, ENDPOINT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ResponseFrame", "query_id"]


def query_id(environ: "WSGIEnvironment") -> str:
    """Return the id of a request."""
    return str(environ.get(ID, ""))


_EVERY_ANSWER = tuple(EVERY_ANSWER.items())
_NAMES = frozenset(name.lower() for name in EVERY_ANSWER)


class ResponseFrame:
    """WSGI middleware that gives each response what all have, and records it."""

    def __init__(self, app: "WSGIApplication", metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer by the application."""
        began = time.perf_counter()
        environ[ID] = new_query_id()

        def starting(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            added = [*_missing(headers), (QUERY_ID, environ[ID])]
            if environ["REQUEST_METHOD"] == "OPTIONS":
                allowed = next((value for name, value in headers if name == "Allow"), "GET")
                names = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
                added += preflight(names, allowed)
            seconds = time.perf_counter() - began
            after = environ.get(AFTER, AT_ONCE)  # a client need not wait for it
            after.append(partial(self._record, environ, int(status[:3]), headers, seconds))
            return start(status, [*headers, *added], *rest)  # type: ignore[arg-type]  # as it came

        return self._app(environ, starting)  # type: ignore[arg-type]  # the overloads say the same

    def _record(
        self,
        environ: "WSGIEnvironment",
        status: int,
        headers: list[tuple[str, str]],
        seconds: float,
    ) -> None:
        size = next((int(value) for name, value in headers if name == "Content-Length"), 0)
        request = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
        client = environ.get("REMOTE_ADDR", "")
        answered = Answered(environ[ID], client, request, status, seconds, size)
        self._metrics.count(environ.get(ENDPOINT, "none"), answered)
        log_request(answered)


def _missing(headers: list[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Return what every response has, apart from what this one has of its own."""
    names = {name.lower() for name, _ in headers}
    if names.isdisjoint(_NAMES):
        return _EVERY_ANSWER
    if "content-security-policy" in names:  # a page made to stand in a frame
        names.add("x-frame-options")
    return [pair for pair in _EVERY_ANSWER if pair[0].lower() not in names]
