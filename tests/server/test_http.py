"""The server over HTTP: what it hands to the application, and what it refuses."""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from pyoxigraph import Store
from running_server import RunningServer, running
from showing_app import PIECE, make_showing_app

HEAD = b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture(scope="module")
def served() -> Iterator[RunningServer]:
    """Return a server that shows what its application sees."""
    with serving() as started:
        yield started


def serving(**settings: Any) -> Any:
    """Serve an empty store with some settings."""
    return running(Store, application=make_showing_app, **settings)


def shown(served: RunningServer, *parts: bytes) -> dict[str, Any]:
    """Return what the application saw of a request."""
    (response,) = served.say(*parts)
    assert response.status == 200, response.body
    seen: dict[str, Any] = json.loads(response.body)
    return seen


def test_a_request_reaches_the_application_as_wsgi_has_it(served: RunningServer) -> None:
    """PEP 3333: names, and bytes as Latin-1; headers of one name are joined."""
    seen = shown(
        served,
        b"GET /shown/caf%C3%A9%20?q=%41&b HTTP/1.1\r\nHost: e.org\r\n",
        b"Accept: a/b\r\nAccept:  c/d \r\n\r\n",
    )
    assert (seen["name"], seen["QUERY_STRING"]) == ("café ", "q=%41&b")
    assert (seen["HTTP_ACCEPT"], seen["HTTP_HOST"]) == ("a/b,c/d", "e.org")
    assert (seen["REMOTE_ADDR"], seen["REQUEST_METHOD"]) == ("127.0.0.1", "GET")


def test_a_header_with_an_underscore_cannot_pass_for_another(served: RunningServer) -> None:
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
def test_a_body_comes_whole_and_with_its_length(served: RunningServer, body: bytes) -> None:
    """RFC 9112, section 6: however it was sent."""
    seen = shown(served, b"POST /shown/x HTTP/1.1\r\nHost: h\r\n" + body)
    assert (seen["body"], seen["CONTENT_LENGTH"]) == ("ASK{}", "5")
    assert "HTTP_TRANSFER_ENCODING" not in seen


def test_a_body_too_long_is_not_read(served: RunningServer) -> None:
    """RFC 9110, section 15.5.14: whether its length was announced or not."""
    for body in (
        b"Content-Length: 9999999\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 17,
    ):
        (response,) = served.say(HEAD + body)
        assert response.status == 413


def test_a_client_that_has_sent_all_it_will_is_answered(served: RunningServer) -> None:
    """RFC 9112, section 9.6: half a hang-up is none, as long as the answer is quick."""
    asked = b"GET /shown/x HTTP/1.1\r\nHost: h\r\n\r\n"
    (response,) = served.say(asked, half_close=True)
    assert response.status == 200


