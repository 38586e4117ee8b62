"""What every response has, whoever made it: an id, headers, a line in the log, and a count."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sparql_endpoint.endpoint.headers import EVERY_ANSWER, QUERY_ID, new_query_id, preflight
from sparql_endpoint.endpoint.logs import ID, Answered, log_request
from sparql_endpoint.endpoint.metrics import Metrics
from sparql_endpoint.endpoint.response_cache import ENDPOINT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ResponseFrame", "query_id"]


def query_id(environ: "WSGIEnvironment") -> str:
    """Return the id of a request."""
    return str(environ.get(ID, ""))


class ResponseFrame:
    """WSGI middleware that gives each response what all have, and records it."""

    def __init__(self, app: "WSGIApplication", metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer by the application."""
        began = time.perf_counter()
        environ[ID] = new_query_id()

        def starting(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            names = {name.lower() for name, _ in headers}
            own_policy = "content-security-policy" in names  # a page made to stand in a frame
            added = [
                (name, value)
                for name, value in EVERY_ANSWER.items()
                if name.lower() not in names and not (own_policy and name == "X-Frame-Options")
            ]
            added.append((QUERY_ID, environ[ID]))
            if environ["REQUEST_METHOD"] == "OPTIONS":
                allowed = next((value for name, value in headers if name == "Allow"), "GET")
                names = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
                added += preflight(names, allowed)
            self._record(environ, int(status[:3]), headers, time.perf_counter() - began)
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
