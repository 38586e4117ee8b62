"""Queries that never reach Flask are answered as Flask answers them."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import Client

from sparql_endpoint.limits import Limits
from sparql_endpoint.web.beginning import begin
from sparql_endpoint.web.direct import Direct
from sparql_endpoint.server.address import listen
from sparql_endpoint.server.data_source import Origin
from sparql_endpoint.web.responses import Reply
from sparql_endpoint.web.server import Server
from sparql_endpoint.web.serving import Serving
from sparql_endpoint.endpoint.settings import Settings

ROWS = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
FORM = "application/x-www-form-urlencoded"
OWN = {"x-query-id", "date", "connection", "transfer-encoding"}
"""Headers that differ from answer to answer, or are the server's own."""

REQUESTS: list[tuple[str, str, dict[str, str], str]] = [
    ("GET", f"/sparql?{urlencode({'query': ROWS})}", {}, ""),
    ("GET", f"/sparql/?{urlencode({'query': ROWS})}", {"Accept": "text/csv"}, ""),
    ("HEAD", f"/sparql?{urlencode({'query': ROWS, 'format': 'xml'})}", {}, ""),
    ("GET", f"/sparql?{urlencode({'query': ROWS})}", {"Accept-Encoding": "gzip"}, ""),
    ("GET", f"/sparql?{urlencode({'query': ROWS})}", {"If-None-Match": "*"}, ""),
    ("GET", f"/sparql?{urlencode({'query': ROWS})}", {"If-Match": '"x"'}, ""),
    ("GET", f"/sparql?{urlencode({'query': ROWS})}", {"Accept": "text/html"}, ""),
    ("GET", f"/sparql?{urlencode({'query': ROWS})}", {"Accept": "image/png"}, ""),
    ("GET", f"/sparql?{urlencode({'query': 'DESCRIBE <http://e/s>'})}", {}, ""),
    (
        "GET",
        f"/sparql?{urlencode({'query': 'ASK { GRAPH ?g {} }'})}",
        {"Accept": "text/turtle"},
        "",
    ),
    ("GET", f"/sparql?{urlencode({'query': 'SELECT ?n { BIND(RAND() < 2 AS ?n) }'})}", {}, ""),
    ("GET", f"/sparql?{urlencode({'query': 'SELECT *'})}", {}, ""),
    ("GET", f"/sparql?{urlencode({'query': 'ASK {}', 'default-graph-uri': 'x'})}", {}, ""),
    ("GET", "/sparql", {"Accept": "text/turtle"}, ""),
    ("POST", "/sparql", {"Content-Type": FORM}, urlencode({"query": ROWS})),
    ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, "ASK {}"),
    ("POST", "/sparql", {"Content-Type": "application/sparql-update"}, "CLEAR ALL"),
    ("PUT", "/sparql", {}, ""),
    ("OPTIONS", "/sparql", {}, ""),
]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Return an engine's application over 300 statements."""
    path = tmp_path_factory.mktemp("data") / "many.nt"
    lines = [f'<http://e/s> <http://e/p{n}> "value {n:03}" .\n' for n in range(300)]
    path.write_text("".join(lines), encoding="utf-8")
    served = Serving(
        begin(Origin((path,)), Limits(quick_places=2)), Settings(requests_per_second=0)
    )
    yield served
    served.stop(0)


@contextmanager
def over_http(serving: Serving) -> Iterator[int]:
    """Serve over HTTP, and give the port."""
    ready = threading.Event()
    listener = listen("127.0.0.1", 0)
    server = Server(serving, Settings(), ready.set)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    assert ready.wait(10)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture(scope="module")
def port(serving: Serving) -> Iterator[int]:
    """Return the port of a server in front of it."""
    with over_http(serving) as port:
        yield port


def _over_http(port: int, request: tuple[str, str, dict[str, str], str]) -> Any:
    method, target, headers, body = request
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, target, body or None, {"Accept-Encoding": "identity"} | headers)
    response = connection.getresponse()
    told = {name.lower(): value for name, value in response.getheaders()}
    answer = response.status, told, response.read()
    connection.close()
    return answer


