"""SERVICE: only to the endpoints on the list, by the relay, within limits; else nowhere."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import trustme
from trusted_jobs import write_connection

from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.engine.outreach import Outreach, is_public
from sparql_endpoint.engine.query import Query
from sparql_endpoint.engine.relay import Passes, Relay
from sparql_endpoint.errors import (
    QuerySyntaxError,
    RemoteError,
    ServiceRefusedError,
    UsageError,
)
from sparql_endpoint.graph.dataset import load_files

ROWS = {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "x:1"}}]}}
_TLS = (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT)
PATHS = ("ok", "elsewhere", "error", "html", "endless", "slow", "drip", "half", "short", "gzip")


class _Endpoint(BaseHTTPRequestHandler):
    """An endpoint of this machine that answers as its path says."""

    asked: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        way = self.path.strip("/")
        self.asked.append((way, self.rfile.read(int(self.headers["Content-Length"]))))
        getattr(self, f"_{way}")()

    def _ok(self) -> None:
        self._send(200, "application/sparql-results+json", json.dumps(ROWS).encode())

    def _elsewhere(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/ok")
        self.end_headers()

    def _error(self) -> None:
        self._send(500, "text/plain", b"no")

    def _html(self) -> None:
        self._send(200, "text/html", b"<p>no")

    def _gzip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()

    def _half(self) -> None:
        self._send(200, "application/sparql-results+json", b'{"head":{"vars":["s"]},"results":')

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        while True:
            self.wfile.write(b" " * 10_000)

    def _slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        for _ in range(50):
            self.wfile.write(b" ")
            time.sleep(0.1)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(50):
            self.wfile.write(b"X-%d: x\r\n" % n)
            time.sleep(0.1)

    def _short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(json.dumps(ROWS).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing: a reader that leaves is what the tests want."""


class LocalEngine(Engine):
    """An engine whose SERVICE may ask this machine."""

    _services_may_be_local = True


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Return the address of an endpoint of this machine."""
    _Endpoint.asked = []
    with _Server(("127.0.0.1", 0), _Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def limits(endpoint: str) -> Limits:
    """Return limits with a list of all that the endpoint serves."""
    services = tuple(f"{endpoint}/{path}" for path in PATHS)
    return Limits(query_time=60, services=services, service_time=1.0, service_bytes=100_000)


@pytest.fixture(scope="module")
def engine(things: Path, limits: Limits) -> Iterator[Engine]:
    """Return an engine that may ask the endpoint."""
    with LocalEngine(partial(load_files, [things]), limits) as running:
        yield running


def _asking(endpoint: str, path: str) -> Query:
    text = f"SELECT ?s {{ SERVICE <{endpoint}/{path}> {{ ?s ?p ?o }} }}"
    return Query(text, "csv")


def test_service_on_the_list_is_asked(engine: Engine, endpoint: str) -> None:
    """The endpoint gets the pattern, and the query its rows."""
    assert engine.run(_asking(endpoint, "ok")).read() == b"s\r\nx:1\r\n"
    assert _Endpoint.asked[-1] == ("ok", b"SELECT * WHERE { ?s ?p ?o . }")


def test_two_services_of_one_query_are_told_apart(engine: Engine, endpoint: str) -> None:
    """Each SERVICE goes to its own endpoint; one that fails may be SILENT."""
    text = (
        f"PREFIX e: <{endpoint}/> SELECT ?s ?n"
        " { SERVICE SILENT e:error { ?n ?p ?o } SERVICE e:ok { ?s ?p ?o } }"
    )
    assert engine.run(Query(text, "csv")).read() == b"s,n\r\nx:1,\r\n"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("elsewhere", "status 302"),
        ("error", "status 500"),
        ("html", "'text/html', which is no SPARQL result"),
        ("gzip", "no SPARQL result"),
        ("endless", "more than 97 KiB"),
        ("slow", "did not answer within 1 s"),
        ("drip", "did not answer within 1 s"),
        ("half", "gave no whole answer"),
        ("short", "broke off its answer"),
    ],
)
def test_service_that_misbehaves_is_told(
    engine: Engine, endpoint: str, path: str, says: str
) -> None:
    """A redirect, an error, too much, too late and half an answer are each a clear error."""
    with pytest.raises(RemoteError, match=f"^SERVICE: .*{says}"):
        engine.run(_asking(endpoint, path)).read()


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_one_deadline_holds_for_all_of_it(endpoint: str, limits: Limits, path: str) -> None:
    """However the time is spent: each step and each packet alone would be in time."""
    began = time.monotonic()
    with pytest.raises(RemoteError, match="did not answer within 1 s"):
        Outreach(limits, local=True).ask(f"{endpoint}/{path}", b"ASK {}")
    assert 1 <= time.monotonic() - began < 1.5


def test_a_peer_that_says_nothing_is_late(limits: Limits) -> None:
    """It takes the connection and never answers, in plain HTTP or in the handshake of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            service = f"{scheme}://localhost:{silent.getsockname()[1]}/"
            listed = replace(limits, services=(service,), service_time=0.3)
            began = time.monotonic()
            with pytest.raises(RemoteError, match=r"did not answer within 0\.3 s"):
                Outreach(listed, local=True).ask(service, b"ASK {}")
            assert time.monotonic() - began < 0.6


