"""Answers that are kept: their bounds, and that they spare the engine."""

from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from pyoxigraph import Store
from query_runners import CountingRunner

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.limits import Limits

ABOUT = About("1", datetime(2024, 5, 6, tzinfo=UTC))
LONG = "SELECT (CONCAT('x', REPLACE('" + "y" * 2000 + "', 'y', 'z')) AS ?x) {}"
FORM = "application/x-www-form-urlencoded"


def counting(store: Store, **settings: Any) -> tuple[FlaskClient, list[str]]:
    """Return a client, and the list of what its runner was asked."""
    runner = CountingRunner(store)
    return create_app(runner, ABOUT, Settings(**settings)).test_client(), runner.asked


def test_a_repeated_request_does_not_reach_the_runner(store: Store) -> None:
    """By whatever method, and each in its own coding."""
    client, asked = counting(store)
    by_get = {"query_string": {"query": LONG}}
    requests: list[dict[str, Any]] = [
        {"method": "GET", **by_get},
        {"method": "GET", **by_get, "headers": {"Accept-Encoding": "gzip"}},
        {"method": "POST", "data": {"query": LONG}, "content_type": FORM},
        {"method": "POST", "data": LONG, "content_type": "application/sparql-query"},
    ]
    for number, request in enumerate(requests, 1):
        first, second = (client.open("/sparql", **request).data for _ in range(2))
        assert (first, len(asked)) == (second, number)
    client.head("/sparql", **by_get)
    assert len(asked) == len(requests)


def test_what_differs_is_asked_anew(store: Store) -> None:
    """Another format, another query, other graphs."""
    client, asked = counting(store)
    for more in ({}, {"format": "xml"}, {"default-graph-uri": "https://example.org/g1"}):
        client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", **more})
    assert len(asked) == 3


def test_ready_answers_are_the_same_as_first_ones(store: Store) -> None:
    """Status, headers and body, apart from the id."""
    client, asked = counting(store)
    for headers in ({}, {"Accept": "text/csv"}, {"Accept-Encoding": "gzip"}):
        answers = [
            client.get("/sparql", query_string={"query": LONG}, headers=headers) for _ in range(3)
        ]
        for answer in answers:
            answer.headers.pop("X-Query-Id")
        assert answers[0].data == answers[1].data == answers[2].data
        assert answers[0].headers == answers[1].headers == answers[2].headers
    assert len(asked) == 3


def test_a_ready_answer_to_head_has_no_body(store: Store) -> None:
    """And the length that GET has."""
    client, _ = counting(store)
    client.get("/sparql", query_string={"query": LONG})
    head = client.head("/sparql", query_string={"query": LONG})
    assert (head.data, int(head.headers["Content-Length"]) > 2000) == (b"", True)


def test_what_was_given_up_is_asked_anew(store: Store) -> None:
    """The number of answers is bounded."""
    client, asked = counting(store, cache_entries=1)
    for query in ("ASK { ?a ?b ?c }", "ASK { ?d ?e ?f }", "ASK { ?a ?b ?c }"):
        client.get("/sparql", query_string={"query": query})
    assert len(asked) == 3


def test_a_body_too_long_is_left_to_the_application(store: Store) -> None:
    """The cache answers nothing of it, and no query is asked."""
    client, asked = counting(store, max_body_bytes=20)
    too_long = client.post("/sparql", data=b"A" * 21, content_type="application/sparql-query")
    assert (too_long.status_code, asked) == (413, [])


def test_an_answer_that_is_cut_is_not_kept(store: Store) -> None:
    """What is not whole is never given again, and says so."""
    runner = CountingRunner(store, Limits(max_rows=2))
    client = create_app(runner, ABOUT).test_client()
    for path in ("/sparql", "/sparql", "/sparql/"):
        answer = client.get(path, query_string={"query": "SELECT * { ?s ?p ?o }"})
        assert answer.headers["X-Result-Complete"] == "false"
        assert (answer.headers.get("ETag"), answer.headers["Cache-Control"]) == (None, "no-store")
    assert len(runner.asked) == 3
