"""What the server answers for itself, and the methods that it has nowhere."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

METHODS = {"GET", "HEAD", "OPTIONS", "POST"}


def asked(app: Flask, method: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of the answer to a request for ``*``."""
    environ = EnvironBuilder("/", method=method).get_environ() | {"PATH_INFO": "*"}
    response = app.test_client().open(environ)
    return response.status_code, dict(response.headers), response.data


def test_options_of_the_server_tells_what_it_can(app: Flask) -> None:
    """RFC 9110, section 9.3.7: all methods that some resource has, and no body."""
    status, headers, body = asked(app, "OPTIONS")
    assert (status, body) == (204, b"")
    assert set(headers["Allow"].split(", ")) == METHODS
    assert headers["Access-Control-Allow-Methods"] == headers["Allow"]
    assert "Content-Type" not in headers


@pytest.mark.parametrize("method", ["GET", "POST", "TRACE", "DELETE"])
def test_the_server_as_a_whole_has_nothing_but_options(app: Flask, method: str) -> None:
    """RFC 9112, section 3.2.4: the asterisk is for OPTIONS alone."""
    status, headers, _ = asked(app, method)
    assert (status, headers["Content-Type"]) == (400, "application/problem+json")


def test_a_path_of_an_asterisk_is_not_the_server(client: FlaskClient) -> None:
    """RFC 9112, section 3.2.4: ``/*`` is a path like another."""
    assert client.options("/*").status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/sparql", METHODS), ("/graphs", METHODS - {"POST"}), ("/nowhere", None)],
)
def test_trace_is_not_implemented(client: FlaskClient, path: str, allowed: set[str] | None) -> None:
    """RFC 9110, sections 9.1 and 10.2.1: 501, and what the resource has instead."""
    response = client.trace(path)
    assert (response.status_code, response.content_type) == (501, "application/problem+json")
    told = response.headers.get("Allow")
    assert (told and set(told.split(", "))) == allowed
    assert response.get_json()["detail"].startswith("TRACE is not implemented here; there is GET")
