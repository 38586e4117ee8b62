"""The endpoint ``/sparql``: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from flask import Blueprint, Response, g, request

from sparql_endpoint.web import pages
from sparql_endpoint.web.answering import is_graph_query
from sparql_endpoint.web.descriptions import service_description
from sparql_endpoint.web.negotiation import best
from sparql_endpoint.web.offers import GRAPHS, PAGE, RESULTS
from sparql_endpoint.web.protocol import read_request
from sparql_endpoint.web.responses import respond

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
    offers = GRAPHS if is_graph_query(asked.query) else RESULTS
    offer = offers.choose(request.headers.get("Accept", ""), asked.format)
    if offer.format is None:
        return pages.result_page(asked, offers)
    return respond(asked, offer, pages.alternates(asked, offers, offer))


def _introduce() -> Response:
    """Answer who asks nothing: the form for people, the Service Description for programs.

    https://www.w3.org/TR/sparql11-service-description/#accessing
    """
    if best(request.headers.get("Accept", ""), GRAPHS.media_types) == PAGE:
        return pages.query_page()
    return service_description()
