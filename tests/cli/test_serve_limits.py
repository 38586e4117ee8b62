"""A server under limits, over sockets: what is ended, what is cut, and who hung up."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

LIMITS = {
    "--query-time": "3",
    "--max-rows": "150",
    "--buffer-bytes": "16000",
    "--query-memory": str(128 << 20),
    "--stop-seconds": "1",
    "--log-format": "json",
    "--log-level": "info",
}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LONG = f"SELECT (CONCAT(?o, '{'x' * 2000}') AS ?x) {{ ?s ?p ?o }} ORDER BY ?s"


class Server:
    """A running server of 400 triples: its port and its process."""

    def __init__(self, file: Path, **more: str) -> None:
        options = [part for pair in (LIMITS | more).items() for part in pair]
        command = [sys.executable, "-m", "sparql_endpoint", "serve", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--data", str(file), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        greeting = self.process.stdout.readline() + self.process.stdout.readline()
        found = re.search(r":(\d+)/", greeting)
        assert found, self.process.communicate(timeout=5)
        self.port = int(found[1])

    def get(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        """Return the answer to a GET, and its body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)) as connection:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response, response.read()

    def figure(self, name: str) -> float:
        """Return a figure of /metrics."""
        _, body = self.get("/metrics")
        found = re.search(rf"^{re.escape(name)} (\S+)$", body.decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def stop(self) -> str:
        """Stop the server and return its log."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=20)[1]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of 400 triples."""
    path = tmp_path_factory.mktemp("data") / "many.nt"
    lines = [f'<https://e.org/{n:03}> <https://e.org/p> "{n}" .\n' for n in range(400)]
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server(file: Path) -> Iterator[Server]:
    """Return a server of the file."""
    running = Server(file)
    yield running
    running.stop()


def until(true: object, seconds: float = 5) -> bool:
    """Return whether a function comes true within some seconds."""
    assert callable(true)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_a_query_over_its_time_is_a_clean_503(server: Server) -> None:
    """A problem like any other, and the service goes on."""
    response, body = server.get(f"/sparql?query={quote(SLOW)}")
    assert (response.status, response.headers["Content-Type"]) == (503, "application/problem+json")
    problem = json.loads(body)
    assert problem["type"].endswith("/problem/query-timeout")
    assert "longer than 3 s" in problem["detail"]
    assert server.get("/sparql?query=ASK%7B%7D")[0].status == 200


HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
DEEP = f"SELECT ({'(' * 100_000}1{')' * 100_000} AS ?x) {{}}"


@pytest.mark.parametrize(
    ("query", "status", "problem"),
    [(HUGE, 503, "query-memory"), (DEEP, 400, "query-too-deep")],
    ids=["memory bomb", "100,000 parentheses"],
)
def test_a_bomb_costs_its_own_request_only(
    server: Server, query: str, status: int, problem: str
) -> None:
    """It is told what it was, and the next one is answered over the same connection."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=15)) as connection:
        told = {"Content-Type": "application/sparql-query"}
        connection.request("POST", "/sparql", query, told)
        response = connection.getresponse()
        body = json.loads(response.read())
        assert (response.status, body["type"].rpartition("/")[2]) == (status, problem)
        connection.request("POST", "/sparql", f"ASK {{}} # after {problem}", told)
        assert connection.getresponse().status == 200


def parts(server: Server, query: str, fmt: str) -> Iterator[list[str]]:
    """Yield the lines of an answer, part by part, as the links lead on to its end."""
    path = f"/sparql?query={quote(query)}&format={fmt}"
    while path:
        response, body = server.get(path)
        assert response.status == 200
        yield body.decode().splitlines()
        found = re.search(r'<\./([^>]+)>; rel="next"', response.headers.get("Link", ""))
        assert (response.headers["X-Result-Complete"] == "false") == bool(found)
        path = f"/{found[1]}" if found else ""


def test_an_answer_cut_before_its_first_byte_says_so(server: Server) -> None:
    """A proper document, but short: the header tells, and a link leads on to the rest."""
    found = list(parts(server, "SELECT ?o { ?s ?p ?o } ORDER BY ?s", "csv"))
    assert [len(part) for part in found] == [151, 151, 101]
    assert [row for part in found for row in part[1:]] == [str(n) for n in range(400)]


def test_a_graph_that_was_cut_leads_on_to_its_rest(server: Server) -> None:
    """Its parts overlap where a solution gives several triples, and together are all of it."""
    query = "CONSTRUCT { ?s ?p ?o . ?s <https://e.org/q> ?p } { ?s ?p ?o } ORDER BY ?s"
    found = list(parts(server, query, "ntriples"))
    assert [len(part) for part in found[:2]] == [150, 150]
    assert len({line for part in found for line in part}) == 800


def test_a_long_answer_that_is_cut_says_so_and_is_a_document(server: Server) -> None:
    """Nothing goes out before its end is known, however long it is: no client reads half of it."""
    response, body = server.get(f"/sparql?query={quote(LONG)}")
    assert (response.status, response.headers["X-Result-Complete"]) == (200, "false")
    assert int(response.headers["Content-Length"]) == len(body) > 300_000
    assert len(json.loads(body)["results"]["bindings"]) == 150


@pytest.mark.parametrize(
    ("more", "rows", "complete"), [("", 150, "false"), (" LIMIT 140", 140, "true")]
)
def test_a_long_answer_has_its_length_over_http_1_0(
    server: Server, more: str, rows: int, complete: str
) -> None:
    """RFC 9112, section 6.3: its end is told by its length, not by that of the connection."""
    request = f"GET /sparql?query={quote(LONG + more)}&format=csv HTTP/1.0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
        connection.sendall(request.encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        body = response.read()
    assert (response.status, response.headers["X-Result-Complete"]) == (200, complete)
    assert int(response.headers["Content-Length"]) == len(body)
    assert len(body.splitlines()) == rows + 1


def test_a_long_answer_within_the_limit_is_whole(server: Server) -> None:
    """Longer than the buffer, with just as many rows as it may have."""
    response, body = server.get(f"/sparql?query={quote(LONG + ' LIMIT 150')}")
    assert response.headers["X-Result-Complete"] == "true"
    assert len(json.loads(body)["results"]["bindings"]) == 150


def test_who_hangs_up_stops_the_query(server: Server) -> None:
    """Long before its time is over."""
    before = server.figure("forumgraph_killed_total")
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        slow = quote(SLOW + " # hang up")
        connection.sendall(f"GET /sparql?query={slow} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert until(lambda: server.figure("forumgraph_running") >= 1, 2.5)
    assert until(lambda: server.figure("forumgraph_running") == 0, 2.5)
    assert until(lambda: server.figure("forumgraph_killed_total") == before + 1)


def test_quick_queries_are_answered_beside_slow_ones(server: Server) -> None:
    """The slow ones have processes of their own."""
    slow = [
        threading.Thread(target=server.get, args=(f"/sparql?query={quote(f'{SLOW} # {n}')}",))
        for n in range(4)
    ]
    for thread in slow:
        thread.start()
    assert until(lambda: server.figure("forumgraph_running") >= 2, 2.5)
    for n in range(5):
        response, _ = server.get(f"/sparql?query={quote(f'ASK {{}} # {n}')}")
        assert response.status == 200
    for thread in slow:
        thread.join()


@pytest.mark.parametrize(("length", "status"), [(7900, 400), (8100, 414), (50_000, 414)])
def test_a_url_too_long_is_refused(server: Server, length: int, status: int) -> None:
    """RFC 9110, section 15.5.15: by the application or, beyond what is read at all, before it."""
    response, body = server.get(f"/sparql?query={'x' * length}")
    assert (response.status, response.headers["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    problem = json.loads(body)
    assert (problem["status"], problem["query_id"]) == (status, response.headers["X-Query-Id"])


HEAD = b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"secret nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00 secret\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nsecret : 1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nHost: secret\r\n\r\n", 400),
        (b"GET / HTTP/3.0\r\nHost: secret\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost: h\r\nExpect: secret\r\n\r\n", 417),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"secret" * 2000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: h\r\n" + b"X: secret\r\n" * 150 + b"\r\n", 431),
        (HEAD + b"Transfer-Encoding: secret\r\n\r\n", 501),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400),
        (HEAD + b"Content-Length: 90\r\n\r\nASK{}", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK{}\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n99\r\nASK{}", 400),
    ],
)
def test_what_is_no_request_is_a_problem_too(server: Server, sent: bytes, status: int) -> None:
    """RFC 9112, sections 2.2, 3, 6 and 8: an answer of our shape, which repeats nothing."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(connection)
        response.begin()
        body = response.read()
    assert (response.status, response.headers["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    problem = json.loads(body)
    assert (problem["status"], problem["query_id"]) == (status, response.headers["X-Query-Id"])
    assert (response.headers["X-Content-Type-Options"], b"secret" in body) == ("nosniff", False)


def test_a_header_of_a_proxy_is_not_believed_unasked(server: Server) -> None:
    """Neither by the application nor by what reads HTTP before it."""
    told = {"X-Forwarded-Proto": "https", "Forwarded": "proto=https;host=evil", "SCRIPT_NAME": "/x"}
    _, body = server.get("/openapi.json", **told)
    assert json.loads(body)["servers"] == [{"url": f"http://127.0.0.1:{server.port}"}]


def test_the_limit_on_rows_is_for_clients(tmp_path: Path) -> None:
    """What the service asks for its own descriptions and pages, it gets whole."""
    data = tmp_path / "few.nt"
    data.write_text("".join(f"<http://e/s> <http://e/p{n}> <http://e/o> .\n" for n in range(9)))
    running = Server(data, **{"--max-rows": "2"})
    described = [running.get(path, Accept="text/turtle") for path in ("/sparql", "/graphs")]
    void = running.get("/.well-known/void", Accept="application/n-triples")
    page = running.get("/", Accept="text/html")
    asked = running.get(f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}")
    running.stop()
    assert [answer.status for answer, _ in (*described, void, page)] == [200] * 4
    assert void[1].count(b"<http://rdfs.org/ns/void#property>") >= 9
    assert asked[0].headers["X-Result-Complete"] == "false"


def test_a_slow_query_is_told_that_the_server_stops(file: Path) -> None:
    """Not a dropped connection: a 503 that says when to come again."""
    running = Server(file, **{"--query-time": "30"})
    answers: list[tuple[http.client.HTTPResponse, bytes]] = []
    thread = threading.Thread(
        target=lambda: answers.append(running.get(f"/sparql?query={quote(SLOW)}"))
    )
    thread.start()
    assert until(lambda: running.figure("forumgraph_running") >= 1)
    log = running.stop()
    thread.join()
    response, body = answers[0]
    assert (response.status, response.headers["Retry-After"]) == (503, "10")
    query_id = json.loads(body)["query_id"]
    entries = [json.loads(line) for line in log.splitlines()]
    assert any(entry.get("query_id") == query_id for entry in entries)
    assert running.process.returncode == 0
