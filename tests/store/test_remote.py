"""Asking another server, and what becomes of its failures."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import ClassVar, cast
from urllib.parse import parse_qs

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Store
from serving import serving

from sparql_endpoint.errors import (
    QueryError,
    RemoteBusyError,
    RemoteError,
    RemoteTimeoutError,
)
from sparql_endpoint.query.merge import Dataset
from sparql_endpoint.query.run import ask
from sparql_endpoint.store.remote import RemoteStore, credentials

JSON = "application/sparql-results+json"
ONE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://e/1"}}]}}'


@dataclass
class Script:
    """What the stand-in answers, and what it was asked."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})
    body: bytes = ONE
    length: int | None = None
    silent: bool = False
    held_back: bytes = b""
    """What comes behind the body, when the test says so."""
    go_on: Event = field(default_factory=Event)
    all_sent: Event = field(default_factory=Event)
    moves: dict[str, str] = field(default_factory=dict)
    """Where a request for a path is redirected to, permanently."""
    digest: bool = False
    """Whether a login by Digest is asked for, as Virtuoso does."""
    connections: int = 0
    path: str = ""
    asked: dict[str, list[str]] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)


class Handler(BaseHTTPRequestHandler):
    """Answers every POST by the script."""

    script: ClassVar[Script]
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Count the connection."""
        super().setup()
        self.script.connections += 1

    def do_POST(self) -> None:
        """Answer as the script says."""
        script = self.script
        script.sent, script.path = dict(self.headers), self.path
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        script.asked = parse_qs(body, keep_blank_values=True)
        if script.silent:
            self.rfile.read(1)
            return
        if self.path in script.moves:
            self._refuse(308, "Location", script.moves[self.path])
            return
        login = self.headers.get("Authorization", "")
        if script.digest and not login.startswith("Digest "):
            self._refuse(401, "WWW-Authenticate", "" if login else _DEMAND)
            return
        self.send_response_only(script.status)
        for name, value in script.headers.items():
            self.send_header(name, value)
        length = script.length or len(script.body) + len(script.held_back)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(script.body)
        if script.held_back:
            script.go_on.wait(5)
            script.all_sent.set()
            self.wfile.write(script.held_back)
        self.close_connection = script.length is not None

    def do_HEAD(self) -> None:
        """Ask for a login, or answer nothing."""
        if self.script.digest and "Authorization" not in self.headers:
            self._refuse(401, "WWW-Authenticate", _DEMAND)
        else:
            self._refuse(200, "Allow", "HEAD, POST")

    def _refuse(self, status: int, name: str, value: str) -> None:
        self.send_response_only(status)
        self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


_DEMAND = 'Digest realm="SPARQL", nonce="06d3927b", qop="auth", algorithm="MD5"'


@pytest.fixture
def script() -> Iterator[Script]:
    """Let a test say what the server behind answers."""
    Handler.script = Script()
    yield Handler.script
    del Handler.script


@pytest.fixture
def store(script: Script) -> Iterator[RemoteStore]:
    """Start a stand-in for a SPARQL server and ask it with little patience."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with serving(server):
        store = RemoteStore(f"http://127.0.0.1:{server.server_port}/sparql", timeout=0.5)
        yield store
        store.close()


def test_solutions_come_from_the_server(store: RemoteStore) -> None:
    """A SELECT gives solutions as the engine's own store does."""
    solutions = store.query("SELECT ?s {}")
    assert isinstance(solutions, QuerySolutions)
    assert [str(solution["s"]) for solution in solutions] == ["<http://e/1>"]


def test_truth_comes_from_the_server(store: RemoteStore, script: Script) -> None:
    """An ASK gives a truth value."""
    script.body = b'{"head":{},"boolean":true}'
    answer = store.query("ASK {}")
    assert isinstance(answer, QueryBoolean)
    assert bool(answer)


def test_triples_come_from_the_server(store: RemoteStore, script: Script) -> None:
    """A CONSTRUCT gives triples, from whichever RDF format the server chose."""
    script.headers = {"Content-Type": "text/turtle; charset=utf-8"}
    script.body = b"<http://e/s> <http://e/p> 1, 2 ."
    triples = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert len(list(triples)) == 2  # type: ignore[arg-type]
    assert script.sent["Accept"].startswith("application/n-triples")


