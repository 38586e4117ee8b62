"""The endpoint ``/sparql``: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from flask import Blueprint, Response, current_app, g, request

from sparql_endpoint.web.asking import Asking
from sparql_endpoint.web.descriptions import service_description
from sparql_endpoint.web.negotiation import best
from sparql_endpoint.web.offers import GRAPHS, PAGE
from sparql_endpoint.web.pages import page_response, pages
from sparql_endpoint.web.protocol import read_request
from sparql_endpoint.web.responses import respond
from sparql_endpoint.web.urls import alternates

__all__ = ["blueprint"]

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"])
@blueprint.route("/sparql/", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, or show the form for one where none is asked."""
    asked = read_request(request)
    if asked is None:
        return _introduce()
    g.query = asked.query
    asking = Asking(asked, request, current_app)
    return respond(asking, lambda offer: alternates(asked, offer))


def _introduce() -> Response:
    """Answer who asks nothing: the form for people, the Service Description for programs.

    https://www.w3.org/TR/sparql11-service-description/#accessing
    """
    made = pages()
    if made and best(request.headers.get("Accept", ""), GRAPHS.media_types) == PAGE:
        return page_response(made.form())
    return service_description()
