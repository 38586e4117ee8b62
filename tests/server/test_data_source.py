"""Datasets from files, from disk and from another server, behind the one application."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Store
from running_server import RunningServer, running
from serving import serving as threaded

from sparql_endpoint.errors import NotFoundError, UsageError
from sparql_endpoint.limits import Limits
from sparql_endpoint.server import data_source
from sparql_endpoint.server.data_source import DataSource
from sparql_endpoint.store.loading import load

ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
LIMITS = Limits(query_time=60, quick_places=2)


@contextmanager
def serving(source: DataSource) -> Iterator[tuple[RunningServer, httpx.Client]]:
    """Serve ``source`` to a client."""
    with (
        running(Path(), LIMITS, source=source, dataset=source.dataset()) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client,
    ):
        yield server, client


def objects(client: httpx.Client, query: str = ALL) -> list[str]:
    """Return the values of ?o."""
    response = client.get("/sparql", params={"query": query})
    assert response.status_code == 200, response.text
    return [row["o"]["value"] for row in json.loads(response.content)["results"]["bindings"]]


def write(path: Path, *lines: str) -> Path:
    """Write N-Quads."""
    path.write_text("".join(f"{line} .\n" for line in lines))
    return path


@pytest.fixture
def quads(tmp_path: Path) -> Path:
    """Write a file with one statement in each of two graphs, one of them in both."""
    return write(
        tmp_path / "quads.nq",
        '<http://e/s> <http://e/p> "1" <http://e/g>',
        '<http://e/s> <http://e/p> "1" <http://e/h>',
        '<http://e/s> <http://e/p> "2" <http://e/h>',
    )


def test_quads_stay_in_their_graphs(quads: Path) -> None:
    """The default graph of somebody's quads is the one that they fill, and here it is empty."""
    with serving(DataSource((quads,))) as (_, client):
        assert objects(client) == []
        assert objects(client, "SELECT ?o { GRAPH <http://e/g> { ?s ?p ?o } }") == ["1"]


def test_the_default_graph_can_be_the_merge_of_all(quads: Path) -> None:
    """With the union asked for, a triple that stands in two graphs is there once."""
    with serving(DataSource((quads,), union=True)) as (_, client):
        assert objects(client) == ["1", "2"]


def test_a_store_on_disk_is_served(tmp_path: Path) -> None:
    """What was loaded there is what is answered."""
    load([write(tmp_path / "a.nq", '<http://e/s> <http://e/p> "a"')], tmp_path / "store")
    with serving(DataSource(store=str(tmp_path / "store"))) as (_, client):
        assert objects(client) == ["a"]


