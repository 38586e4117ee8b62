"""What IRIs of ours lead to that name no thing: dataset, graphs, prefixes, types of problems."""

from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response

from sparql_endpoint.endpoint.problems import problem_types
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.names import BASE

__all__ = ["blueprint"]

blueprint = Blueprint("own_iris", __name__)


@blueprint.get("/dataset")
def dataset() -> Response:
    """Lead from the dataset's IRI to its description."""
    return _see_other(".well-known/void")


@blueprint.get("/graph/<path:name>")
def graph(name: str) -> Response:
    """Lead from a graph's IRI to what it holds.

    Raises:
        NotFoundError: other data are served, whose graphs have other names.
    """
    if not service().about.own:
        raise NotFoundError(f"there is no graph {BASE}graph/{name} in the data served here")
    return _see_other(f"graphs?graph={quote(f'{BASE}graph/{name}', safe='')}")


@blueprint.get("/query/prefixes")
def prefixes() -> Response:
    """Lead from the IRI of the prefixes of our examples to the examples, which declare them."""
    return _see_other(".well-known/sparql-examples")


@blueprint.get("/problem/<name>")
def problem(name: str) -> Response:
    """Lead from the IRI of a type of problem to its explanation.

    Raises:
        NotFoundError: there is no such type.
    """
    if name not in problem_types():
        raise NotFoundError(f"there is no type of problem '{name}'")
    return _see_other(f"help/problems#{name}")


def _see_other(path: str) -> Response:
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": root() + path})