def _by_flask(serving: Serving, port: int, request: tuple[str, str, dict[str, str], str]) -> Any:
    method, target, headers, body = request
    path, _, query = target.partition("?")
    response = Client(serving).open(
        path,
        method=method,
        query_string=query,
        data=body or None,
        headers={"Accept-Encoding": "identity", "Host": f"127.0.0.1:{port}"} | headers,
    )
    told = {name.lower(): value for name, value in response.headers.items()}
    return response.status_code, told, response.data


@pytest.mark.parametrize("request_", REQUESTS, ids=[f"{r[0]} {r[1][:60]} {r[2]}" for r in REQUESTS])
@pytest.mark.parametrize("turn", ["first", "repeated"])
def test_the_server_answers_as_the_application_does(
    serving: Serving, port: int, request_: tuple[str, str, dict[str, str], str], turn: str
) -> None:
    """Status, headers and body are the same by either way, the first time and again."""
    method, target, headers, body = request_
    marked = target.replace("%7B", f"%7B%0A%23{turn}%0A", 1)
    ours = _over_http(port, (method, marked, headers, body))
    if turn == "repeated":
        ours = _over_http(port, (method, marked, headers, body))
    theirs = _by_flask(serving, port, (method, marked, headers, body))
    for _, told, _ in (ours, theirs):
        for name in OWN:
            told.pop(name, None)
    assert ours[0] == theirs[0]
    assert ours[1] == theirs[1]
    assert _without_id(ours[2]) == _without_id(theirs[2])


def _without_id(body: bytes) -> bytes:
    return body.partition(b'"query_id"')[0]


def test_flask_is_left_asleep(serving: Serving, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query with an answer of bytes is replied to in the loop; an error and a page are not."""
    replies: list[Reply | None] = []
    original = Direct.reply

    async def noted(self: Direct, *arguments: Any) -> Reply | None:
        replies.append(await original(self, *arguments))
        return replies[-1]

    monkeypatch.setattr(Direct, "reply", noted)
    for query, headers in (("ASK {} # 1", {}), ("ASK {", {}), ("ASK {}", {"Accept": "text/html"})):
        _over_http(port, ("GET", f"/sparql?{urlencode({'query': query})}", headers, ""))
    assert [reply is not None for reply in replies] == [True, False, False]


def test_queries_do_not_wait_for_the_pages(tmp_path: Path) -> None:
    """While pages are still put over the application, programs are answered and readers wait."""
    path, gate = tmp_path / "one.nt", threading.Event()
    path.write_text("<http://e/s> <http://e/p> <http://e/o> .\n", encoding="utf-8")

    def dress(app: Flask) -> None:
        assert gate.wait(20)
        app.add_url_rule("/late", view_func=lambda: "a page")

    served = Serving(begin(Origin((path,)), Limits(quick_places=1)), Settings(), dress)
    with over_http(served) as port:
        assert _over_http(port, ("GET", "/sparql?query=ASK%7B%7D", {}, ""))[0] == 200
        page: Queue[Any] = Queue()
        asked = ("GET", "/late", {"Accept": "text/html"}, "")
        threading.Thread(target=lambda: page.put(_over_http(port, asked))).start()
        with pytest.raises(Empty):
            page.get(timeout=0.3)
        gate.set()
        status, _, body = page.get(timeout=10)
    served.stop(0)
    assert (status, body) == (200, b"a page")


def test_too_many_requests_are_a_429_over_http_too(tmp_path: Path) -> None:
    """RFC 6585, section 4: a client over its rate is told when to come again."""
    path = tmp_path / "one.nt"
    path.write_text("<http://e/s> <http://e/p> <http://e/o> .\n", encoding="utf-8")
    settings = Settings(requests_per_second=0.1)
    served = Serving(begin(Origin((path,)), Limits(quick_places=1)), settings)
    with over_http(served) as port:
        told = [
            _over_http(port, ("GET", f"/sparql?query=ASK%7B%7D%23{n}", {}, "")) for n in range(2)
        ]
    served.stop(0)
    assert [status for status, _, _ in told] == [200, 429]
    assert told[1][1]["content-type"] == "application/problem+json"
    assert int(told[1][1]["retry-after"]) >= 1
