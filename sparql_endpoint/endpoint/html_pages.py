"""Where the pages for browsers come from: the endpoint has none of its own.

Whoever serves people beside programs attaches what makes pages; until then nothing is offered as
``text/html``, and a problem is always JSON.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from flask import Flask, Response, current_app

from sparql_endpoint.endpoint.documents import finished
from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.query.evaluation import Result

__all__ = ["Pages", "attach", "page_response", "pages"]

_KEY = "forumgraph.pages"


class Pages(Protocol):
    """Makes the HTML that a client may take in place of data."""

    def form(self) -> str:
        """Return the form for a query of the reader's own."""
        ...

    def result(self, asked: QueryRequest, answer: Result) -> str:
        """Return the answer to ``asked``."""
        ...

    def problem(self, problem: Mapping[str, Any], query: str) -> str:
        """Return the details of a problem (RFC 9457), with the query that met it, if any."""
        ...


def attach(app: Flask, made: Pages) -> None:
    """Let ``app`` offer the pages that ``made`` makes."""
    app.extensions[_KEY] = made


def pages(app: Flask | None = None) -> Pages | None:
    """Return what makes pages for ``app`` or the current application, None where nothing does."""
    made: Pages | None = (app or current_app).extensions.get(_KEY)
    return made


def page_response(html: str) -> Response:
    """Return a page that stands at an address where others get data, with its tag, or a 304.

    Raises:
        PreconditionFailed: the client wants it only if it is another than it is.
    """
    response = finished(Response(html, mimetype="text/html"))
    response.headers["Cache-Control"] = "no-cache"
    return response
