"""Health, readiness and figures."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import Store
from query_runners import FailingRunner

from sparql_endpoint.app import Shared, create_app
from sparql_endpoint.endpoint.request_checks import FAILURE
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.errors import QueryTimeoutError, ServerBusyError
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.server.shared_state import FIGURES

ASK = "/sparql?query=ASK%7B%7D"


def figures(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Return what /metrics says, by name and labels."""
    text = client.get("/metrics").text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_is_up_and_ready(client: FlaskClient) -> None:
    """Two plain words, never kept by anybody."""
    for path, word in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
        response = client.get(path)
        assert (response.status_code, response.text) == (200, word)
        assert response.headers["Cache-Control"] == "no-store"


def test_it_is_not_ready_when_no_query_can_be_answered(about: About) -> None:
    """A 503 that says why; the process itself is healthy."""
    busy = FailingRunner(ServerBusyError("the queue is full", 3))
    client = create_app(busy, about).test_client()
    assert client.get("/healthz").status_code == 200
    assert (client.get("/readyz").status_code, "full" in client.get("/readyz").text) == (503, True)
    asked = client.get(ASK)
    assert (asked.status_code, asked.headers["Retry-After"]) == (503, "3")


def test_requests_and_hits_are_counted(client: FlaskClient) -> None:
    """By what answered and how; an answer out of the cache is a hit."""
    for path in (ASK, ASK, "/nowhere"):
        client.get(path)
    seen = figures(client)
    assert seen["forumgraph_requests_total", "sparql.endpoint", "200"] == 1
    assert seen["forumgraph_requests_total", "cache", "200"] == 1
    assert seen["forumgraph_requests_total", "none", "404"] == 1
    assert seen["forumgraph_cache_hits_total",] == 1
    assert seen["forumgraph_cache_entries",] == 1
    assert seen["forumgraph_cache_bytes",] > 0
    assert seen["forumgraph_request_seconds_count", "sparql.endpoint"] == 1
    assert seen["forumgraph_response_bytes_total",] > 0


def test_queries_are_counted_by_how_they_ended(store: Store, about: About) -> None:
    """With their rows and bytes; what the service asks for itself is no query of a client."""
    app = create_app(QueryRunner.over(store, limits=Limits(max_rows=2)), about)
    client = app.test_client()
    client.get("/.well-known/void")
    whole = client.get("/sparql?query=SELECT+*+%7B+?s+?p+?o+%7D+LIMIT+2")
    cut = client.get("/sparql?query=SELECT+*+%7B+?s+?p+?o+%7D")
    client.get("/sparql?query=ASK+%7B+?s")
    seen = figures(client)
    outcomes = {key[1]: n for key, n in seen.items() if key[0] == "forumgraph_queries_total"}
    assert outcomes == {"complete": 1, "cut": 1, "QuerySyntaxError": 1}
    assert seen["forumgraph_rows_total",] == 4
    assert seen["forumgraph_result_bytes_total",] == len(whole.data) + len(cut.data)


def test_a_query_that_was_ended_is_counted(app: Flask) -> None:
    """The server hands the request on with the error that ended it, which is the answer."""
    client = app.test_client()
    ended = {FAILURE: QueryTimeoutError("too long")}
    answer = client.get(ASK, environ_overrides=ended)
    assert (answer.status_code, answer.get_json()["detail"]) == (503, "too long")
    assert figures(client)["forumgraph_queries_total", "QueryTimeoutError"] == 1


def test_the_figures_of_the_server_are_there(store: Store, about: About, tmp_path: Path) -> None:
    """Those that it counts itself, by their names; without a server they are 0."""
    (tmp_path / "cache").mkdir()
    counted = {name: number for number, name in enumerate(FIGURES, 1)}
    shared = Shared(tmp_path, figures=lambda: counted)
    seen = figures(create_app(QueryRunner.over(store), about, shared=shared).test_client())
    totals = {"connections", "rejected", "killed", "crashed", "restarts"}
    for name, value in counted.items():
        assert seen[f"forumgraph_{name}{'_total' if name in totals else ''}",] == value


def test_the_service_answers_in_either_kind(client: FlaskClient) -> None:
    """The format follows the kind of the query, which is known when it has run."""
    select = {"query": "SELECT * { ?s ?p ?o } LIMIT 1"}
    describe = {"query": "DESCRIBE <https://example.org/a>"}
    both = {"Accept": "text/csv, text/turtle"}
    assert client.get("/sparql", query_string=select, headers=both).mimetype == "text/csv"
    assert client.get("/sparql", query_string=describe, headers=both).mimetype == "text/turtle"
    for query, accept in ((select, "text/turtle"), (describe, "text/csv")):
        refused = client.get("/sparql", query_string=query, headers={"Accept": accept})
        assert refused.status_code == 406
