"""The link to the next part of an answer that was cut."""

from urllib.parse import parse_qs

import pytest
from flask import Flask

from sparql_endpoint.web.paging import next_page
from sparql_endpoint.web.protocol import QueryRequest
from sparql_endpoint.web.runner import Answer

QUERY = "SELECT ?s { ?s ?p ?o }"


def following(app: Flask, query: str, answer: Answer) -> str:
    """Return the query that the link asks, empty without a link."""
    with app.test_request_context("/sparql"):
        link = next_page(QueryRequest(query, (("https://e.org/g",), ()), "csv"), answer)
    parameters = parse_qs(link.partition("?")[2])
    if link:
        assert parameters["format"] == ["csv"]
        assert parameters["default-graph-uri"] == ["https://e.org/g"]
    return parameters.get("query", [""])[0]


def cut(rows: int | None = 10, *, graph: bool = False) -> Answer:
    """Return an answer that was cut."""
    return Answer(graph, [], complete=False, rows=rows)


def test_each_part_begins_where_the_last_ended(app: Flask) -> None:
    """By LIMIT and OFFSET behind the query, replaced from part to part."""
    second = following(app, QUERY, cut(10))
    assert second == f"{QUERY}\nLIMIT 10 OFFSET 10"
    assert following(app, second, cut(10)) == f"{QUERY}\nLIMIT 10 OFFSET 20"


@pytest.mark.parametrize("more", ["LIMIT 1000", "OFFSET 5", "VALUES ?s { 1 }"])
def test_a_query_with_bounds_of_its_own_has_no_next_part(app: Flask, more: str) -> None:
    """What it asks for would change."""
    assert following(app, f"{QUERY} {more}", cut()) == ""


@pytest.mark.parametrize("answer", [Answer(graph=False, chunks=[]), cut(graph=True), cut(None)])
def test_other_answers_have_none(app: Flask, answer: Answer) -> None:
    """Whole ones, triples, and those of which nobody counted the rows."""
    assert following(app, QUERY, answer) == ""
