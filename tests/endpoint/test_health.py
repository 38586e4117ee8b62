"""Health, readiness and figures; limits on requests; the log."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import Store
from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.web import logs
from sparql_endpoint.web.rate import RateLimit

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.errors import ServerBusyError, TooManyRequestsError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import EngineRunner, Query, QueryRunner, Result

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

    class Busy:
        def run(self, query: Query) -> Result:
            raise ServerBusyError("the queue is full", 3)

    client = create_app(Busy(), about).test_client()
    assert client.get("/healthz").status_code == 200
    assert (client.get("/readyz").status_code, "full" in client.get("/readyz").text) == (503, True)
    busy = client.get(ASK)
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "3")


def test_requests_and_hits_are_counted(client: FlaskClient) -> None:
    """By what answered and how; an answer out of the cache is a hit."""
    for path in (ASK, ASK, "/nowhere"):
        client.get(path)
    seen = figures(client)
    assert seen["forumgraph_requests_total", "sparql.endpoint", "200"] == 1
    assert seen["forumgraph_requests_total", "ready", "200"] == 1
    assert seen["forumgraph_requests_total", "none", "404"] == 1
    assert seen["forumgraph_cache_hits_total",] == 1
    assert seen["forumgraph_cache_entries",] == 1
    assert seen["forumgraph_request_seconds_count", "sparql.endpoint"] == 1
    assert "forumgraph_running" not in {name for name, *_ in seen}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Return an engine over the project's data."""
    with Engine(load_project, prefixes=PREFIXES) as engine:
        yield engine


def test_the_engine_is_counted(engine: Engine) -> None:
    """Queries by how they ended, and the processes."""
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC), own=True)
    client = create_app(EngineRunner(engine), about).test_client()
    client.get("/sparql?query=SELECT+*+%7B+?s+?p+?o+%7D+LIMIT+3")
    client.get("/sparql?query=ASK+%7B+?s")
    seen = figures(client)
    assert seen["forumgraph_queries_total", "complete"] == 1
    assert seen["forumgraph_rows_total",] == 3
    assert seen["forumgraph_processes",] >= 1


def test_the_engine_answers_in_either_kind(engine: Engine) -> None:
    """The format follows the kind of the query, which only the engine tells."""
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC), own=True)
    client = create_app(EngineRunner(engine), about).test_client()
    select = {"query": "SELECT * { ?s ?p ?o } LIMIT 1"}
    describe = {"query": "DESCRIBE id:china-celac-forum"}
    both = {"Accept": "text/csv, text/turtle"}
    assert client.get("/sparql", query_string=select, headers=both).mimetype == "text/csv"
    assert client.get("/sparql", query_string=describe, headers=both).mimetype == "text/turtle"
    for query, accept in ((select, "text/turtle"), (describe, "text/csv")):
        refused = client.get("/sparql", query_string=query, headers={"Accept": accept})
        assert refused.status_code == 406
    for form in ("void", "sparql-examples"):
        assert client.get(f"/.well-known/{form}").status_code == 200


def test_a_client_may_make_ten_seconds_of_requests_at_once() -> None:
    """Then as many as the rate allows; another client is not held up."""
    now = [0.0]
    limit = RateLimit(2, lambda: now[0])
    for _ in range(20):
        limit.admit("a")
    with pytest.raises(TooManyRequestsError) as refused:
        limit.admit("a")
    assert refused.value.retry_after == 1
    limit.admit("b")
    now[0] = 0.5
    limit.admit("a")
    with pytest.raises(TooManyRequestsError):
        limit.admit("a")


def test_a_rate_of_nothing_counts_nothing() -> None:
    """The limit can be switched off."""
    limit = RateLimit(0)
    for _ in range(1000):
        limit.admit("a")
    assert not limit._buckets


def test_clients_are_forgotten_when_there_are_too_many() -> None:
    """What is remembered of clients is bounded."""
    limit = RateLimit(1, lambda: 0.0)
    for number in range(10_010):
        limit.admit(str(number))
    assert len(limit._buckets) == 10_000


