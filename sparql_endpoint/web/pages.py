"""The pages that people read: the front page, the form for a query, and a result as a table.

They work without JavaScript, and their links are relative, so that they work below any path.
"""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, json, render_template

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.catalogue import CompetencyQuestion, catalogue
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS
from sparql_endpoint.web import terms
from sparql_endpoint.web.offers import GRAPHS, RESULTS
from sparql_endpoint.web.paging import next_page
from sparql_endpoint.web.protocol import QueryRequest
from sparql_endpoint.web.runner import Answer
from sparql_endpoint.web.service import service
from sparql_endpoint.web.urls import address, root

__all__ = ["blueprint", "query_page", "result_page"]

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


@blueprint.get("/")
def home() -> str:
    """Show what this is and the questions that can be asked at once."""
    return render_template("home.html", examples=_questions())


def _questions() -> list[CompetencyQuestion]:
    return list(catalogue().values()) if service().about.own else []


def query_page() -> Response:
    """Return the form for a query of the reader's own."""
    return _page("query.html", query=_FIRST_QUERY)


def result_page(asked: QueryRequest, answer: Answer) -> Response:
    """Return the answer to ``asked`` as a page: a table, a yes or no, or Turtle."""
    body = _read(answer.chunks)
    answer.close()
    offers = GRAPHS if answer.graph else RESULTS
    shown: dict[str, Any] = {"complete": answer.complete, "too_long": body is None}
    if body is not None and answer.graph:
        shown["turtle"] = body.decode("utf-8")
    elif body is not None:
        result = json.loads(body)
        if "boolean" in result:
            shown["truth"] = result["boolean"]
        else:
            shown["table"] = terms.table(result, service().settings.page_rows)
    links = [(other, address(asked, other.name)) for other in offers.formats]
    following = next_page(asked, answer)
    return _page("result.html", query=asked.query, links=links, following=following, **shown)


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
    example = next((item for item in _questions() if item.text == values.get("query")), None)
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
