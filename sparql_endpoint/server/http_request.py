"""Reading HTTP/1 requests, by llhttp: RFC 9112, https://www.rfc-editor.org/rfc/rfc9112.

The worker that answers a request reads it. The listener reads it before, only as far as it must to
know that the request is complete.
"""

import re
import sys
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import httptools

from sparql_endpoint.server.rejections import (
    BROKEN,
    BY_PARSER,
    CODINGS,
    EXPECTS,
    FRAMING,
    HOSTS,
    MALFORMED,
    METHOD,
    TOO_LONG,
    TOO_MUCH,
    TUNNEL,
    VERSION,
    RejectedError,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from sparql_endpoint.endpoint.settings import Settings

__all__ = ["LONGEST_HEAD", "Request", "RequestReader", "client_of_request", "is_whole"]

_LONGEST_LINE = 8190
"""Maximum bytes of a URL or a header; the application has a lower limit for URLs of its own."""
_MOST_HEADERS = 100
LONGEST_HEAD = _MOST_HEADERS * _LONGEST_LINE
_END_OF_HEAD = b"\r\n\r\n"
_OWN_NAMES = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_LEFT_OUT = frozenset({b"transfer-encoding", b"content-length"})
"""Headers about a body in transit; here the body is complete, and its length is known."""
_REQUEST_LINE = re.compile(rb"(?:\r\n)*[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ \r\n]+ HTTP/1\.[01]\r\n")
"""A request line with a method of any name (RFC 9112, section 3; a token of RFC 9110, 5.6.2)."""
_AUTHORITY = re.compile(rb"https?://([^/?]*)", re.IGNORECASE)


def is_whole(data: bytes) -> bool:
    """Return whether ``data`` is one complete request without a body; False when in doubt."""
    return (
        data.startswith((b"GET ", b"HEAD "))
        and data.find(_END_OF_HEAD) == len(data) - len(_END_OF_HEAD)
        and b"\ncontent-length" not in (lower := data.lower())
        and b"\ntransfer-encoding" not in lower
    )


class Request:
    """One request, as far as it has been read."""

    def __init__(self) -> None:
        self.method = ""
        self.version = "1.1"
        self.url = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.announced: int | None = None
        """The length of the body by its header, where there is one."""
        self.keep_alive = True
        self.has_head = False
        self.complete = False
        self.chunked = False

    def header(self, name: bytes) -> bytes:
        """Return the value of a header by its name in lower case, empty where there is none."""
        return next((value for key, value in self.headers if key == name), b"")

    def environ(self, client: str, server: tuple[str, int]) -> "WSGIEnvironment":
        """Return the WSGI environment (PEP 3333, https://peps.python.org/pep-3333/).

        A header with an underscore in its name is left out, since its key would be that of a header
        with hyphens. Headers of one name are joined by commas (RFC 9110, section 5.3). A target
        that names a host replaces the header Host (RFC 9112, section 3.2.2).

        Raises:
            RejectedError: the target is not a URL.
        """
        path, query = self._target()
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
            "REQUEST_URI": path.decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1]),
            "SERVER_PROTOCOL": f"HTTP/{self.version}",
            "REMOTE_ADDR": client,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
        }
        for name, value in self.headers:
            key = _variable(name)
            if not key:
                continue
            text = value.decode("latin-1").strip()
            environ[key] = f"{environ[key]},{text}" if key in environ else text
        if authority := _AUTHORITY.match(self.url):
            environ["HTTP_HOST"] = authority[1].decode("latin-1")
        if self.announced is not None or self.chunked:
            length = len(self.body) if self.announced is None else self.announced
            environ["CONTENT_LENGTH"] = str(length)
        return environ

    def _target(self) -> tuple[bytes, bytes]:
        """Return the path and the query of the target, which has no fragment.

        RFC 9112, section 3.2.
        """
        if self.url == b"*":
            return b"*", b""
        if b"#" in self.url:
            raise RejectedError(MALFORMED)
        try:
            url = httptools.parse_url(self.url)
        except httptools.HttpParserInvalidURLError:
            raise RejectedError(MALFORMED) from None
        return url.path or b"/", url.query or b""


def client_of_request(data: bytes, peer: str, settings: "Settings") -> str:
    """Return the client that trusted proxies name in a complete request, else ``peer``.

    Raises:
        RejectedError: ``data`` is not a request.
    """
    from sparql_endpoint.endpoint.proxies import client_of  # noqa: PLC0415  # only behind a proxy

    parsed = RequestReader(settings.max_body_bytes).feed(data)
    if parsed is None:
        return peer
    return client_of(parsed[0].environ(peer, ("", 0)), settings.trusted_proxies)


