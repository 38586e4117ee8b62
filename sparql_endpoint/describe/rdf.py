"""Descriptions in RDF, written as Turtle templates and sent in the format that the client takes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Literal, RdfFormat, Triple, parse, serialize

from sparql_endpoint.endpoint.documents import finished
from sparql_endpoint.endpoint.media_types import GRAPHS
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat

__all__ = ["blueprint", "described", "sent", "web_root"]

blueprint = Blueprint("rdf", __name__)

_MORE_PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void-ext": "http://ldf.fi/void-ext#",
}
_ALL_PREFIXES = dict(sorted({**PREFIXES, **_MORE_PREFIXES}.items()))
_HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _ALL_PREFIXES.items())


@blueprint.app_template_filter("literal")
def literal(value: object) -> str:
    """Return a value as a plain literal of Turtle, escaped."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return str(Literal(text))


def web_root() -> str:
    """Return the URL of the front page as the client sees it, with a slash at its end."""
    return request.url_root


def described(template: str, **values: Any) -> Response:
    """Return the description that a template of Turtle makes, in the best format for the client.

    Raises:
        NotAcceptableError: the client takes no format of RDF.
    """
    text = _HEADER + render_template(template, root=web_root(), **values)
    return sent(quad.triple for quad in parse(text.encode(), RdfFormat.TURTLE))


def sent(triples: Iterable[Triple]) -> Response:
    """Return ``triples`` in the best format for the client.

    Raises:
        NotAcceptableError: the client takes no format of RDF.
    """
    offer = GRAPHS.choose(request.headers.get("Accept", ""), request.args.get("format"))
    fmt = offer.format or RDF_FORMATS["turtle"]
    assert isinstance(fmt, GraphFormat)  # noqa: S101  # GRAPHS holds no others
    body = serialize(triples, format=fmt.engine, prefixes=_ALL_PREFIXES)
    content_type = offer.content_type if offer.format else "text/plain; charset=utf-8"
    return finished(Response(body, content_type=content_type))
