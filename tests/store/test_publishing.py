"""Loading into another server, a real one."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sparql_endpoint.errors import DataError, RdfSyntaxError, RemoteError
from sparql_endpoint.store.publishing import publish
from sparql_endpoint.store.remote import RemoteStore

PROGRAM = shutil.which("oxigraph", path=str(Path(sys.executable).parent))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start Oxigraph's own server in memory, and return its address."""
    assert PROGRAM, "the test group installs oxigraph"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [PROGRAM, "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            httpx.get(address)
            break
        except httpx.TransportError:
            time.sleep(0.02)
    yield address
    process.terminate()
    process.wait()


def objects(server: str, where: str) -> list[str]:
    """Return the objects of the statements that a pattern finds."""
    store = RemoteStore(f"{server}/query")
    solutions = store.query(f"SELECT ?o {{ {where} }} ORDER BY ?o")
    found = [str(solution["o"]) for solution in solutions]  # type: ignore[union-attr]
    store.close()
    return found


def test_files_fill_the_graphs_they_name(server: str, tmp_path: Path) -> None:
    """Triples reach the default graph, quads the graphs they name."""
    triples, quads = tmp_path / "t.ttl", tmp_path / "q.nq"
    triples.write_text("<http://e/s> <http://e/p> <http://e/1> .")
    quads.write_text("<http://e/s> <http://e/p> <http://e/2> <http://e/g> .\n")
    assert publish([triples, quads], f"{server}/store").statements == 2
    assert objects(server, "?s ?p ?o") == ["<http://e/1>"]
    assert objects(server, "GRAPH <http://e/g> { ?s ?p ?o }") == ["<http://e/2>"]


def test_a_graph_is_replaced(server: str, tmp_path: Path) -> None:
    """What the graph held before is gone; other graphs stay."""
    first, second = tmp_path / "1.nq", tmp_path / "2.nq"
    first.write_text("<http://e/s> <http://e/p> <http://e/1> <http://e/r> .\n")
    second.write_text("<http://e/s> <http://e/p> <http://e/2> <http://e/r> .\n")
    publish([first], f"{server}/store")
    publish([second], f"{server}/store")
    assert objects(server, "GRAPH <http://e/r> { ?s ?p ?o }") == ["<http://e/2>"]


def test_a_file_that_does_not_parse_sends_nothing(server: str, tmp_path: Path) -> None:
    """The good file beside it is not sent either."""
    good, bad = tmp_path / "good.nq", tmp_path / "bad.nq"
    good.write_text("<http://e/s> <http://e/p> <http://e/1> <http://e/never> .\n")
    bad.write_text("<http://e/s> oops\n")
    with pytest.raises(RdfSyntaxError):
        publish([good, bad], f"{server}/store")
    assert objects(server, "GRAPH <http://e/never> { ?s ?p ?o }") == []


def test_a_graph_without_an_iri_is_refused(server: str, tmp_path: Path) -> None:
    """The protocol names graphs by IRI."""
    file = tmp_path / "blank.nq"
    file.write_text("<http://e/s> <http://e/p> <http://e/1> _:g .\n")
    with pytest.raises(DataError, match="has no IRI"):
        publish([file], f"{server}/store")


def test_a_server_that_refuses_is_told_with_what_was_done(server: str, tmp_path: Path) -> None:
    """The message says which graphs were replaced before."""
    file = tmp_path / "t.nt"
    file.write_text("<http://e/s> <http://e/p> <http://e/1> .\n")
    with pytest.raises(RemoteError, match=r"refused the graph \(default\): 404.*nothing was"):
        publish([file], f"{server}/nowhere")


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The message names the address."""
    file = tmp_path / "t.nt"
    file.write_text("<http://e/s> <http://e/p> <http://e/1> .\n")
    with pytest.raises(RemoteError, match=r"http://127\.0\.0\.1:9/store cannot be reached"):
        publish([file], "http://127.0.0.1:9/store")
