"""A real Virtuoso behind: what it answers in its own way comes out as the recommendations say."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, RdfFormat, parse, serialize

from benchmarks.peers import Virtuoso
from sparql_endpoint.errors import RemoteError
from sparql_endpoint.store.publishing import publish
from sparql_endpoint.store.remote import RemoteStore

CASE = Path(__file__).parent / "cases" / "address.ttl"
FORUMGRAPH = [sys.executable, "-m", "sparql_endpoint"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """Serve the case by Virtuoso."""
    if Virtuoso.path() is None:
        if os.environ.get("CI"):
            pytest.fail("CI must install virtuoso-t")
        pytest.skip("virtuoso-t is not installed")
    folder = tmp_path_factory.mktemp("virtuoso")
    data = folder / "data.nt"
    triples = (quad.triple for quad in parse(path=CASE, format=RdfFormat.TURTLE))
    data.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    peer = Virtuoso(folder)
    peer.start(data)
    yield peer
    peer.stop()


@pytest.fixture
def store(server: Virtuoso) -> Iterator[RemoteStore]:
    """Ask it."""
    store = RemoteStore(server.url)
    yield store
    store.close()


def found(store: RemoteStore, query: str) -> list[tuple[object, ...]]:
    """Return the rows of an answer."""
    return [tuple(solution) for solution in store.query(query)]  # type: ignore[union-attr]


def test_a_blank_node_comes_through(store: RemoteStore) -> None:
    """Virtuoso labels it nodeID://b1, which is no label elsewhere; twice in a row it is one."""
    query = "SELECT ?s ?o { <http://e/a> <http://e/address> ?s . ?s ?p ?city . BIND (?s AS ?o) }"
    for one, same in found(store, query):
        assert isinstance(one, BlankNode)
        assert one == same


@pytest.mark.parametrize(("thing", "there"), [("T", True), ("Other", False)])
def test_an_ask_is_answered_by_a_boolean(store: RemoteStore, thing: str, *, there: bool) -> None:
    """Virtuoso sends the table of one cell that is its own."""
    answer = store.query(f"ASK {{ ?s a <http://e/{thing}> }}")
    assert bool(answer) is there


def test_a_description_has_the_blank_node(store: RemoteStore) -> None:
    """DESCRIBE gives triples."""
    triples = list(store.query("DESCRIBE <http://e/a>"))  # type: ignore[arg-type]  # triples
    assert any(isinstance(triple.object, BlankNode) for triple in triples)


def test_graphs_are_loaded_with_a_login_by_digest(
    server: Virtuoso, store: RemoteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its graph store takes Digest alone; what is wrong with the login is told."""
    quads = tmp_path / "q.nq"
    quads.write_text('<http://e/s> <http://e/p> "x" <http://e/g> .\n')
    address = server.url.replace("/sparql", "/sparql-graph-crud-auth")
    monkeypatch.setenv("FORUMGRAPH_STORE_USER", "dba")
    monkeypatch.setenv("FORUMGRAPH_STORE_PASSWORD", "wrong")
    with pytest.raises(RemoteError, match=r"401 Unauthorized.*nothing was replaced"):
        publish([quads], address)
    monkeypatch.setenv("FORUMGRAPH_STORE_PASSWORD", "dba")
    assert publish([quads], address).statements == 1
    assert found(store, "SELECT ?o { GRAPH <http://e/g> { ?s ?p ?o } }") == [(Literal("x"),)]


def test_what_the_service_says_of_it_is_right(server: Virtuoso) -> None:
    """Descriptions, graphs, dumps and counts: ``doctor`` finds nothing wrong."""
    command = [*FORUMGRAPH, "serve", "--port", "0", "--store", server.url]
    command += ["--requests-per-second", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.findall(r"http://[^/]*/", process.stdout.readline())[-1]
        try:
            told = subprocess.run(
                [*FORUMGRAPH, "doctor", address], check=False, capture_output=True, text=True
            )
        finally:
            process.terminate()
            process.wait(20)
    assert "none wrong" in told.stdout
    assert told.returncode == 0