def test_a_name_that_nobody_finds_in_time_is_late(
    limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look-up counts too, which the system may take half a minute for."""
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(10) and [])
    listed = replace(limits, services=("https://query.example/",), service_time=0.2)
    with pytest.raises(RemoteError, match=r"query\.example/ did not answer within 0\.2 s"):
        Outreach(listed).ask("https://query.example/", b"ASK {}")
    released.set()


def test_time_that_is_over_is_asked_nothing(endpoint: str, limits: Limits) -> None:
    """As when all of it was spent waiting for room at the relay."""
    asked = len(_Endpoint.asked)
    with pytest.raises(RemoteError, match="did not answer"):
        Outreach(limits, local=True).ask(f"{endpoint}/ok", b"ASK {}", ends=time.monotonic())
    assert len(_Endpoint.asked) == asked


def test_relay_without_room_says_so(endpoint: str, limits: Limits) -> None:
    """Who waits too long for others' calls of services gets the error of a service."""
    passes, short = Passes(), replace(limits, service_time=0.2)
    with socket.create_server(("127.0.0.1", 0)) as port:
        relay = Relay(port, Outreach(short, local=True), passes)
        room = relay._server.room
        while room.acquire(blocking=False):
            pass
        answer = httpx.post(f"{relay.address}/{passes.issue()}/0", content=b"ASK {}")
        relay.close()
    assert (answer.status_code, "being asked already" in answer.text) == (502, True)


def test_service_off_the_list_is_refused(engine: Engine, endpoint: str) -> None:
    """What is not on the list is not asked."""
    asked = len(_Endpoint.asked)
    with pytest.raises(ServiceRefusedError):
        engine.run(_asking(endpoint, "other"))
    assert len(_Endpoint.asked) == asked


def test_syntax_error_behind_a_service_has_its_own_place(engine: Engine, endpoint: str) -> None:
    """The place is that in the client's text, not in the one with the relay."""
    text = f"SELECT ?s {{ SERVICE <{endpoint}/ok> {{ ?s ?p ?o }} BIND( }}"
    with pytest.raises(QuerySyntaxError) as caught:
        engine.run(Query(text))
    assert caught.value.place.column == text.index(" }", text.index("BIND")) + 1 + 1


def test_relay_wants_a_pass(engine: Engine) -> None:
    """Who has no pass of a query under way is not let through."""
    relay = engine._dynasty.current.relay
    assert relay is not None
    port = relay._server.socket
    with pytest.raises(OSError, match="refused"):  # it listens in the children's network only
        socket.create_connection(("127.0.0.1", port.getsockname()[1]), 1)
    assert not engine._embassy._passes._good


def test_pass_is_good_for_its_query_only(limits: Limits) -> None:
    """A relay answers 403 to a wrong pass and to a number of no service."""
    passes = Passes()
    with socket.create_server(("127.0.0.1", 0)) as port:
        relay = Relay(port, Outreach(limits, local=True), passes)
        good = passes.issue()
        asks = [f"{good}/0", "wrong/0", f"{good}/99", f"{good}/x", ""]
        answers = [httpx.post(f"{relay.address}/{ask}", content=b"ASK {}") for ask in asks]
        relay.close()
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403, 403]


