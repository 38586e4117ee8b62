"""RFC 9110, section 12.5.3: compressing what the client takes compressed."""

import gzip

import brotli
import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.compression import choose_coding, compress, compress_stream
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import QueryRunner

LONG = {"query": "SELECT ('" + "y" * 3000 + "' AS ?x) {}"}
UNDO = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}

CASES = [
    ("", "identity"),
    ("gzip", "gzip"),
    ("gzip, deflate", "gzip"),
    ("gzip, deflate, br", "br"),
    ("br;q=0.5, gzip", "gzip"),
    ("br;q=0, *", "gzip"),
    ("*", "br"),
    ("deflate", "identity"),
    ("identity, gzip;q=0.5", "identity"),
    ("gzip;q=0", "identity"),
]


@pytest.mark.parametrize(("accept_encoding", "coding"), CASES)
def test_the_coding_chosen(accept_encoding: str, coding: str) -> None:
    """The one of highest quality, brotli before gzip; none where none is wanted."""
    assert choose_coding(accept_encoding) == coding


@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_what_is_compressed_is_what_it_was(coding: str) -> None:
    """At once and in a stream, and the same bytes each time."""
    parts = [b"abc" * 1000, b"", b"def" * 1000]
    whole = b"".join(parts)
    assert UNDO[coding](compress(whole, coding)) == whole
    assert compress(whole, coding) == compress(whole, coding)
    assert UNDO[coding](b"".join(compress_stream(parts, coding))) == whole


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_long_answer_is_compressed(client: FlaskClient, coding: str) -> None:
    """And says how, and that it depends on what the client takes."""
    plain = client.get("/sparql", query_string=LONG)
    for _ in range(2):
        packed = client.get("/sparql", query_string=LONG, headers={"Accept-Encoding": coding})
        assert packed.headers["Content-Encoding"] == coding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert UNDO[coding](packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers


def test_a_short_answer_is_not(client: FlaskClient) -> None:
    """It would only become longer."""
    response = client.get("/sparql?query=ASK%7B%7D", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_an_answer_in_a_file_is_compressed(store: Store, about: About, coding: str) -> None:
    """An answer beyond the buffer is packed part by part, and its length is known."""
    app = create_app(QueryRunner.over(store, limits=Limits(buffer_bytes=0)), about)
    client = app.test_client()
    plain = client.get("/sparql", query_string=LONG, buffered=True)
    packed = client.get(
        "/sparql", query_string=LONG, headers={"Accept-Encoding": coding}, buffered=True
    )
    assert packed.headers["Content-Encoding"] == coding
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert int(plain.headers["Content-Length"]) == len(plain.data) > 3000
    assert UNDO[coding](packed.data) == plain.data
