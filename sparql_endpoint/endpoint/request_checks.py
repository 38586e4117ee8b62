"""What is asked of every request before a view sees it."""

import re

from flask import Flask
from flask.globals import request_ctx
from werkzeug.exceptions import BadRequest, RequestURITooLarge

from sparql_endpoint.endpoint.response_cache import ENDPOINT
from sparql_endpoint.endpoint.service import service

__all__ = ["FAILURE", "HOST", "register"]

FAILURE = "forumgraph.failure"
"""Where a server leaves the error that ended an earlier try at a request: it is the answer."""

HOST = re.compile(r"[A-Za-z0-9._\-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
"""A Host header that a URL can hold."""

_QUERIED = frozenset({"sparql", "graphs"})
_NOT_COUNTED = frozenset({"health.health", "health.ready", "health.metrics", "static"})


def register(app: Flask) -> None:
    """Let ``app`` check each request."""
    app.before_request(_check)


def _check() -> None:
    """Refuse a request that cannot be answered.

    Raises:
        ForumGraphError: an earlier try at the request ended so, or its client makes too many.
        BadRequest: its host is one that no URL can hold.
        RequestURITooLarge: its URL is too long.
    """
    asked, served = request_ctx.request, service()  # each look at a proxy costs a microsecond
    environ, name = asked.environ, asked.endpoint or "none"
    environ[ENDPOINT] = name
    if failure := environ.get(FAILURE):
        if asked.blueprint in _QUERIED:
            served.metrics.count_query(type(failure).__name__)
        raise failure
    if not HOST.fullmatch(asked.host):
        raise BadRequest("the Host header names no host")
    if len(asked.query_string) + len(asked.path) > served.settings.max_url_bytes:
        raise RequestURITooLarge
    if name not in _NOT_COUNTED:
        served.rate_limit.count(asked.remote_addr or "")
