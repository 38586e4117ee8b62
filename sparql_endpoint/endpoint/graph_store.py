"""``/graphs``: the part of the SPARQL 1.1 Graph Store HTTP Protocol that reads.

https://www.w3.org/TR/sparql11-http-rdf-update/: section 4.1 (a graph by its own URL), section 4.2
(by ``?graph=`` or ``?default``), sections 5.2 and 5.6 (GET and HEAD). The methods that write are
not among those allowed.
"""

import json
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from sparql_endpoint.endpoint.media_types import GRAPHS, Offer
from sparql_endpoint.endpoint.protocol import QueryRequest, graph_iri, read_parameters
from sparql_endpoint.endpoint.query_response import QueryPlan, respond
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.errors import NotFoundError, RequestError
from sparql_endpoint.names import GRAPH
from sparql_endpoint.query.evaluation import Query

__all__ = ["blueprint"]

blueprint = Blueprint("graphs", __name__)

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@blueprint.get("/graphs")
@blueprint.get("/graphs/")
def by_parameter() -> Response:
    """Return the graph that ``?graph=`` names or the default graph; without either, what there is.

    Raises:
        RequestError: both are asked for, or several graphs, or a graph by no absolute IRI.
        NotFoundError: there is no such graph.
    """
    parameters = read_parameters(request.query_string)
    named = [value for name, value in parameters if name == "graph"]
    default = [value for name, value in parameters if name == "default"]
    if not named and not default:
        return service().description()
    if len(named) + len(default) > 1:
        raise RequestError("ask for one graph: either ?default or ?graph= with its IRI")
    return _send(graph_iri(named[0]) if named else None)


@blueprint.get("/graphs/<path:name>")
def by_url(name: str) -> Response:
    """Return the graph of this very URL, or the project's graph of that name.

    Raises:
        NotFoundError: there is no such graph.
    """
    own = request.base_url
    return _send(own if _exists(own) else GRAPH + quote(name, safe="/-._~"))


def _send(iri: str | None) -> Response:
    if iri is not None and not _exists(iri):
        raise NotFoundError(f"there is no graph <{iri}>; GET /graphs tells which there are")
    dataset = None if iri is None else ((iri,), ())
    which = {"default": ""} if iri is None else {"graph": iri}

    def alternates(chosen: Offer) -> dict[str, str]:
        return {
            fmt.media_type: f"{root()}graphs?{urlencode(which | {'format': fmt.name})}"
            for fmt in GRAPHS.formats
            if fmt is not chosen.format
        }

    asked = QueryRequest(_ALL, dataset, request.args.get("format"), f"{root()}sparql")
    return respond(QueryPlan(asked), alternates)


def _exists(iri: str) -> bool:
    """Return whether the dataset has a named graph with at least one triple."""
    query = Query("ASK { GRAPH ?g { ?s ?p ?o } }", ((), (iri,)))
    return bool(json.loads(service().runner.run(query).body.read())["boolean"])
