"""The link to the next part of an answer that was cut."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from flask import Flask

from sparql_endpoint.endpoint.pagination import next_page
from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.query.evaluation import Result
from sparql_endpoint.query.result_sink import Body

QUERY = "SELECT ?s { ?s ?p ?o }"


def following(app: Flask, query: str, result: Result) -> str:
    """Return the query that the link asks, empty without a link."""
    with app.test_request_context("/sparql"):
        link = next_page(QueryRequest(query, (("https://e.org/g",), ()), "csv"), result)
    parameters = parse_qs(link.partition("?")[2])
    if link:
        assert parameters["format"] == ["csv"]
        assert parameters["default-graph-uri"] == ["https://e.org/g"]
    return parameters.get("query", [""])[0]


def cut(rows: int = 10, *, graph: bool = False) -> Result:
    """Return an answer that was cut."""
    return Result(graph, Body(), complete=False, rows=rows)


def test_each_part_begins_where_the_last_ended(app: Flask) -> None:
    """By OFFSET behind the query, replaced from part to part; each part is cut by the server."""
    second = following(app, QUERY, cut(10))
    assert second == f"{QUERY}\nOFFSET 10"
    assert following(app, second, cut(10)) == f"{QUERY}\nOFFSET 20"


@pytest.mark.parametrize("more", ["LIMIT 1000", "OFFSET 5", "VALUES ?s { 1 }", "LIMIT 5\nOFFSET 1"])
def test_a_query_with_bounds_of_its_own_has_no_next_part(app: Flask, more: str) -> None:
    """What it asks for would change."""
    assert following(app, f"{QUERY} {more}", cut()) == ""


@pytest.mark.parametrize("result", [replace(cut(), complete=True), cut(0)])
def test_other_answers_have_none(app: Flask, result: Result) -> None:
    """Whole ones, and those without a row."""
    assert following(app, QUERY, result) == ""


@pytest.mark.parametrize(
    ("query", "used"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", 100),
        ("CONSTRUCT WHERE { ?s ?p ?o . ?o ?q ?r }", 50),
        ("construct { ?s <e:a.b,c;d> ?o ; <e:q> ?x , ?y } { ?s ?p ?o } ORDER BY ?s", 33),
        ("# CONSTRUCT {}\nBASE <e:> PREFIX p: <e:#> CONSTRUCT{?s p:a ?o}{?s ?p ?o}", 100),
    ],
)
def test_triples_are_continued_where_no_solution_is_left_out(
    app: Flask, query: str, used: int
) -> None:
    """SPARQL 1.1 Query, sections 15.4 and 16.2: OFFSET counts solutions.

    Of 100 triples of a template of n the first 100/n solutions are used up, whatever became of
    each; more might not be.
    """
    assert following(app, query, cut(100, graph=True)) == f"{query}\nOFFSET {used}"


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE ?s { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p [] } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p _:b } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ( ?o ) } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p '}' . ?s ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o # }\n . ?s ?q ?r } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o ~ ?r } { ?s ?p ?o }",
        "CONSTRUCT { << ?s ?p ?o >> ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o {| ?q ?r |} } { ?s ?p ?o }",
        "CONSTRUCT FROM <e:g> WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 9",
        "CONSTRUCT { ?s ?p ?o " + "; ?p ?o " * 100 + "} { ?s ?p ?o }",
    ],
)
def test_triples_that_nobody_can_place_are_not_continued(app: Flask, query: str) -> None:
    """SPARQL 1.1 Query, sections 16.2.1 and 16.4.

    Blank nodes are new ones in each part, a DESCRIBE gives any number of triples, and a template
    that is not plain is not guessed at.
    """
    assert following(app, query, cut(100, graph=True)) == ""
