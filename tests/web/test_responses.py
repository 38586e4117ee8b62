"""Answers that stream: what fails before the first byte, and what is cut behind it."""

import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store, parse

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.errors import ResultTooLargeError
from sparql_endpoint.query.formats import RDF_FORMATS
from sparql_endpoint.app import create_app
from sparql_endpoint.query.evaluation import Answer, InProcessRunner, Question
from sparql_endpoint.endpoint.service import About


class Streaming:
    """A runner whose answer comes in chunks and then fails."""

    def __init__(self, *chunks: bytes, graph: bool = False) -> None:
        self.chunks, self.graph = chunks, graph

    def run(self, question: Question) -> Answer:
        def chunks() -> Iterator[bytes]:
            yield from self.chunks
            raise ResultTooLargeError("the result is too large")

        return Answer(self.graph, chunks(), complete=None, rows=None)


def client(about: About, *chunks: bytes, graph: bool = False) -> FlaskClient:
    """Return a client of an application whose answers are cut behind some chunks."""
    return create_app(Streaming(*chunks, graph=graph), about).test_client()


@pytest.mark.parametrize("chunks", [(), (b"{",)])
def test_what_is_cut_before_its_first_byte_is_a_problem(
    about: About, chunks: tuple[bytes, ...]
) -> None:
    """The last chunk is held back until the end is known, so one alone has not gone out."""
    answer = client(about, *chunks).get("/sparql?query=ASK%7B%7D")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert json.loads(answer.data)["detail"] == "the result is too large"


QUERIES = {False: "SELECT * { ?s ?p ?o }", True: "CONSTRUCT WHERE { ?s ?p ?o }"}


def received(asked: FlaskClient, fmt: str, coding: str = "") -> bytes:
    """Return the bytes that a client gets of an answer that is cut on its way."""
    headers = {"Accept-Encoding": coding}
    answer = asked.get(f"/sparql?query=ASK%7B%7D&format={fmt}", headers=headers, buffered=False)
    assert answer.headers["X-Result-Complete"] == "unknown"
    got: list[bytes] = []
    with pytest.raises(ResultTooLargeError):
        got.extend(part for part in answer.response if isinstance(part, bytes))
    return b"".join(got)


def document(store: Store, about: About, fmt: str, *, graph: bool) -> bytes:
    """Return what a client gets of a document in three chunks that is cut at its end."""
    question = Question(QUERIES[graph], result_format=fmt, graph_format=fmt)
    body = b"".join(InProcessRunner(store).run(question).chunks)
    third = len(body) // 3
    chunks = (body[:third], body[third : 2 * third], body[2 * third :])
    return received(client(about, *chunks, graph=graph), fmt)


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_solutions_that_were_cut_are_no_document(store: Store, about: About, fmt: str) -> None:
    """SPARQL 1.1 Query Results JSON, and XML: what stays open is rejected by a parser."""
    body = document(store, about, fmt, graph=False)
    assert len(body) > 50
    with pytest.raises((SyntaxError, ValueError)):
        ET.fromstring(body) if fmt == "xml" else json.loads(body)


@pytest.mark.parametrize("fmt", ["rdfxml", "jsonld"])
def test_triples_that_were_cut_are_no_document(store: Store, about: About, fmt: str) -> None:
    """RDF/XML and JSON-LD alike."""
    body = document(store, about, fmt, graph=True)
    assert len(body) > 50
    with pytest.raises((SyntaxError, ValueError)):
        list(parse(body, RDF_FORMATS[fmt].engine))


def test_lines_that_were_cut_lack_the_end_of_their_coding(about: About) -> None:
    """RFC 1952, section 2.3: gzip tells its end, also of a format that is mere lines."""
    lines = [f"{sha256(bytes([n % 256, n // 256])).hexdigest()}\r\n" for n in range(20_000)]
    chunks = ["".join(lines[n : n + 5000]).encode() for n in range(0, 20_000, 5000)]
    with pytest.raises(EOFError):
        gzip.decompress(received(client(about, *chunks), "csv", "gzip"))