def test_too_many_requests_are_a_429(store: Store, about: About) -> None:
    """With the time to come again; repeated answers cost nothing and are not counted."""
    runner = QueryRunner.over(store)
    client = create_app(runner, about, Settings(requests_per_second=0.2)).test_client()
    statuses = [client.get(ASK).status_code for _ in range(4)]
    assert statuses == [200] * 4
    other = [client.get(f"{ASK}&format=xml"), client.get(f"{ASK}&format=csv")]
    assert [response.status_code for response in other] == [200, 429]
    assert int(other[1].headers["Retry-After"]) >= 1
    assert client.get("/healthz").status_code == 200


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Return what is written to standard error, and put the log back as it was."""
    package = logging.getLogger("sparql_endpoint")
    before = (package.handlers[:], package.level, package.propagate)
    yield capsys
    package.handlers[:], package.propagate = before[0], before[2]
    package.setLevel(before[1])


def test_the_log_as_json(client: FlaskClient, log: pytest.CaptureFixture[str]) -> None:
    """One object a line, with the id that the client was told."""
    logs.configure("json", "info")
    ids = [client.get(ASK).headers["X-Query-Id"] for _ in range(2)]
    entries = [json.loads(line) for line in log.readouterr().err.splitlines()]
    assert [entry["query_id"] for entry in entries] == ids
    assert entries[0].keys() == {
        "time", "level", "message", "query_id", "client", "status", "milliseconds", "bytes",
    }  # fmt: skip
    assert entries[0]["message"] == "GET /sparql"


def test_the_log_as_text(client: FlaskClient, log: pytest.CaptureFixture[str]) -> None:
    """Time, level, message, names with values; nobody writes lines of their own into it."""
    logs.configure("text", "info")
    client.get("/a%0Ab")
    (line,) = log.readouterr().err.splitlines()
    assert "info GET /a\\nb query_id=" in line
    assert "status=404" in line


def test_a_quiet_log_says_nothing_of_requests(
    client: FlaskClient, log: pytest.CaptureFixture[str]
) -> None:
    """From level warning on only what is wrong."""
    logs.configure("text", "warning")
    client.get(ASK)
    assert log.readouterr().err == ""


@pytest.mark.parametrize("log_format", logs.FORMATS)
def test_a_failure_is_logged_with_its_traceback(
    about: About, log: pytest.CaptureFixture[str], log_format: str
) -> None:
    """And with the id that the answer shows."""

    class Broken:
        def run(self, query: Query) -> Result:
            raise ZeroDivisionError

    logs.configure(log_format, "error")
    query_id = create_app(Broken(), about).test_client().get(ASK).get_json()["query_id"]
    written = log.readouterr().err
    assert query_id in written
    assert "ZeroDivisionError" in written


FIGURES = {
    *("forumgraph_queries_total", "forumgraph_rows_total", "forumgraph_result_bytes_total"),
    *("forumgraph_running", "forumgraph_queued", "forumgraph_paused", "forumgraph_killed_total"),
    *("forumgraph_crashed_total", "forumgraph_restarts_total", "forumgraph_processes"),
    *("forumgraph_processes_ready", "forumgraph_query_memory_bytes", "forumgraph_cache_hits_total"),
    *("forumgraph_cache_entries", "forumgraph_cache_bytes", "forumgraph_request_seconds_bucket"),
    *("forumgraph_response_bytes_total", "process_resident_memory_bytes"),
}


def test_every_figure_is_there(engine: Engine) -> None:
    """What the README names: outcomes, latencies, rows, bytes, queries, kills, hits, memory."""
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC), own=True)
    client = create_app(EngineRunner(engine), about).test_client()
    before = figures(client)["forumgraph_result_bytes_total",]
    answer = client.get("/sparql?query=SELECT+*+%7B+?s+?p+?o+%7D+LIMIT+7")
    seen = figures(client)
    assert {name for name, *_ in seen} >= FIGURES
    assert seen["forumgraph_result_bytes_total",] - before == len(answer.data)
