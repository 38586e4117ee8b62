"""What the worker says of errors that the application does not tell of."""

import json
import socket
from concurrent.futures import Future
from http.client import HTTPResponse

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import (
    ConfigurationProblem,
    InvalidChunkSize,
    InvalidRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import TConn

from sparql_endpoint.web.worker import Worker

ASKER = ("192.0.2.1", 1234)


def told(error: Exception, request: object = None) -> HTTPResponse | None:
    """Return what the worker sends because of an error, None if nothing."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = Worker.__new__(Worker)
        worker.handle_error(request, ours, ASKER, error)  # type: ignore[arg-type]  # any will do
        ours.shutdown(socket.SHUT_WR)
        if not theirs.recv(1, socket.MSG_PEEK):
            return None
        response = HTTPResponse(theirs)
        response.begin()
        response.problem = json.loads(response.read())  # type: ignore[attr-defined]  # kept for asserts
        return response


def test_an_error_of_the_client_is_its_status() -> None:
    """RFC 9457: the problem has the status of the answer, and its id."""
    response = told(InvalidRequestLine("GET <secret>"))
    assert response is not None
    problem = response.problem  # type: ignore[attr-defined]  # set above
    assert (response.status, problem["status"], problem["title"]) == (400, 400, "Bad Request")
    assert problem["query_id"] == response.headers["X-Query-Id"]
    assert "secret" not in str(problem)
    assert response.headers["Connection"] == "close"


@pytest.mark.parametrize("error", [ValueError("secret"), ConfigurationProblem("secret")])
def test_any_other_error_is_ours(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """A 500 without particulars, which are in the log under the id of the answer."""
    caplog.set_level("ERROR", "sparql_endpoint")
    response = told(error, request=object())
    assert response is not None
    problem = response.problem  # type: ignore[attr-defined]  # set above
    assert (response.status, "secret" in str(problem)) == (500, False)
    assert problem["query_id"] in caplog.text
    assert "secret" in caplog.text


@pytest.mark.parametrize("error", [InvalidChunkSize(b"zz"), ParseException("x")])
def test_behind_an_answer_there_is_no_other(error: Exception) -> None:
    """RFC 9112, section 9.3: bytes behind an answer would be taken for the next one."""
    assert told(error, request=object()) is None


def test_who_is_gone_is_told_nothing() -> None:
    """An error while telling is none."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        Worker.__new__(Worker).handle_error(None, ours, ASKER, InvalidRequestLine("x"))
    assert ours.fileno() == -1


def test_a_connection_is_counted_once() -> None:
    """One that was closed while its answer was broken off ends like any other."""
    ours, theirs = socket.socketpair()
    worker = Worker.__new__(Worker)
    worker.nr_conns = 3
    result = Future[bool]()
    result.set_result(False)
    with theirs:
        connection = TConn(Config(), ours, ASKER, ASKER)
        ours.close()
        worker.finish_request(connection, result)
    assert worker.nr_conns == 2