def test_child_reaches_no_network(engine: Engine, endpoint: str) -> None:
    """Even a SERVICE that slipped through would lead nowhere."""
    if engine.network:
        pytest.skip("this system lets no process leave its network")
    address = endpoint.replace("localhost", "127.0.0.1")
    result = engine.call(write_connection, address)
    assert result.read() == b"ConnectionRefusedError"
    assert engine.call(write_connection, "http://192.0.2.1:80").read() == b"OSError"


@pytest.mark.parametrize(
    "service",
    [
        "http://query.example/",
        "https://user@query.example/",
        "https://query.example/?query=",
        "https:///sparql",
        "file:///etc/passwd",
    ],
)
def test_list_takes_plain_https_addresses_only(things: Path, service: str) -> None:
    """A service that is none is refused at the start."""
    with pytest.raises(UsageError, match="plain https:// address"):
        Engine(partial(load_files, [things]), Limits(services=(service,)))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700:4700::1111"])
def test_public_addresses_are_asked(address: str) -> None:
    """Addresses of the public Internet are fine."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_other_addresses_are_not_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast and wrapped addresses are not public."""
    assert not is_public(address)


def _ask_by_tls(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bytes]:
    """Ask an endpoint whose certificate is for query.example at ``name``, which resolves here."""
    authority = trustme.CA()
    served, trusted = (ssl.SSLContext(side) for side in _TLS)
    authority.issue_cert("query.example").configure_cert(served)
    authority.configure_trust(trusted)
    look_up = socket.getaddrinfo

    def resolve(_: object, port: int, *rest: Any, **more: Any) -> Any:
        return look_up("127.0.0.1", port, *rest, **more)

    with _Server(("127.0.0.1", 0), _Endpoint) as server:
        server.socket = served.wrap_socket(server.socket, server_side=True)
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        service = f"https://{name}:{server.server_port}/ok"
        try:
            outreach = Outreach(Limits(services=(service,)), local=True, trust=trusted)
            return outreach.ask(service, b"ASK {}")
        finally:
            server.shutdown()
            thread.join()


def test_certificate_is_checked_for_the_name(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to the address that was checked, the certificate must be the name's."""
    kind, body = _ask_by_tls("query.example", monkeypatch)
    assert (kind, json.loads(body)) == ("application/sparql-results+json", ROWS)
    with pytest.raises(RemoteError, match="certificate"):
        _ask_by_tls("other.example", monkeypatch)


def test_name_of_this_machine_is_not_asked(endpoint: str, limits: Limits) -> None:
    """A name on the list that resolves to this machine is refused after its resolution."""
    port = urlsplit(endpoint).port
    listed = replace(limits, services=(f"https://localhost:{port}/ok",))
    with pytest.raises(RemoteError, match="not an address of the public Internet"):
        Outreach(listed).ask(listed.services[0], b"ASK {}")


def test_name_without_address_is_told(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not resolve is an error of the service."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    listed = replace(limits, services=("https://query.example/",))
    with pytest.raises(RemoteError, match=r"query\.example has no address"):
        Outreach(listed).ask(listed.services[0], b"ASK {}")


def test_outreach_asks_nothing_off_its_list(limits: Limits) -> None:
    """The list is checked again where the request leaves."""
    with pytest.raises(RemoteError, match="not on the list"):
        Outreach(limits, local=True).ask("https://query.example/", b"ASK {}")


def test_endpoint_that_nobody_serves_is_told(limits: Limits) -> None:
    """A connection that is refused is an error of the service."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        service = f"http://localhost:{taken.getsockname()[1]}/"
        listed = replace(limits, services=(service,))
        with pytest.raises(RemoteError, match="cannot be asked"):
            Outreach(listed, local=True).ask(service, b"ASK {}")