def test_a_store_that_oxigraph_made_is_served(tmp_path: Path) -> None:
    """A folder that another program of Oxigraph's filled needs no loading."""
    store = Store(str(tmp_path / "store"))
    store.load(b'<http://e/s> <http://e/p> "a" .', format=RdfFormat.N_TRIPLES)
    store.flush()
    del store
    with serving(DataSource(store=str(tmp_path / "store"))) as (_, client):
        assert objects(client) == ["a"]


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The error says how to make one."""
    with pytest.raises(NotFoundError, match="forumgraph load FILE --store"):
        DataSource(store=str(tmp_path / "absent")).dataset()


@pytest.mark.parametrize(
    "origin",
    [
        DataSource((Path("a.ttl"),), store="b"),
        DataSource(store="b", union=True),
        DataSource(union=True),
    ],
)
def test_what_does_not_go_together_is_refused(origin: DataSource) -> None:
    """Files and a store, or a union without files: the error says what to do."""
    with pytest.raises(UsageError, match="--data"):
        origin.dataset()


@pytest.fixture(scope="module")
def oxigraph(oxigraph_server: str) -> str:
    """Return the endpoint of a server with a statement in its default graph and one in another."""
    body = b'<http://e/s> <http://e/p> "d" .\n<http://e/s> <http://e/p> "g" <http://e/g> .\n'
    httpx.post(
        f"{oxigraph_server}/store", content=body, headers={"Content-Type": "application/n-quads"}
    ).raise_for_status()
    return f"{oxigraph_server}/query"


def test_another_server_is_served(oxigraph: str) -> None:
    """Its answers come in every format and within our limits, and are kept by nobody."""
    with serving(DataSource(store=oxigraph)) as (_, client):
        assert objects(client) == ["d"]
        response = client.get("/sparql", params={"query": ALL, "format": "csv"})
        assert response.content == b"o\r\nd\r\n"
        assert "ETag" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"


def test_another_server_is_asked_of_the_graphs_named(oxigraph: str) -> None:
    """FROM and default-graph-uri reach it."""
    with serving(DataSource(store=oxigraph)) as (_, client):
        assert objects(client, "SELECT ?o FROM <http://e/g> { ?s ?p ?o }") == ["g"]
        asked = {"query": ALL, "default-graph-uri": "http://e/g"}
        found = json.loads(client.get("/sparql", params=asked).content)
        assert [row["o"]["value"] for row in found["results"]["bindings"]] == ["g"]


def test_triples_of_another_server_come_in_every_rdf_format(oxigraph: str) -> None:
    """They are parsed and written anew."""
    with serving(DataSource(store=oxigraph)) as (_, client):
        asked = {"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "ntriples"}
        assert client.get("/sparql", params=asked).content == b'<http://e/s> <http://e/p> "d" .\n'


def test_another_server_has_files(oxigraph: str) -> None:
    """They hold what it has, each statement in its graph."""
    with serving(DataSource(store=oxigraph)) as (_, client):
        path = "/dump/latest.nq"
        lines = client.get(path, follow_redirects=True).content.splitlines()
    assert lines == [
        b'<http://e/s> <http://e/p> "d" .',
        b'<http://e/s> <http://e/p> "g" <http://e/g> .',
    ]


def test_another_server_that_is_not_there_is_a_bad_gateway() -> None:
    """502, with the reason in the problem."""
    with serving(DataSource(store="http://127.0.0.1:9/query")) as (_, client):
        response = client.get("/sparql", params={"query": ALL})
        assert (response.status_code, response.headers["content-type"]) == (
            502,
            "application/problem+json",
        )
        assert "cannot be asked" in response.text


class _Broken(BaseHTTPRequestHandler):
    """An endpoint that fails as its path says."""

    def do_POST(self) -> None:
        """Fail."""
        self.rfile.read(int(self.headers["Content-Length"]))
        kind, body = ANSWERS[self.path.strip("/")]
        if self.path == "/hangs":
            time.sleep(1.5)
        if not kind:
            return
        self.send_response(500 if self.path == "/fails" else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) + 100 * (self.path == "/short")))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


JSON = "application/sparql-results+json"
ROW = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"uri","value":"http://e/1"}}'
ANSWERS = {
    "dies": ("", b""),
    "hangs": ("", b""),
    "fails": ("text/plain", b"no"),
    "html": ("text/html", b"<p>Welcome"),
    "html-as-json": (JSON, b"<p>Welcome"),
    "half": (JSON, ROW),
    "short": (JSON, ROW + b"]}}"),
}


@pytest.mark.parametrize("way", ANSWERS)
def test_another_server_that_fails_is_told_cleanly(way: str) -> None:
    """One that dies, sends half an answer or HTML is a 502, one that hangs a 504; never its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Broken)
    origin = DataSource(store=f"http://127.0.0.1:{server.server_port}/{way}", patience=0.5)
    with threaded(server), serving(origin) as (_, client):
        response = client.get("/sparql", params={"query": ALL})
    assert response.status_code == (504 if way == "hangs" else 502)
    assert response.headers["content-type"] == "application/problem+json"
    assert "Welcome" not in response.text


@pytest.mark.parametrize("stored", [False, True])
def test_dumps_have_literals_as_they_were_written(tmp_path: Path, *, stored: bool) -> None:
    """Form and datatype are those of the file, though the store keeps the value."""
    line = '<http://e/s> <http://e/p> "5"^^<http://www.w3.org/2001/XMLSchema#int>'
    file = write(tmp_path / "a.nq", line)
    if stored:
        load([file], tmp_path / "store")
    origin = DataSource(store=str(tmp_path / "store")) if stored else DataSource((file,))
    with serving(origin) as (_, client):
        answer = client.get("/dump/latest.nt", follow_redirects=True)
    assert answer.text == f"{line} .\n"


def test_what_is_kept_by_value_is_told_at_the_start(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """How many literals, with an example, on standard error; nothing where there are none."""
    file = write(tmp_path / "a.nq", '<http://e/s> <http://e/p> "text"')
    data_source.load([file])
    assert capfd.readouterr().err == ""
    write(file, '<http://e/s> <http://e/p> "5"^^<http://www.w3.org/2001/XMLSchema#int>')
    data_source.load([file])
    assert '1 literal is stored by value and not as written ("5"^^xsd:int' in capfd.readouterr().err
