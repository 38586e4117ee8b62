"""Answers are whole before their first byte, or cut, which their headers say, or a problem."""

import gzip
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store, parse, parse_query_results

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.limits import KIB, MIB, Limits
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS

SELECT = "SELECT * { ?s ?p ?o } ORDER BY ?o"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
LONG = f"SELECT (CONCAT(STR(?o), '{'x' * 2000}') AS ?x) {{ ?s ?p ?o }} ORDER BY ?o"
BUFFERS = pytest.mark.parametrize("buffer_bytes", [0, 4 * MIB], ids=["in a file", "in memory"])


def client(store: Store, about: About, **limits: Any) -> FlaskClient:
    """Return a client of an application with these limits."""
    return create_app(QueryRunner.over(store, limits=Limits(**limits)), about).test_client()


@BUFFERS
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_result_of_too_many_bytes_is_a_problem(
    store: Store, about: About, coding: str, buffer_bytes: int
) -> None:
    """No part of it is sent."""
    asked = client(store, about, buffer_bytes=buffer_bytes, max_result_bytes=KIB)
    headers = {"Accept-Encoding": coding}
    answer = asked.get("/sparql", query_string={"query": LONG}, headers=headers, buffered=True)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.get_json()["detail"].startswith("the result has more than")
    assert answer.get_json()["type"].endswith("/problem/result-too-large")


@BUFFERS
@pytest.mark.parametrize("fmt", RESULT_FORMATS)
def test_solutions_that_were_cut_say_so(
    store: Store, about: About, fmt: str, buffer_bytes: int
) -> None:
    """They are a proper document with as many rows as allowed, and no 304 is made of them."""
    asked = client(store, about, buffer_bytes=buffer_bytes, max_rows=2)
    answer = asked.get("/sparql", query_string={"query": SELECT, "format": fmt}, buffered=True)
    assert (answer.status_code, answer.headers["X-Result-Complete"]) == (200, "false")
    assert (answer.headers.get("ETag"), answer.headers["Cache-Control"]) == (None, "no-store")
    assert 'rel="next"' in answer.headers["Link"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    if fmt == "csv":
        assert len(answer.text.splitlines()) == 3
    else:
        solutions = parse_query_results(answer.data, RESULT_FORMATS[fmt].engine)
        assert len(list(solutions)) == 2  # type: ignore[arg-type]  # solutions


@BUFFERS
@pytest.mark.parametrize("fmt", RDF_FORMATS)
def test_triples_that_were_cut_say_so(
    store: Store, about: About, fmt: str, buffer_bytes: int
) -> None:
    """As solutions do."""
    asked = client(store, about, buffer_bytes=buffer_bytes, max_rows=2)
    answer = asked.get("/sparql", query_string={"query": CONSTRUCT, "format": fmt}, buffered=True)
    assert (answer.status_code, answer.headers["X-Result-Complete"]) == (200, "false")
    assert (answer.headers.get("ETag"), answer.headers["Cache-Control"]) == (None, "no-store")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert len(list(parse(answer.data, RDF_FORMATS[fmt].engine))) == 2


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT, LONG, "ASK {}"])
def test_a_whole_answer_says_so_wherever_it_lay(store: Store, about: About, query: str) -> None:
    """Memory and file give the same bytes, with their length and their tag; HEAD has no body."""
    answers = [
        client(store, about, buffer_bytes=size).get(
            "/sparql", query_string={"query": query}, buffered=True
        )
        for size in (0, 4 * MIB)
    ]
    for answer in answers:
        assert (answer.status_code, answer.headers["X-Result-Complete"]) == (200, "true")
        assert int(answer.headers["Content-Length"]) == len(answer.data)
    first, second = answers
    assert sorted(first.data) == sorted(second.data)
    assert first.headers["ETag"] == second.headers["ETag"]
    in_file = client(store, about, buffer_bytes=0)
    head = in_file.head("/sparql", query_string={"query": query}, buffered=True)
    assert (head.data, head.headers["Content-Length"]) == (b"", first.headers["Content-Length"])


def test_an_answer_in_a_file_is_repeated(store: Store, about: About) -> None:
    """The same bytes again, packed for a client that takes that."""
    asked = client(store, about, buffer_bytes=0)
    headers = {"Accept-Encoding": "gzip"}
    plain = asked.get("/sparql", query_string={"query": LONG}, buffered=True)
    for _ in range(2):
        packed = asked.get("/sparql", query_string={"query": LONG}, headers=headers, buffered=True)
        assert gzip.decompress(packed.data) == plain.data
        assert asked.get("/sparql", query_string={"query": LONG}, buffered=True).data == plain.data
