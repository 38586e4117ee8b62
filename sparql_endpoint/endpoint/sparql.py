"""The endpoint ``/sparql``: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from flask import Blueprint, Response, g, request
from flask.globals import request_ctx

from sparql_endpoint.endpoint.html_pages import page_response, pages
from sparql_endpoint.endpoint.media_types import GRAPHS, PAGE
from sparql_endpoint.endpoint.negotiation import best
from sparql_endpoint.endpoint.protocol import read_request
from sparql_endpoint.endpoint.query_response import QueryPlan, respond
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.endpoint.urls import alternates

__all__ = ["blueprint"]

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"])
@blueprint.route("/sparql/", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, or show the form for one where none is asked."""
    asked = read_request(request_ctx.request)  # each look at a proxy costs a microsecond
    if asked is None:
        return _introduce()
    g.query = asked.query
    return respond(QueryPlan(asked), lambda offer: alternates(asked, offer))


def _introduce() -> Response:
    """Answer who asks nothing: the form for people, the Service Description for programs.

    https://www.w3.org/TR/sparql11-service-description/#accessing
    """
    made = pages()
    if made and best(request.headers.get("Accept", ""), GRAPHS.media_types) == PAGE:
        return page_response(made.form())
    return service().description()
