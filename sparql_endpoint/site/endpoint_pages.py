"""The endpoint for people: the form for a query, a result as a page, a problem as a page.

They work without JavaScript. As a module it is what ``web.pages.Pages`` describes.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, json, render_template, request
from werkzeug.exceptions import default_exceptions

from sparql_endpoint.endpoint.media_types import GRAPHS, RESULTS
from sparql_endpoint.endpoint.pagination import next_page
from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.endpoint.urls import address
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import Result
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS
from sparql_endpoint.site import tables
from sparql_endpoint.site.answers import Answer
from sparql_endpoint.site.asking import solutions, without_idle_prefixes
from sparql_endpoint.site.fitting import fit
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.picture_pages import MOST_DRAWN, Shown, shown
from sparql_endpoint.site.questions import questions
from sparql_endpoint.site.wording import N_

__all__ = ["form", "problem", "register", "result"]

_LONGEST_PAGE = 8 * 1024 * 1024
_LONGEST_ADDRESS = 4_000
_FIRST_QUERY = """\
SELECT ?meeting ?label
WHERE {
    ?meeting a dfo:MinisterialMeeting ; rdfs:label ?label .
    FILTER (lang(?label) = "en")
}
ORDER BY ?label
"""
_PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: (N_("This cannot be answered"), N_("Mend what is named here, and ask again.")),
    403: (N_("Not allowed"), N_("Leave out what is named here, and ask again.")),
    404: (N_("Not found"), N_("Search for the thing by a name, or browse by kind.")),
    405: (N_("Not in this way"), N_("This address is only read. Go there by a link.")),
    406: (N_("Not in this form"), N_("Ask for one of the forms named here, or name none.")),
    413: (N_("Too long"), N_("Send a shorter question.")),
    414: (N_("Too long"), N_("Send a shorter query; a program can send a long one by POST.")),
    415: (N_("Not in this form"), N_("Send the query as one of the types named here.")),
    429: (N_("Too many at once"), N_("Wait a moment, then ask again.")),
    500: (
        N_("Something went wrong here"),
        N_("It is no fault of yours. Try again; if it stays so, tell us the query id below."),
    ),
    502: (N_("Not now"), N_("The store behind this service fails. Come back in a moment.")),
    503: (
        N_("Not now"),
        N_("Ask for less, with LIMIT or a narrower pattern, or come back in a moment."),
    ),
    504: (N_("Not now"), N_("The store behind this service is slow. Come back in a moment.")),
}
"""By status: what happened, and what to do."""


def register(app: Flask) -> None:
    """Give the templates of ``app`` what the form for a query needs."""
    app.jinja_env.globals.update(
        {
            "prefixes": PREFIXES,
            "result_formats": RESULT_FORMATS.values(),
            "rdf_formats": RDF_FORMATS.values(),
        }
    )


def form() -> str:
    """Return the form for a query of the reader's own."""
    return render_template("query.html", query=_FIRST_QUERY)


def result(asked: QueryRequest, answer: Result) -> str:
    """Return the answer to ``asked`` as a page: a table, a yes or no, or Turtle."""
    body = answer.body.read() if len(answer.body) <= _LONGEST_PAGE else None
    offers = GRAPHS if answer.is_graph else RESULTS
    parts: dict[str, Any] = {"complete": answer.complete, "too_long": body is None}
    if body is not None and answer.is_graph:
        parts["turtle"] = without_idle_prefixes(body.decode("utf-8"))
    elif body is not None:
        found = json.loads(body)
        if "boolean" in found:
            parts["truth"] = found["boolean"]
        else:
            parts["table"] = tables.table(found, service().settings.page_rows)
            parts["evidence"] = _claims_of_rows(found["results"])
            parts["untraced"] = found["results"].get("untraced", ())
            parts["picture"] = _picture(asked, found)
    return render_template(
        "result.html",
        query=asked.query,
        example=next((item for item in questions() if item.text == asked.query), None),
        links=[(other, address(asked, other.name)) for other in offers.formats],
        following=next_page(asked, answer),
        notices=answer.notices,
        evidence_link=_evidence_link(asked),
        **parts,
    )


def _evidence_link(asked: QueryRequest) -> str:
    """Return the address of the same answer with the claims of each row, if there are claims."""
    if asked.evidence or not service().about.own:
        return ""
    return address(replace(asked, evidence=True, encoded=""))


def _claims_of_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """Return the IRIs of the claims that carry each row, where the answer has them."""
    return [
        list(dict.fromkeys(record["claim"] for used in row for record in used["claims"]))
        for row in results.get("evidence", ())
    ]


def _picture(asked: QueryRequest, found: Mapping[str, Any]) -> Shown | None:
    """Return the picture that fits an answer, if one does and the query fits into its address."""
    if asked.dataset or len(asked.query) > _LONGEST_ADDRESS:
        return None
    answer = Answer(found["head"].get("vars", []), solutions(found))
    if len(answer.rows) > MOST_DRAWN:
        return None
    picture = fit(gettext("Answer"), answer)
    return shown("picture.svg", picture, urlencode({"query": asked.query}))


def problem(problem: Mapping[str, Any], query: str) -> str:
    """Return a problem as HTML: what to do in the reader's language, and the particulars."""
    title, advice = _PROBLEMS.get(problem["status"], (problem["title"], ""))
    return render_template(
        "problem.html",
        problem=problem,
        title=title,
        advice=advice,
        particulars=_particulars(problem),
        query=query,
        words=request.path.rpartition("/")[2].replace("-", " ")[:60],
    )


def _particulars(problem: Mapping[str, Any]) -> str:
    """Return the detail of a problem, unless it is what werkzeug says of every such problem."""
    usual = default_exceptions.get(problem["status"])
    said = str(problem["detail"])
    return "" if usual is not None and usual.description == said else said
