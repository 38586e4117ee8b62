"""Style sheets and scripts, compressed for who takes it: once, and kept with the answers."""

from http import HTTPStatus

from flask import Flask, Response, request

from sparql_endpoint.endpoint.compression import IDENTITY, WORTH_IT, choose_coding, compress
from sparql_endpoint.endpoint.response_cache import allow_caching

__all__ = ["register"]

_TEXTS = ("text/", "application/json", "image/svg")


def register(app: Flask) -> None:
    """Let ``app`` compress what it sends of its static files."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code != HTTPStatus.OK:
        return response
    if not (response.mimetype or "").startswith(_TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    if coding == IDENTITY or (response.content_length or 0) < WORTH_IT:
        return response
    response.direct_passthrough = False
    response.set_data(compress(response.get_data(), coding))
    allow_caching(request.environ)
    response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = f"W/{response.headers['ETag']}"
    return response
