"""The pages that people read: the front page, the form for a query, and a result as a table.

They work without JavaScript, and their links are relative, so that they work below any path.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, json, render_template, request

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS, Format
from sparql_endpoint.web import terms
from sparql_endpoint.web.answering import answer_to, is_graph_query
from sparql_endpoint.web.examples import examples
from sparql_endpoint.web.offers import Offer, Offers
from sparql_endpoint.web.protocol import QueryRequest
from sparql_endpoint.web.service import service

__all__ = ["address", "alternates", "blueprint", "query_page", "result_page", "root"]

blueprint = Blueprint("pages", __name__)

_LONGEST_PAGE = 8 * 1024 * 1024


@blueprint.app_context_processor
def _surroundings() -> dict[str, Any]:
    """Give every template what the frame of a page and the form for a query need."""
    return {
        "root": root(),
        "prefixes": PREFIXES,
        "result_formats": RESULT_FORMATS.values(),
        "rdf_formats": RDF_FORMATS.values(),
    }


def root() -> str:
    """Return the way from the page that is asked for up to the front page, as a relative URL."""
    return "../" * (request.path.count("/") - 1) or "./"


def address(asked: QueryRequest, fmt: str = "") -> str:
    """Return the relative URL that asks ``asked`` of the endpoint again, in another format."""
    default, named = asked.dataset or ((), ())
    parameters = [("query", asked.query)]
    parameters += [("default-graph-uri", iri) for iri in default]
    parameters += [("named-graph-uri", iri) for iri in named]
    return f"{root()}sparql?" + urlencode(parameters + ([("format", fmt)] if fmt else []))


def alternates(asked: QueryRequest, offers: Offers, chosen: Offer) -> dict[str, str]:
    """Return the relative URLs of an answer's other formats by media type."""
    return {
        fmt.media_type: address(asked, fmt.name)
        for fmt in offers.formats
        if fmt is not chosen.format
    }


@blueprint.get("/")
def home() -> str:
    """Show what this is and the questions that can be asked at once."""
    return render_template("home.html", examples=examples())


def query_page() -> Response:
    """Return the form for a query of the reader's own."""
    return _page("query.html", query=_FIRST_QUERY)


def result_page(asked: QueryRequest, offers: Offers) -> Response:
    """Return the answer to ``asked`` as a page: a table, a yes or no, or Turtle."""
    graph = is_graph_query(asked.query)
    fmt: Format = RDF_FORMATS["turtle"] if graph else RESULT_FORMATS["json"]
    answer = answer_to(service(), asked, fmt)
    body = _read(answer.chunks)
    shown: dict[str, Any] = {"complete": answer.complete, "too_long": body is None}
    if body is not None and graph:
        shown["turtle"] = body.decode("utf-8")
    elif body is not None:
        result = json.loads(body)
        if "boolean" in result:
            shown["truth"] = result["boolean"]
        else:
            shown["table"] = terms.table(result, service().settings.page_rows)
    links = [(other, address(asked, other.name)) for other in offers.formats]
    return _page("result.html", query=asked.query, links=links, **shown)


def _read(chunks: Iterable[bytes]) -> bytes | None:
    """Return the whole of ``chunks``, or None where that is more than a page can show."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > _LONGEST_PAGE:
            return None
        parts.append(chunk)
    return b"".join(parts)


def _page(template: str, **values: Any) -> Response:
    example = next((item for item in examples() if item.text == values.get("query")), None)
    response = Response(
        render_template(template, example=example, **values),
        mimetype="text/html",
    )
    response.headers["Vary"] = "Accept, Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    return response


_FIRST_QUERY = """\
SELECT ?meeting ?label
WHERE {
    ?meeting a dfo:MinisterialMeeting ; rdfs:label ?label .
    FILTER (lang(?label) = "en")
}
ORDER BY ?label
"""