@lru_cache(maxsize=256)
def _variable(name: bytes) -> str:
    """Return the key of a header in the WSGI environment, empty for one that is left out."""
    if b"_" in name or name in _LEFT_OUT:
        return ""
    return _OWN_NAMES.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"


class RequestReader:
    """Reads the requests of one connection; ``max_body`` is the limit of a body in bytes.

    Reading stops as soon as a body exceeds the limit; the application then refuses the request.
    """

    def __init__(self, max_body: int) -> None:
        self._max_body = max_body
        self._begin()

    def _begin(self) -> None:
        self.request = Request()
        self._parser = httptools.HttpRequestParser(self)
        self._head = bytearray()

    def feed(self, data: bytes) -> tuple[Request, bytes] | None:
        """Take bytes; once a request is complete, return it and the bytes that follow it.

        Raises:
            RejectedError: the bytes are no request that can be answered.
        """
        if self.request.complete:
            self._begin()
        request = self.request
        if not request.has_head:
            self._head += data
            end = self._head.find(_END_OF_HEAD)
            if end < 0:
                if len(self._head) > LONGEST_HEAD:
                    raise RejectedError(TOO_MUCH)
                line_end = self._head.find(b"\n")
                if line_end < 0 and len(self._head) > _LONGEST_LINE + 20:
                    raise RejectedError(TOO_LONG)
                if line_end >= 0 and not self._head[:line_end].endswith(b"\r"):
                    raise RejectedError(MALFORMED)
                return None
            end += len(_END_OF_HEAD)
            self._parse(bytes(self._head[:end]))
            data = bytes(self._head[end:])
        rest = self._read_body(data) if not request.complete else data
        return (request, rest) if request.complete else None

    def _read_body(self, data: bytes) -> bytes:
        """Take bytes of the body; return the bytes that follow it."""
        request = self.request
        if request.announced is None:
            self._parse(data)
        elif request.announced > self._max_body:
            request.complete, request.keep_alive = True, False
            return b""
        else:
            missing = request.announced - len(request.body)
            self._parse(data[:missing])
            return data[missing:]
        if len(request.body) > self._max_body:
            request.complete, request.keep_alive = True, False
        return b""

    def _parse(self, data: bytes) -> None:
        if not data:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._parser.get_method() == b"CONNECT":
                raise RejectedError(TUNNEL) from None
            self._complete()  # nobody changes the protocol here: RFC 9110, section 7.8
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            raise cause if isinstance(cause, RejectedError) else error from None
        except httptools.HttpParserInvalidMethodError:
            raise RejectedError(METHOD if _REQUEST_LINE.match(data) else MALFORMED) from None
        except httptools.HttpParserError as error:
            usual = BROKEN if self.request.has_head else MALFORMED
            raise RejectedError(BY_PARSER.get(str(error), usual)) from None

    def _complete(self) -> None:
        request = self.request
        request.complete = True
        if request.chunked:
            request.keep_alive = False  # bytes that follow a body in chunks are not read

    def on_url(self, url: bytes) -> None:
        """Take a part of the target, for the parser."""
        self.request.url += url
        if len(self.request.url) > _LONGEST_LINE:
            raise RejectedError(TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, for the parser."""
        headers = self.request.headers
        headers.append((name.lower(), value))
        if len(headers) > _MOST_HEADERS or len(name) + len(value) > _LONGEST_LINE:
            raise RejectedError(TOO_MUCH)

    def on_headers_complete(self) -> None:
        """Check the head, for the parser."""
        request, parser = self.request, self._parser
        if request.complete:
            return
        request.method = parser.get_method().decode("ascii")
        request.version = parser.get_http_version()
        if request.version not in {"1.0", "1.1"}:
            raise RejectedError(VERSION)
        request.keep_alive = parser.should_keep_alive() and request.version == "1.1"
        request.has_head = True
        names = [name for name, _ in request.headers]
        hosts = names.count(b"host")
        if hosts > 1 or (not hosts and request.version != "1.0"):
            raise RejectedError(HOSTS)
        if request.method == "CONNECT":
            raise RejectedError(TUNNEL)
        if names.count(b"expect") and request.header(b"expect").lower() != b"100-continue":
            raise RejectedError(EXPECTS)
        request.chunked = b"transfer-encoding" in names
        if request.chunked and request.version == "1.0":
            raise RejectedError(FRAMING)
        if request.chunked and request.header(b"transfer-encoding").strip().lower() != b"chunked":
            raise RejectedError(CODINGS)
        if b"content-length" in names:
            request.announced = int(request.header(b"content-length"))

    def on_body(self, data: bytes) -> None:
        """Take a part of the body, for the parser."""
        if not self.request.complete:
            self.request.body += data

    def on_message_complete(self) -> None:
        """Note that the request is complete, for the parser."""
        self._complete()
