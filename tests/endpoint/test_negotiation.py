"""RFC 9110, section 12.5.1: which media type suits a client best."""

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.endpoint.negotiation import best

OFFERS = ("application/json", "text/csv", "text/turtle")
SELECT = "SELECT * { ?s ?p ?o } ORDER BY ?o"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"

CASES = [
    ("", "application/json"),
    ("*/*", "application/json"),
    ("*", "application/json"),
    ("text/csv", "text/csv"),
    ("TEXT/CSV", "text/csv"),
    ("text/csv; charset=utf-8", "text/csv"),
    ("text/*", "text/csv"),
    ("text/csv;q=0.5, text/turtle;q=0.6", "text/turtle"),
    ("text/csv;q=0.5, text/turtle;q=0.5", "text/csv"),
    ("text/turtle, */*", "text/turtle"),
    ("text/turtle;q=0.5, */*;q=0.8", "application/json"),
    ("text/csv;q=0, text/*", "text/turtle"),
    ("application/json;q=0, */*;q=0.1", "text/csv"),
    ("image/png", None),
    ("*/*;q=0", None),
    ("image/png, */*;q=0.001", "application/json"),
    (";;,,", "application/json"),
]


@pytest.mark.parametrize(("accept", "expected"), CASES)
def test_the_best_offer(accept: str, expected: str | None) -> None:
    """Quality comes from the most specific range; ties go to the more specific, then the first."""
    assert best(accept, OFFERS) == expected


ANSWERS = [
    (SELECT, "", "application/sparql-results+json"),
    (SELECT, "*/*", "application/sparql-results+json"),
    (SELECT, "application/json", "application/json"),
    (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
    (SELECT, "application/xml", "application/xml"),
    (SELECT, "text/csv", "text/csv; charset=utf-8"),
    (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    (SELECT, "text/plain", "text/plain; charset=utf-8"),
    (SELECT, "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
    (CONSTRUCT, "", "text/turtle; charset=utf-8"),
    (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
    (CONSTRUCT, "application/json", "application/json"),
    (CONSTRUCT, "application/ld+json", "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    (CONSTRUCT, "application/n-triples", "application/n-triples"),
    (CONSTRUCT, "text/plain", "text/plain; charset=utf-8"),
    (CONSTRUCT, "application/trig", "application/trig"),
    (CONSTRUCT, "application/n-quads", "application/n-quads"),
    ("DESCRIBE <https://example.org/a>", "text/turtle", "text/turtle; charset=utf-8"),
    ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
    ("PREFIX x: <a:b#construct> # describe\nASK {}", "", "application/sparql-results+json"),
]


@pytest.mark.parametrize(("query", "accept", "content_type"), ANSWERS)
def test_the_content_type_of_an_answer(
    client: FlaskClient, query: str, accept: str, content_type: str
) -> None:
    """Section 2.1.5 and 2.1.6 of the protocol: the format is what the client accepts."""
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, content_type)
    assert {"Accept", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))


NAMES = [
    (SELECT, "json", "application/sparql-results+json"),
    (SELECT, "xml", "application/sparql-results+xml"),
    (SELECT, "CSV", "text/csv; charset=utf-8"),
    (SELECT, "text/csv", "text/csv; charset=utf-8"),
    (SELECT, "html", "text/html; charset=utf-8"),
    (CONSTRUCT, "json", "application/ld+json"),
    (CONSTRUCT, "xml", "application/rdf+xml"),
    (CONSTRUCT, "nt", "application/n-triples"),
]


@pytest.mark.parametrize("parameter", ["format", "output"])
@pytest.mark.parametrize(("query", "name", "content_type"), NAMES)
def test_a_format_asked_by_name_wins_over_accept(
    client: FlaskClient, parameter: str, query: str, name: str, content_type: str
) -> None:
    """A link can say which format it leads to."""
    response = client.get(
        "/sparql",
        query_string={"query": query, parameter: name},
        headers={"Accept": "text/tab-separated-values, text/turtle"},
    )
    assert (response.status_code, response.content_type) == (200, content_type)


@pytest.mark.parametrize(
    ("query", "accept", "listed"),
    [
        (SELECT, "text/turtle", "application/sparql-results+json"),
        (CONSTRUCT, "text/csv", "text/turtle"),
        (SELECT, "*/*;q=0", "text/csv"),
    ],
)
def test_nothing_acceptable_is_a_406_that_lists_what_there_is(
    client: FlaskClient, query: str, accept: str, listed: str
) -> None:
    """RFC 9110, section 15.5.7: the answer tells what can be had."""
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert (response.status_code, listed in response.get_json()["available"]) == (406, True)


def test_a_name_of_no_format_is_a_406(client: FlaskClient) -> None:
    """A SELECT has no Turtle, under any name."""
    response = client.get("/sparql", query_string={"query": SELECT, "format": "turtle"})
    assert (response.status_code, "csv" in response.get_json()["available"]) == (406, True)


@pytest.mark.parametrize(
    ("query", "accept", "term"),
    [
        ("CONSTRUCT { <http://e/s> <http://e/123> 1 } {}", "application/rdf+xml", "<http://e/123>"),
        ('SELECT ("\\u0001" AS ?x) {}', "application/sparql-results+xml", "U+0001"),
    ],
)
def test_a_term_that_the_format_cannot_hold_is_a_400_that_names_it(
    client: FlaskClient, query: str, accept: str, term: str
) -> None:
    """The client's format is one that there is: the data are what does not go into it."""
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 400
    assert "cannot hold the " in response.get_json()["detail"]
    assert term in response.get_json()["detail"]
