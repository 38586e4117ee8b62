"""Requests read from bytes."""

import socket
from typing import TYPE_CHECKING

import pytest

from sparql_endpoint.server.connection import Connection
from sparql_endpoint.server.http_request import Request, RequestReader, is_whole
from sparql_endpoint.server.rejections import RejectedError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

GET = b"GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nASK{}"
CHUNKED = (
    b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nASK\r\n2\r\n{}\r\n0\r\n\r\n"
)


def _read(data: bytes, step: int) -> tuple[Request, bytes]:
    reader = RequestReader(1000)
    for start in range(0, len(data), step):
        parsed = reader.feed(data[start : start + step])
        if parsed is not None:
            request, rest = parsed
            return request, rest + data[start + step :]
    raise AssertionError("the request is not whole")


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize(("data", "body"), [(GET, b""), (POST, b"ASK{}"), (CHUNKED, b"ASK{}")])
def test_a_request_is_read_whatever_the_pieces(data: bytes, body: bytes, step: int) -> None:
    """RFC 9112, section 6."""
    request, rest = _read(data, step)
    assert (bytes(request.body), request.complete, rest) == (body, True, b"")


@pytest.mark.parametrize("data", [GET, POST])
def test_what_follows_a_request_is_left(data: bytes) -> None:
    """RFC 9112, section 9.3.2: requests may be sent at once."""
    request, rest = _read(data + GET, 1000)
    assert (rest, request.keep_alive) == (GET, True)


def test_a_body_in_chunks_is_the_last_of_its_connection() -> None:
    """What follows it is not looked for, so that nothing is taken for a request that is none."""
    request, _ = _read(CHUNKED + GET, 1000)
    assert request.keep_alive is False


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"no HTTP\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n", 417),
        (b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: h\r\nx: " + b"y" * 9000 + b"\r\n\r\n", 431),
        (b"GET /" + b"x" * 9000, 414),
        (b"GET /" + b"x" * 8500 + b" HTTP/1.1\r\nHost: h\r\n\r\n", 414),
        (b"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", 501),
        (POST.replace(b"Content-Length: 5", b"Content-Length: 5\r\nContent-Length: 6"), 400),
        (POST.replace(b"Host: h", b"Host: h\r\nTransfer-Encoding: chunked"), 400),
        (CHUNKED.replace(b"chunked", b"gzip"), 501),
        (CHUNKED.replace(b"chunked", b"gzip, chunked"), 501),
        (CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
        (CHUNKED.replace(b"3\r\n", b"x\r\n"), 400),
        (GET.replace(b"GET", b"BREW"), 501),
        (GET.replace(b"GET", b"get"), 501),
        (GET.replace(b"GET", b"GETS"), 501),
        (b"\r\n" + GET.replace(b"GET", b"FOO"), 501),
        (GET.replace(b"GET", b"G@T"), 400),
        (GET.replace(b"\r\n", b"\n"), 400),
    ],
)
def test_what_is_no_request_is_rejected(data: bytes, status: int) -> None:
    """RFC 9112, sections 2.2, 2.3, 3.2, 6.1 and 6.3; RFC 9110, section 9.1.

    A length given twice could hide a second request.
    """
    with pytest.raises(RejectedError) as caught:
        _read(data, len(data))
    assert caught.value.rejection.status == status


@pytest.mark.parametrize(
    "data",
    [
        GET + GET,
        GET[:-2],
        POST,
        GET.replace(b"Host", b"Content-Length: 3\r\nHost"),
        GET.replace(b"Host", b"Transfer-Encoding: chunked\r\nHost"),
    ],
)
def test_only_what_is_surely_whole_is_taken_for_it(data: bytes) -> None:
    """One request without a body, and nothing behind it."""
    assert is_whole(GET)
    assert not is_whole(data)


def _environ(data: bytes) -> "WSGIEnvironment":
    return _read(data, len(data))[0].environ("192.0.2.1", ("127.0.0.1", 80))


def test_a_host_in_the_target_replaces_the_header() -> None:
    """RFC 9112, section 3.2.2: a server ignores Host where the target is in absolute form."""
    environ = _environ(b"GET http://a.example:8080/b?c HTTP/1.1\r\nHost: h\r\n\r\n")
    seen = environ["HTTP_HOST"], environ["PATH_INFO"], environ["QUERY_STRING"]
    assert seen == ("a.example:8080", "/b", "c")


def test_a_target_has_no_fragment() -> None:
    """RFC 9112, section 3.2."""
    with pytest.raises(RejectedError) as caught:
        _environ(GET.replace(b"?b=c", b"#?b=c"))
    assert caught.value.rejection.status == 400


@pytest.mark.parametrize(
    ("version", "interim"), [("1.1", b"HTTP/1.1 100 Continue\r\n\r\n"), ("1.0", b"")]
)
def test_an_older_client_is_not_asked_to_go_on(version: str, interim: bytes) -> None:
    """RFC 9110, section 10.1.1: a server ignores the expectation of a request of HTTP/1.0."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        head = (
            f"POST / HTTP/{version}\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        )
        Connection(ours, "192.0.2.1", 1000).take(head.encode())
        ours.shutdown(socket.SHUT_WR)
        assert theirs.recv(100) == interim
