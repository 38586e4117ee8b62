"""For who watches over the service: is it up, can it answer, and what has it done."""

import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.web.logs import Answered
from sparql_endpoint.web.runner import Question
from sparql_endpoint.web.service import service

__all__ = ["ADMITTED", "blueprint", "register"]

blueprint = Blueprint("watch", __name__)

ADMITTED = "forumgraph.admitted"
"""Where the server says that it has counted a request already."""

_WATCHING = frozenset({"watch.health", "watch.ready", "watch.metrics", "static"})


def register(app: Flask) -> None:
    """Let ``app`` limit, count and log its requests."""
    app.before_request(_begin)
    app.after_request(_end)
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def health() -> Response:
    """Say that this process runs."""
    return _plain("ok")


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether a query can be answered, by asking one; 503 if not."""
    try:
        service().runner.run(Question("ASK {}", whole=True))
    except ForumGraphError as error:
        return _plain(f"not ready: {error}", 503)
    return _plain("ready")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the figures in the text format of Prometheus."""
    text = generate_latest(service().metrics.registry)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _plain(text: str, status: int = 200) -> Response:
    response = Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin() -> None:
    g.began = time.perf_counter()
    if request.endpoint not in _WATCHING and ADMITTED not in request.environ:
        service().rate.admit(request.remote_addr or "")


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    size = response.content_length or 0
    endpoint = request.endpoint or "none"
    what = f"{request.method} {request.path}"
    client, status = request.remote_addr or "", response.status_code
    answered = Answered(g.get("query_id", ""), client, what, status, seconds, size)
    service().metrics.note(endpoint, answered)
    return response
