"""The server over HTTP: what it hands to Flask, and how it stops."""

import http.client
import json
import logging
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from typing import IO, Any

import pytest
from flask import Flask, Response, request, send_file
from prometheus_client.parser import text_string_to_metric_families
from sparql_endpoint.web.server import Server

from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.server.address import listen

PIECE = b"x" * 300_000
HEAD = b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"


class Backend:
    """An application that shows what it sees, and is stopped."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.closed, self.stopped = threading.Event(), threading.Event()
        self.dressed = threading.Event()
        self.graces: list[float] = []
        app.add_url_rule("/long", view_func=self._long)
        self.file: IO[bytes] = BytesIO()
        app.add_url_rule("/file", view_func=lambda: send_file(self.file, "text/plain"))
        app.add_url_rule("/shown/<path:name>", view_func=self._shown, methods=["GET", "POST"])

    def complete(self) -> None:
        self.dressed.set()

    def stop(self, grace: float) -> None:
        self.graces.append(grace)
        self.stopped.set()

    def _shown(self, name: str) -> dict[str, Any]:
        seen = {key: value for key, value in request.environ.items() if key.isupper()}
        return seen | {"name": name, "body": request.get_data().decode()}

    def _long(self) -> Response:
        return Response(self._pieces(), direct_passthrough=True)

    def _pieces(self) -> Iterator[bytes]:
        try:
            for _ in range(200):
                yield PIECE
        finally:
            self.closed.set()


class Served:
    """A server that runs in a thread: its port, and what is behind it."""

    def __init__(self, app: Flask, backend: type[Backend], **settings: Any) -> None:
        self.backend = backend(app)
        ready = threading.Event()
        self._listener = listen("127.0.0.1", 0)
        self.port = self._listener.getsockname()[1]
        self.server = Server(self.backend, Settings(stop_seconds=3, **settings), ready.set)
        self._thread = threading.Thread(target=self.server.run, args=([self._listener],))
        self._thread.start()
        assert ready.wait(10)

    def connect(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def say(self, *parts: bytes, half_close: bool = False) -> list[http.client.HTTPResponse]:
        """Return the answer to what is sent over one connection, a list without any if none."""
        with self.connect() as link:
            for part in parts:
                link.sendall(part)
            if half_close:
                link.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(link)
            try:
                response.begin()
            except http.client.RemoteDisconnected:
                return []
            response.body = response.read()  # type: ignore[attr-defined]  # kept for asserts
            return [response]

    def stop(self) -> None:
        """Stop it."""
        self.server.should_exit = True
        self._thread.join(10)
        self._listener.close()


@contextmanager
def serving(app: Flask, backend: type[Backend] = Backend, **settings: Any) -> Iterator[Served]:
    """Serve ``app`` with some settings."""
    running = Served(app, backend, **settings)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    """Return a server of the small dataset, which shows what its application sees."""
    with serving(app) as running:
        yield running


def shown(served: Served, *parts: bytes) -> dict[str, Any]:
    """Return what the application saw of a request."""
    (response,) = served.say(*parts)
    assert response.status == 200, response.body  # type: ignore[attr-defined]  # set above
    seen: dict[str, Any] = json.loads(response.body)  # type: ignore[attr-defined]  # set above
    return seen


def test_a_request_reaches_the_application_as_wsgi_has_it(served: Served) -> None:
    """PEP 3333: names, and bytes as Latin-1; headers of one name are joined."""
    seen = shown(
        served,
        b"GET /shown/caf%C3%A9%20?q=%41&b HTTP/1.1\r\nHost: e.org\r\n",
        b"Accept: a/b\r\nAccept:  c/d \r\n\r\n",
    )
    assert (seen["name"], seen["QUERY_STRING"]) == ("café ", "q=%41&b")
    assert (seen["HTTP_ACCEPT"], seen["HTTP_HOST"]) == ("a/b,c/d", "e.org")
    assert (seen["REMOTE_ADDR"], seen["REQUEST_METHOD"]) == ("127.0.0.1", "GET")


def test_a_header_with_an_underscore_cannot_pass_for_another(served: Served) -> None:
    """It would read as X-Forwarded-For."""
    seen = shown(served, b"GET /shown/x HTTP/1.1\r\nHost: h\r\nX_Forwarded_For: 192.0.2.1\r\n\r\n")
    assert "HTTP_X_FORWARDED_FOR" not in seen


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 5\r\n\r\nASK{}",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_a_body_comes_whole_and_with_its_length(served: Served, body: bytes) -> None:
    """RFC 9112, section 6: however it was sent."""
    seen = shown(served, b"POST /shown/x HTTP/1.1\r\nHost: h\r\n" + body)
    assert (seen["body"], seen["CONTENT_LENGTH"]) == ("ASK{}", "5")
    assert "HTTP_TRANSFER_ENCODING" not in seen


def test_a_body_too_long_is_not_read(served: Served) -> None:
    """RFC 9110, section 15.5.14: whether its length was announced or not."""
    for body in (
        b"Content-Length: 9999999\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 17,
    ):
        (response,) = served.say(HEAD + body)
        assert response.status == 413


def test_a_client_that_has_sent_all_it_will_is_answered(served: Served) -> None:
    """RFC 9112, section 9.6: half a hang-up is none, as long as the answer is quick."""
    asked = b"GET /shown/x HTTP/1.1\r\nHost: h\r\n\r\n"
    (response,) = served.say(asked, half_close=True)
    assert response.status == 200


def test_requests_sent_at_once_are_answered_in_turn(served: Served) -> None:
    """RFC 9112, section 9.3.2."""
    with served.connect() as link:
        for name in ("a", "b", "c"):
            link.sendall(f"GET /shown/{name} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        told = b""
        while told.count(b"HTTP/1.1 200") < 3 or not told.endswith(b"}\n"):
            told += link.recv(65536)
    assert re.findall(rb'"name":\s*"(.)"', told) == [b"a", b"b", b"c"]


def test_a_long_answer_comes_whole(served: Served) -> None:
    """In chunks, and nothing of it is lost."""
    (response,) = served.say(b"GET /long HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    assert len(response.body) == 200 * len(PIECE)  # type: ignore[attr-defined]  # set above
    assert served.backend.closed.wait(5)


@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_a_file_comes_whole(served: Served, size: int) -> None:
    """However long it is."""
    served.backend.file = BytesIO(bytes(range(250)) * (size // 250) + b"x" * (size % 250))
    (response,) = served.say(b"GET /file HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    assert response.status == 200
    body = response.body  # type: ignore[attr-defined]  # set above
    assert body == bytes(range(250)) * (size // 250) + b"x" * (size % 250)


def test_who_hangs_up_ends_a_long_answer(served: Served) -> None:
    """Nothing more is made of it."""
    with served.connect() as link:
        link.sendall(b"GET /long HTTP/1.1\r\nHost: h\r\n\r\n")
        assert link.recv(1000)
        assert not served.backend.closed.wait(0.5)
    assert served.backend.closed.wait(5)


def test_who_does_not_read_is_cut_off(app: Flask) -> None:
    """What was made for it is free again, and the thread that made it."""
    with serving(app, send_seconds=0.2) as served, served.connect() as link:
        link.sendall(b"GET /long HTTP/1.1\r\nHost: h\r\n\r\n")
        assert served.backend.closed.wait(5)


def test_who_reads_slowly_is_waited_for(app: Flask) -> None:
    """As long as it reads at all."""
    size = 0
    with serving(app, send_seconds=0.5) as served, served.connect() as link:
        link.sendall(b"GET /long HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        for _ in range(8):
            time.sleep(0.2)
            size += len(link.recv(1 << 22))
        while part := link.recv(1 << 22):
            size += len(part)
    assert size > 200 * len(PIECE)


def test_a_request_that_does_not_come_is_given_up(app: Flask) -> None:
    """RFC 9110, section 15.5.9: who sends a byte a minute holds no connection for ever."""
    with serving(app, receive_seconds=0.2) as served:
        for begun in (
            b"",
            b"GET / HT",
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx",
        ):
            (response,) = served.say(begun)
            assert (response.status, response.headers["Connection"]) == (408, "close")


def test_a_connection_without_a_request_is_closed(app: Flask) -> None:
    """RFC 9112, section 9.5: in its time, and in order."""
    with serving(app, keep_alive_seconds=0) as served, served.connect() as link:
        link.sendall(b"GET /shown/a HTTP/1.1\r\nHost: h\r\n\r\n")
        told = b"".join(iter(lambda: link.recv(65536), b""))
    assert told.startswith(b"HTTP/1.1 200")
    assert b"connection: close" not in told.lower()


def counted(served: Served, link: socket.socket | None = None) -> dict[tuple[str, ...], float]:
    """Return the requests that /metrics, asked over ``link``, has counted: by what and how."""
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)) as connection:
        connection.sock = link
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "forumgraph_requests_total"
    }


def test_connections_have_a_bound(app: Flask) -> None:
    """One more is told so, and those that are there go on."""
    with (
        serving(app, max_connections=1) as served,
        closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)) as first,
    ):
        first.request("GET", "/shown/a")
        assert first.getresponse().read()
        (response,) = served.say(b"")
        assert response.status == 503
        first.request("GET", "/shown/b")
        assert first.getresponse().read()
        assert counted(served, first.sock)["connection", "503"] == 1


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
def test_a_request_has_one_host(served: Served, hosts: bytes) -> None:
    """RFC 9112, section 3.2: a server must refuse any other of HTTP/1.1."""
    (response,) = served.say(b"GET /shown/x HTTP/1.1\r\n" + hosts + b"\r\n")
    assert (response.status, response.headers["Content-Type"]) == (400, "application/problem+json")


def test_an_older_client_needs_no_host(served: Served) -> None:
    """HTTP/1.0 knows none, and its connection closes."""
    (response,) = served.say(b"GET /shown/x HTTP/1.0\r\n\r\n")
    assert (response.status, response.headers["Connection"]) == (200, "close")


@pytest.mark.parametrize(
    ("settings", "sent", "status"),
    [
        ({}, b"no HTTP\r\n\r\n", 400),
        ({}, b"GET /" + b"x" * 9000, 414),
        ({}, b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400),
        ({"receive_seconds": 0.2}, b"GET / HTTP/1.1\r\n", 408),
    ],
)
def test_what_never_reaches_the_application_is_counted(
    app: Flask,
    caplog: pytest.LogCaptureFixture,
    settings: dict[str, Any],
    sent: bytes,
    status: int,
) -> None:
    """By its status, and logged with the id that its answer shows."""
    with caplog.at_level(logging.INFO), serving(app, **settings) as served:
        (response,) = served.say(sent)
        assert response.status == status
        assert counted(served)["connection", str(status)] == 1
    fields = [vars(record).get("fields", {}) for record in caplog.records]
    assert response.headers["X-Query-Id"] in {entry.get("query_id") for entry in fields}


def test_what_was_asked_in_good_order_is_answered_first(served: Served) -> None:
    """RFC 9112, section 9.3.2: no refusal of what follows comes in between; then it closes."""
    with served.connect() as link:
        link.sendall(b"GET /long HTTP/1.1\r\nHost: h\r\n\r\n")
        told = link.recv(1000)
        link.sendall(b"no HTTP\r\n\r\n")
        while part := link.recv(1 << 22):
            told += part
    assert told.count(b"HTTP/1.1 ") == 1
    assert told.endswith(b"\r\n0\r\n\r\n")


def test_a_body_that_breaks_off_behind_its_answer_has_no_second_one(served: Served) -> None:
    """RFC 9110, section 15.5.14: the answer was given before the body was read."""
    with served.connect() as link:
        link.sendall(HEAD + b"Content-Length: 9999999\r\n\r\nASK{}")
        told = link.recv(65536)
        link.shutdown(socket.SHUT_WR)
        while part := link.recv(65536):
            told += part
    assert (told.count(b"HTTP/1.1 "), told[:12]) == (1, b"HTTP/1.1 413")


def test_a_url_that_is_none_is_told_as_such(served: Served) -> None:
    """RFC 9112, section 3.2: the fault is in the head, not in a body."""
    (response,) = served.say(b"GET http://[ HTTP/1.1\r\nHost: h\r\n\r\n")
    assert response.status == 400
    assert b"body" not in response.body  # type: ignore[attr-defined]  # set above


def test_options_of_the_server_has_no_body(served: Served) -> None:
    """RFC 9110, section 9.3.7: ``OPTIONS *`` is for the server in general."""
    (response,) = served.say(b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")
    assert (response.status, response.headers["Transfer-Encoding"]) == (204, None)
    assert {"GET", "OPTIONS", "POST"} <= set(response.headers["Allow"].split(", "))


def test_there_is_no_tunnel(served: Served) -> None:
    """RFC 9110, sections 9.1 and 9.3.6: an origin server that has no CONNECT says 501."""
    (response,) = served.say(b"CONNECT e.org:443 HTTP/1.1\r\nHost: e.org:443\r\n\r\n\x16\x03")
    assert (response.status, response.headers["Connection"]) == (501, "close")
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("accept", [b"text/html", b"*/*"])
def test_a_failure_before_the_application_is_a_problem(
    app: Flask, caplog: pytest.LogCaptureFixture, accept: bytes
) -> None:
    """RFC 9457: a 500 like any other, counted, and logged with the id that the client is told."""

    class Broken(Backend):
        def complete(self) -> None:
            raise ZeroDivisionError("secret")

    with serving(app, Broken) as served:
        (response,) = served.say(
            b"GET /shown/x HTTP/1.1\r\nHost: h\r\nAccept: " + accept + b"\r\n\r\n"
        )
        served.backend.dressed.set()
        assert counted(served)["front", "500"] == 1
    assert (response.status, response.headers["Content-Type"]) == (500, "application/problem+json")
    body = response.body  # type: ignore[attr-defined]  # set above
    assert b"secret" not in body
    query_id = response.headers["X-Query-Id"]
    assert json.loads(body)["query_id"] == query_id
    logged = [vars(record).get("fields", {}).get("query_id") for record in caplog.records]
    assert query_id in logged


def test_a_signal_to_stop_reaches_what_is_behind(served: Served) -> None:
    """Queries get their time to end."""
    served.server.handle_exit(signal.SIGTERM, None)
    assert served.backend.stopped.wait(5)
    assert served.backend.graces == [3]