def test_prefixes_known_here_are_declared_there(store: RemoteStore, script: Script) -> None:
    """Only those that the query uses and does not declare itself."""
    known = {"a": "http://a/", "b": "http://b/", "c": "http://c/"}
    store.query("PREFIX a: <http://own/> SELECT ?s { a:x b:y ?s }", prefixes=known)
    assert script.asked["query"] == [
        "PREFIX b: <http://b/> PREFIX a: <http://own/> SELECT ?s { a:x b:y ?s }"
    ]


def test_the_dataset_of_the_protocol_is_passed_on(store: RemoteStore, script: Script) -> None:
    """default-graph-uri and named-graph-uri reach the server as they came."""
    graphs = [NamedNode("http://e/g"), NamedNode("http://e/h")]
    store.query("SELECT ?s {}", default_graph=graphs, named_graphs=graphs[1:])
    assert script.asked["default-graph-uri"] == ["http://e/g", "http://e/h"]
    assert script.asked["named-graph-uri"] == ["http://e/h"]


def test_a_server_that_refuses_the_query_is_quoted(store: RemoteStore, script: Script) -> None:
    """400 is the fault of the query, and the server says which."""
    script.status, script.body = 400, b"no such\n function"
    with pytest.raises(QueryError, match="the server behind refuses the query: no such function"):
        store.query("SELECT ?s {}")


@pytest.mark.parametrize("status", [301, 401, 404, 500, 503])
def test_a_server_that_fails_is_a_bad_gateway(
    store: RemoteStore, script: Script, status: int
) -> None:
    """Every other status is told with its number; redirects to elsewhere are not followed."""
    script.status = status
    script.headers["Location"] = "http://127.0.0.1:9/elsewhere"
    with pytest.raises(RemoteError, match=f"answered {status}"):
        store.query("SELECT ?s {}")


def test_a_server_that_ran_out_of_time_is_a_gateway_timeout(
    store: RemoteStore, script: Script
) -> None:
    """Its own 504 stays one."""
    script.status = 504
    with pytest.raises(RemoteTimeoutError):
        store.query("SELECT ?s {}")


def test_a_server_that_is_silent_is_a_gateway_timeout(store: RemoteStore, script: Script) -> None:
    """After the seconds given, not later."""
    script.silent = True
    with pytest.raises(RemoteTimeoutError, match="did not answer in time"):
        store.query("SELECT ?s {}")


def test_a_server_that_is_not_there_is_a_bad_gateway() -> None:
    """The message names the address."""
    store = RemoteStore("http://127.0.0.1:9/sparql")
    with pytest.raises(RemoteError, match=r"http://127\.0\.0\.1:9/sparql cannot be asked"):
        store.query("ASK {}")
    store.close()


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/html", b"<html><body>Welcome</body></html>"),
        (JSON, b"<html><body>Welcome</body></html>"),
        (JSON, ONE[:40]),
        (JSON, b""),
    ],
)
def test_what_is_no_result_is_not_passed_on(
    store: RemoteStore, script: Script, media_type: str, body: bytes
) -> None:
    """A page of HTML, half an answer and an empty one are each told as the server's failure."""
    script.headers, script.body = {"Content-Type": media_type}, body
    with pytest.raises((RemoteError, SyntaxError)):
        list(store.query("SELECT ?s {}"))  # type: ignore[arg-type]


def test_triples_that_break_off_are_told(store: RemoteStore, script: Script) -> None:
    """What came before the break is no whole graph."""
    script.headers = {"Content-Type": "application/n-triples"}
    script.body = b"<http://e/s> <http://e/p> <http://e/o> .\n<http://e/s> <http"
    with pytest.raises(RemoteError, match="no whole answer"):
        list(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]


def test_a_connection_that_closes_midway_is_told(store: RemoteStore, script: Script) -> None:
    """A body shorter than its Content-Length is half an answer."""
    script.headers = {"Content-Type": "application/n-triples"}
    script.body, script.length = b"<http://e/s> <http://e/p> <http://e/o> .\n", 1000
    with pytest.raises(RemoteError, match="no whole answer"):
        list(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]


