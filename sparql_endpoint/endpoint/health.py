"""What operators ask of the service: is it up, can it answer, and what has it done."""

from flask import Blueprint, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.query.evaluation import Query

__all__ = ["blueprint"]

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Say that the server runs."""
    return _plain("ok")


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether a query can be answered, by asking one; 503 if not."""
    try:
        service().runner.run(Query("ASK {}", whole=True))
    except ForumGraphError as error:
        return _plain(f"not ready: {error}", 503)
    return _plain("ready")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the figures in the text format of Prometheus."""
    return Response(service().metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _plain(text: str, status: int = 200) -> Response:
    response = Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