def test_requests_sent_at_once_are_answered_in_turn(served: RunningServer) -> None:
    """RFC 9112, section 9.3.2."""
    with served.connect() as link:
        for name in ("a", "b", "c"):
            link.sendall(f"GET /shown/{name} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        data = b""
        while data.count(b"HTTP/1.1 200") < 3 or not data.endswith(b"}\n"):
            data += link.recv(65536)
    assert re.findall(rb'"name":\s*"(.)"', data) == [b"a", b"b", b"c"]


def test_a_request_that_does_not_come_is_given_up() -> None:
    """RFC 9110, section 15.5.9: who sends a byte a minute holds no connection for ever."""
    with serving(receive_seconds=0.2) as served:
        for begun in (
            b"",
            b"GET / HT",
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx",
        ):
            (response,) = served.say(begun)
            assert (response.status, response.headers["Connection"]) == (408, "close")


def test_a_connection_without_a_request_is_closed() -> None:
    """RFC 9112, section 9.5: in its time, and in order."""
    with serving(keep_alive_seconds=0) as served, served.connect() as link:
        link.sendall(b"GET /shown/a HTTP/1.1\r\nHost: h\r\n\r\n")
        data = b"".join(iter(lambda: link.recv(65536), b""))
    assert data.startswith(b"HTTP/1.1 200")
    assert b"connection: close" not in data.lower()


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
def test_a_request_has_one_host(served: RunningServer, hosts: bytes) -> None:
    """RFC 9112, section 3.2: a server must refuse any other of HTTP/1.1."""
    (response,) = served.say(b"GET /shown/x HTTP/1.1\r\n" + hosts + b"\r\n")
    assert (response.status, response.headers["Content-Type"]) == (400, "application/problem+json")


def test_an_older_client_needs_no_host(served: RunningServer) -> None:
    """HTTP/1.0 knows none, and its connection closes."""
    (response,) = served.say(b"GET /shown/x HTTP/1.0\r\n\r\n")
    assert (response.status, response.headers["Connection"]) == (200, "close")


def test_a_url_that_is_none_is_data_as_such(served: RunningServer) -> None:
    """RFC 9112, section 3.2: the fault is in the head, not in a body."""
    (response,) = served.say(b"GET http://[ HTTP/1.1\r\nHost: h\r\n\r\n")
    assert response.status == 400
    assert b"body" not in response.body


def test_options_of_the_server_has_no_body(served: RunningServer) -> None:
    """RFC 9110, section 9.3.7: ``OPTIONS *`` is for the server in general."""
    (response,) = served.say(b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")
    assert (response.status, response.headers["Transfer-Encoding"]) == (204, None)
    assert {"GET", "OPTIONS", "POST"} <= set(response.headers["Allow"].split(", "))


def test_there_is_no_tunnel(served: RunningServer) -> None:
    """RFC 9110, sections 9.1 and 9.3.6: an origin server that has no CONNECT says 501."""
    (response,) = served.say(b"CONNECT e.org:443 HTTP/1.1\r\nHost: e.org:443\r\n\r\n\x16\x03")
    assert (response.status, response.headers["Connection"]) == (501, "close")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_long_answer_comes_whole(served: RunningServer) -> None:
    """Its length is known beforehand, and nothing of it is lost."""
    answer = served.get("/long")
    assert len(answer.body) == int(answer.headers["Content-Length"]) == 200 * len(PIECE)


@pytest.mark.parametrize("size", [0, 11, 10, 3_000_000, 3_000_001])
def test_a_file_comes_whole(served: RunningServer, size: int) -> None:
    """However long it is, with a descriptor or without one."""
    answer = served.get(f"/file/{size}")
    assert answer.status == 200
    assert answer.body == bytes(range(250)) * (size // 250) + b"x" * (size % 250)


def test_a_client_that_reads_slowly_is_waited_for() -> None:
    """As long as it reads at all."""
    size = 0
    with serving(send_seconds=1.0) as served, closing(served.connect()) as link:
        link.sendall(b"GET /long HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        for _ in range(8):
            time.sleep(0.2)
            size += len(link.recv(1 << 22))
        while part := link.recv(1 << 22):
            size += len(part)
    assert size > 200 * len(PIECE)


def test_connections_have_a_bound() -> None:
    """One more is told so, and those that are there go on."""
    with serving(max_connections=1) as served, closing(served.connect()) as link:
        assert served.get("/shown/a", link).status == 200
        (response,) = served.say(b"")
        assert (response.status, response.headers["Retry-After"]) == (503, "5")
        assert served.get("/shown/b", link).status == 200


@pytest.mark.parametrize(
    ("settings", "sent", "status"),
    [
        ({}, b"no HTTP\r\n\r\n", 400),
        ({}, b"GET /" + b"x" * 9000, 414),
        ({"receive_seconds": 0.2}, b"GET / HTTP/1.1\r\n", 408),
    ],
)
def test_what_never_reaches_the_application_is_counted(
    settings: dict[str, Any], sent: bytes, status: int
) -> None:
    """A problem with the id that the log has too."""
    with serving(**settings) as served:
        (response,) = served.say(sent)
        assert response.status == json.loads(response.body)["status"] == status
        assert served.figures()["rejected"] == 1


def test_what_was_asked_in_good_order_is_answered_first(served: RunningServer) -> None:
    """RFC 9112, section 9.3.2: then comes the refusal of what follows, and the end."""
    with closing(served.connect()) as link:
        link.sendall(b"GET /shown/a HTTP/1.1\r\nHost: h\r\n\r\nno HTTP\r\n\r\n")
        data = b"".join(iter(lambda: link.recv(65536), b""))
    assert re.findall(rb"HTTP/1.1 (\d+)", data) == [b"200", b"400"]


def test_a_body_that_is_too_long_is_answered_once(served: RunningServer) -> None:
    """RFC 9110, section 15.5.14: the answer comes before the body is read, and no second one."""
    with closing(served.connect()) as link:
        link.sendall(HEAD + b"Content-Length: 9999999\r\n\r\nASK{}")
        data = link.recv(65536)
        link.shutdown(socket.SHUT_WR)
        while part := link.recv(65536):
            data += part
    assert (data.count(b"HTTP/1.1 "), data[:12]) == (1, b"HTTP/1.1 413")


def test_a_failure_before_the_application_is_a_problem(served: RunningServer) -> None:
    """RFC 9457: a 500 like any other, which says nothing of the fault."""
    (response,) = served.say(b"GET /failing HTTP/1.1\r\nHost: h\r\n\r\n")
    assert (response.status, response.headers["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in response.body


def test_a_client_may_wait_for_leave_to_send_its_body(served: RunningServer) -> None:
    """RFC 9110, section 10.1.1: 100 Continue."""
    with closing(served.connect()) as link:
        link.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        assert link.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        link.sendall(b"ASK{}")
        assert link.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_a_long_body_reaches_the_application(served: RunningServer) -> None:
    """Also one that no message between processes holds."""
    body = b"x" * 500_000
    head = f"POST /shown/a HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n"
    assert len(shown(served, head.encode(), body)["body"]) == len(body)


def test_a_proxy_that_is_trusted_names_the_client() -> None:
    """Requests of several clients may come over one connection."""
    with serving(trusted_proxies=1) as served, closing(served.connect()) as link:
        for client in ("192.0.2.1", "192.0.2.2"):
            answer = served.get("/shown/a", link, X_Forwarded_For=client)
            assert json.loads(answer.body)["REMOTE_ADDR"] == client