def test_rdf_of_an_unknown_type_is_told(store: RemoteStore, script: Script) -> None:
    """A graph must come as RDF."""
    script.headers = {"Content-Type": "text/html"}
    with pytest.raises(RemoteError, match="no RDF"):
        store.query("CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize("mark", ["X-SQL-State", "X-SPARQL-MaxRows"])
def test_an_answer_that_virtuoso_cut_is_not_passed_off_as_whole(
    store: RemoteStore, script: Script, mark: str
) -> None:
    """It says so in a header and answers 200 all the same."""
    script.headers[mark] = "1"
    with pytest.raises(RemoteError, match="cut its answer"):
        store.query("SELECT ?s {}")


def test_an_answer_that_virtuoso_cut_by_its_time_is_a_gateway_timeout(
    store: RemoteStore, script: Script
) -> None:
    """It says which of its limits it was."""
    script.headers["X-SQL-State"] = "S1TAT"
    with pytest.raises(RemoteTimeoutError, match="ran out of time"):
        store.query("SELECT ?s {}")


@pytest.mark.parametrize(
    ("server", "told"), [("Virtuoso/07.20.3229 (Linux) x86_64", ["500"]), ("Oxigraph/0.5", None)]
)
def test_a_server_that_takes_a_time_limit_is_told_ours(
    store: RemoteStore, script: Script, server: str, told: list[str] | None
) -> None:
    """In its own unit, as soon as it has said who it is; nobody else is sent what may mislead."""
    script.headers["Server"] = server
    for expected in (None, told):
        store.query("SELECT ?s {}")
        assert script.asked.get("timeout") == expected


def test_a_url_may_have_parameters_of_its_own(store: RemoteStore, script: Script) -> None:
    """So an operator passes on what a server takes, whatever it is called there."""
    own = RemoteStore(f"{store.url}?timeout=9s")
    own.query("SELECT ?s {}")
    own.close()
    assert script.path.endswith("/sparql?timeout=9s")
    assert "query" in script.asked


def test_connections_are_used_again(store: RemoteStore, script: Script) -> None:
    """A question does not wait for a new one."""
    for _ in range(5):
        list(store.query("SELECT ?s {}"))  # type: ignore[arg-type]  # solutions
    assert script.connections == 1


def test_triples_are_there_before_the_last_has_come(store: RemoteStore, script: Script) -> None:
    """What is large is not held: the first triples are read while the server still sends."""
    script.headers = {"Content-Type": "application/n-triples"}
    line = b"<http://e/s> <http://e/p> <http://e/o> .\n"
    script.body, script.held_back = line * 9_999, line
    triples = iter(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]
    next(triples)
    assert not script.all_sent.is_set()
    script.go_on.set()
    assert len(list(triples)) == 9_999


def test_credentials_come_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token wins over user and password; without any there is no header."""
    assert credentials() == {}
    monkeypatch.setenv("FORUMGRAPH_STORE_USER", "ada")
    monkeypatch.setenv("FORUMGRAPH_STORE_PASSWORD", "lovelace")
    assert credentials() == {"Authorization": "Basic YWRhOmxvdmVsYWNl"}
    monkeypatch.setenv("FORUMGRAPH_STORE_TOKEN", "secret")
    assert credentials() == {"Authorization": "Bearer secret"}


@pytest.mark.parametrize("target", ["/new", "{base}/new"])
def test_a_store_that_moved_within_its_host_is_followed(
    store: RemoteStore, script: Script, target: str
) -> None:
    """The query is sent again as it was, and the next one goes there at once."""
    base = store.url.removesuffix("/sparql")
    script.moves = {"/sparql": "/between", "/between": target.format(base=base)}
    for _ in range(2):
        assert len(list(store.query("SELECT ?s {}"))) == 1  # type: ignore[arg-type]  # solutions
        assert script.path == "/new"
    assert script.asked["query"] == ["SELECT ?s {}"]
    assert store.url == f"{base}/new"


@pytest.mark.parametrize("target", ["https://elsewhere.example/sparql", "https://127.0.0.1/sparql"])
def test_a_store_that_moved_away_is_told_with_its_new_address(
    store: RemoteStore, script: Script, target: str
) -> None:
    """Credentials do not go to another host or port; the operator gives the address."""
    script.moves = {"/sparql": target}
    with pytest.raises(RemoteError, match=f"it has moved; give --store {target}"):
        store.query("SELECT ?s {}")


def test_a_store_that_moves_in_circles_is_told(store: RemoteStore, script: Script) -> None:
    """It is followed three times and no more."""
    script.moves = {"/sparql": "/other", "/other": "/sparql"}
    with pytest.raises(RemoteError, match="it has moved"):
        store.query("SELECT ?s {}")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["17", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_store_that_asks_to_come_back_later_is_told_with_when(
    store: RemoteStore, script: Script, status: int, after: str
) -> None:
    """429 (RFC 6585, section 4) and 503 (RFC 9110, section 15.6.4) go on with their Retry-After."""
    script.status, script.headers["Retry-After"] = status, after
    with pytest.raises(RemoteBusyError, match="for now") as raised:
        store.query("SELECT ?s {}")
    assert (raised.value.http_status, raised.value.retry_after) == (status, after)


def test_a_store_that_wants_digest_gets_it(
    store: RemoteStore, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Virtuoso refuses Basic without a word of what it wants, and is asked."""
    script.digest = True
    with pytest.raises(RemoteError, match="answered 401"):
        store.query("SELECT ?s {}")
    monkeypatch.setenv("FORUMGRAPH_STORE_USER", "dba")
    monkeypatch.setenv("FORUMGRAPH_STORE_PASSWORD", "secret")
    own = RemoteStore(store.url)
    for _ in range(2):
        assert len(list(own.query("SELECT ?s {}"))) == 1  # type: ignore[arg-type]  # solutions
    assert script.sent["Authorization"].startswith('Digest username="dba"')
    own.close()


def test_a_value_that_is_no_rdf_is_noted(store: RemoteStore, script: Script) -> None:
    """The notices are those of the last answer."""
    script.body = ONE.replace(b"http://e/1", b"http://e/a b")
    (solution,) = store.query("SELECT ?s {}")  # type: ignore[misc]  # solutions
    assert solution["s"] is None
    assert ["<http://e/a b>" in notice.text for notice in store.notices] == [True]
    script.body = ONE
    list(store.query("SELECT ?s {}"))  # type: ignore[arg-type]  # solutions
    assert store.notices == []


def test_a_boolean_that_was_cut_is_no_answer(store: RemoteStore, script: Script) -> None:
    """In JSON and in XML alike."""
    for kind, body in (
        (JSON, b'{"head":{},"boolean":true'),
        (
            "application/sparql-results+xml",
            b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true',
        ),
    ):
        script.headers, script.body = {"Content-Type": kind}, body
        with pytest.raises(RemoteError, match="no whole answer"):
            store.query("ASK {}")


def test_a_graph_in_xml_that_was_cut_is_no_answer(store: RemoteStore, script: Script) -> None:
    """Also where it was cut between two elements."""
    script.headers = {"Content-Type": "application/rdf+xml"}
    script.body = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        b'<rdf:Description rdf:about="http://e/a"><e:p>x</e:p></rdf:Description>'
    )
    with pytest.raises(RemoteError, match="no whole answer"):
        list(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]


