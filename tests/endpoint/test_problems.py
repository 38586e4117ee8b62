"""RFC 9457: every error has one shape."""

import json
import logging
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from query_runners import FailingRunner

from sparql_endpoint import errors
from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings

ABOUT = About("1", datetime(2024, 5, 6, tzinfo=UTC))
PLACE = errors.Place(2, 9, "WHERE { ?x foo:y 1 }")


def failing(error: Exception, *, settings: Settings | None = None) -> FlaskClient:
    """Return a client of an application whose runner raises ``error``."""
    return create_app(FailingRunner(error), ABOUT, settings).test_client()


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/nowhere", "GET", 404),
        ("/sparql", "DELETE", 405),
        ("/sparql?query=a&query=b", "GET", 400),
        ("/sparql?query=SELEKT", "GET", 400),
        ("/sparql", "POST", 415),
        ("/sparql?query=ASK%7B%7D&format=png", "GET", 406),
        ("/sparql?update=CLEAR+ALL", "GET", 403),
        (f"/sparql?query={'x' * 9000}", "GET", 414),
    ],
)
def test_each_error_has_one_shape(client: FlaskClient, path: str, method: str, status: int) -> None:
    """Section 3: type, title, status and detail; and the query id that the header has too."""
    response = client.open(path, method=method)
    problem = json.loads(response.data)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail", "query_id"} <= problem.keys()
    assert (problem["status"], problem["query_id"]) == (status, response.headers["X-Query-Id"])


def test_a_body_too_long_is_a_413() -> None:
    """The limit on bodies is a setting."""
    client = failing(ValueError(), settings=Settings(max_body_bytes=10))
    response = client.post("/sparql", data=b"a" * 11, content_type="application/sparql-query")
    assert (response.status_code, response.content_type) == (413, "application/problem+json")


def test_a_syntax_error_tells_its_place_and_a_hint() -> None:
    """Line and column from 1, the line with a caret below the place, and what may be meant."""
    error = errors.QuerySyntaxError("unknown prefix 'foo:'", PLACE, "Did you mean 'foaf:'?")
    problem = failing(error).get("/sparql?query=ASK%7B%7D").get_json()
    assert (problem["line"], problem["column"]) == (2, 9)
    assert problem["excerpt"] == "WHERE { ?x foo:y 1 }\n        ^"
    assert problem["hint"] == "Did you mean 'foaf:'?"
    assert problem["type"].endswith("/problem/query-syntax")


@pytest.mark.parametrize(
    "error", [errors.DataError("the store is gone"), KeyError("secret"), RecursionError()]
)
def test_a_failure_of_ours_is_a_500_and_logged(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """The client is told an id, the log the rest."""
    with caplog.at_level(logging.ERROR):
        response = failing(error).get("/sparql?query=ASK%7B%7D")
    assert (response.status_code, response.content_type) == (500, "application/problem+json")
    assert "secret" not in response.text
    assert len(caplog.records) == 1


@pytest.mark.parametrize("query", ["query=a%0d%0aX-Bad:1", "query=ASK{}&format=csv%0d%0aX-Bad:1"])
def test_no_header_is_injected(client: FlaskClient, query: str) -> None:
    """A line break in a parameter makes no header."""
    assert "X-Bad" not in client.get(f"/sparql?{query}").headers
