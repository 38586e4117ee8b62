"""Problems that a request meets before any application sees it."""

import json
from http import HTTPStatus
from http.client import HTTPResponse
from io import BytesIO

from sparql_endpoint.errors import ServerBusyError
from sparql_endpoint.server.rejections import TOO_MUCH, of_error, rejection


class _Socket:
    """The bytes of a response as a connection that http.client reads."""

    def __init__(self, data: bytes) -> None:
        self._file = BytesIO(data)

    def makefile(self, _: str) -> BytesIO:
        return self._file


def _parsed(data: bytes) -> HTTPResponse:
    response = HTTPResponse(_Socket(data))  # type: ignore[arg-type]  # it only reads
    response.begin()
    return response


def test_a_rejection_is_a_whole_response() -> None:
    """RFC 9457, section 3: a problem, which closes the connection and repeats nothing."""
    response = _parsed(rejection(TOO_MUCH, "192.0.2.1"))
    problem = json.loads(response.read())
    assert response.status == problem["status"] == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Connection"] == "close"
    assert response.headers["X-Query-Id"] == problem["query_id"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_an_error_that_passes_says_when_to_come_again() -> None:
    """RFC 9110, section 10.2.3."""
    response = _parsed(rejection(of_error(ServerBusyError("full", 7)), ""))
    assert (response.status, response.headers["Retry-After"]) == (503, "7")
