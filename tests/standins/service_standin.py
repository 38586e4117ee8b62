"""An endpoint of this machine for SERVICE to ask, which answers as the path of its address says."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["PATHS", "RESULTS_JSON", "ROWS", "ServiceStandIn"]

ROWS = {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "x:1"}}]}}
RESULTS_JSON = "application/sparql-results+json"
PATHS = ("ok", "elsewhere", "error", "html", "endless", "slow", "drip", "half", "short", "gzip")
"""The ways in which it answers: with ``ROWS``, or as no endpoint should."""


class ServiceStandIn(ThreadingHTTPServer):
    """The endpoint, and what it was asked: paths and queries."""

    asked: list[tuple[str, bytes]]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = []

    def handle_error(self, *_: object) -> None:
        """Say nothing: a reader that leaves is what the tests want."""

    @property
    def url(self) -> str:
        """Its address, below which the ``PATHS`` are."""
        return f"http://localhost:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: ServiceStandIn

    def do_POST(self) -> None:
        way = self.path.strip("/")
        self.server.asked.append((way, self.rfile.read(int(self.headers["Content-Length"]))))
        getattr(self, f"_{way}")()

    def _ok(self) -> None:
        self._send(200, RESULTS_JSON, json.dumps(ROWS).encode())

    def _elsewhere(self) -> None:
        self._begin(302, Location="/ok")

    def _error(self) -> None:
        self._send(500, "text/plain", b"no")

    def _html(self) -> None:
        self._send(200, "text/html", b"<p>no")

    def _gzip(self) -> None:
        self._begin(200, Content_Type=RESULTS_JSON, Content_Encoding="gzip")

    def _half(self) -> None:
        self._send(200, RESULTS_JSON, b'{"head":{"vars":["s"]},"results":')

    def _endless(self) -> None:
        self._begin(200, Content_Type=RESULTS_JSON)
        while True:
            self.wfile.write(b" " * 10_000)

    def _slow(self) -> None:
        self._begin(200, Content_Type=RESULTS_JSON)
        for _ in range(50):
            self.wfile.write(b" ")
            time.sleep(0.1)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(50):
            self.wfile.write(b"X-%d: x\r\n" % n)
            time.sleep(0.1)

    def _short(self) -> None:
        self._begin(200, Content_Type=RESULTS_JSON, Content_Length="1000")
        self.wfile.write(json.dumps(ROWS).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self._begin(status, Content_Type=kind, Content_Length=str(len(body)))
        self.wfile.write(body)

    def _begin(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
