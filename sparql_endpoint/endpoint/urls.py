"""Relative URLs, which hold below any path and behind any proxy."""

from functools import lru_cache
from urllib.parse import urlencode

from flask import request

from sparql_endpoint.endpoint.media_types import GRAPHS, RESULTS, Offer
from sparql_endpoint.endpoint.protocol import QueryRequest, way_up
from sparql_endpoint.query import trust
from sparql_endpoint.query.formats import GraphFormat

__all__ = ["address", "alternates", "root"]


def root() -> str:
    """Return the way from the page that is asked for up to the front page."""
    return way_up(request.path)


def address(asked: QueryRequest, fmt: str = "") -> str:
    """Return the URL that asks ``asked`` of the endpoint again, in another format."""
    return f"{_same(asked)}&format={fmt}" if fmt else _same(asked)


@lru_cache(maxsize=16)
def _same(asked: QueryRequest) -> str:
    if asked.encoded:
        return f"{asked.endpoint}?{asked.encoded}"
    default, named = asked.dataset or ((), ())
    parameters = [("query", asked.query)]
    parameters += [("default-graph-uri", iri) for iri in default]
    parameters += [("named-graph-uri", iri) for iri in named]
    if asked.trust != trust.DEFAULT:
        parameters.append(("trust", asked.trust))
    if asked.evidence:
        parameters.append(("evidence", "1"))
    return f"{asked.endpoint}?{urlencode(parameters)}"


def alternates(asked: QueryRequest, chosen: Offer) -> dict[str, str]:
    """Return the URLs of an answer's other formats by media type."""
    offers = GRAPHS if isinstance(chosen.format, GraphFormat) else RESULTS
    same = address(asked)
    return {
        fmt.media_type: f"{same}&format={fmt.name}"
        for fmt in offers.formats
        if fmt is not chosen.format
    }
