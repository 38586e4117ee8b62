"""The log: a line for each request, as text or as JSON."""

import json
import logging
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from query_runners import FailingRunner

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint import logs
from sparql_endpoint.endpoint.service import About

ASK = "/sparql?query=ASK%7B%7D"


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
    logs.configure(log_format, "error")
    app = create_app(FailingRunner(ZeroDivisionError()), about)
    query_id = app.test_client().get(ASK).get_json()["query_id"]
    written = log.readouterr().err
    assert query_id in written
    assert "ZeroDivisionError" in written