def test_a_statement_with_an_odd_term_costs_itself_and_a_notice(
    store: RemoteStore, script: Script
) -> None:
    """The rest of the graph is right, and the notice has the statement."""
    script.headers = {"Content-Type": "application/n-triples"}
    good = b"<http://e/s> <http://e/p> <http://e/o> .\n"
    script.body = good + b"<http://e/s> <http://e/p> <http://e/a b> .\n" + good
    triples = list(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]  # triples
    assert len(triples) == 2
    (notice,) = store.notices
    assert "<http://e/a b> . is left out" in notice.text


@pytest.mark.parametrize("text", [b"java.util.concurrent.TimeoutException\n", b"<http://e/s> <h"])
def test_a_graph_with_an_error_in_it_is_no_answer(
    store: RemoteStore, script: Script, text: bytes
) -> None:
    """What is no statement is no odd term."""
    script.headers = {"Content-Type": "application/n-triples"}
    script.body = b"<http://e/s> <http://e/p> <http://e/o> .\n" + text
    with pytest.raises(RemoteError, match="no whole answer"):
        list(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]  # triples


def test_a_query_warns_of_what_was_left_out(store: RemoteStore, script: Script) -> None:
    """The warnings are those of the query when its answer has been read."""
    script.body = ONE.replace(b"http://e/1", b"http://e/a b")
    dataset = Dataset(cast("Store", store))  # it stands in for one
    results, notices = ask(dataset, "SELECT ?s {}", {}, None)
    list(results)  # type: ignore[arg-type]  # solutions
    assert [notice.code for notice in notices] == ["remote-value"]
