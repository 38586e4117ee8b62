"""The service proxy: it sends the SERVICE patterns of workers, which have no network, to endpoints.

The fork server opens a port in the network namespace of its workers, which contains nothing else,
and hands it to the listener. The SERVICE of a query is rewritten to that port, with a token that no
query can know. The proxy then asks the endpoint, and returns its answer to the worker.
"""

import secrets
import socket
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sparql_endpoint.errors import RemoteError
from sparql_endpoint.federation.client import ServiceClient

__all__ = ["ServiceProxy"]

_AT_ONCE = 16
_IDLE = 10


class ServiceProxy:
    """An HTTP server on ``port``, the port of the workers, in threads of this process."""

    def __init__(self, port: socket.socket, client: ServiceClient, token: str) -> None:
        self._server = _Server(port, client, token)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="service proxy", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: socket.socket, client: ServiceClient, token: str) -> None:
        super().__init__(port.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = port
        self.server_address = port.getsockname()
        self.client, self.token = client, token
        self.room = threading.BoundedSemaphore(_AT_ONCE)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _IDLE

    def do_POST(self) -> None:  # named by the base
        token, _, number = self.path.removeprefix("/").partition("/")
        services = self.server.client.limits.services
        if (
            not secrets.compare_digest(token, self.server.token)
            or not number.isdecimal()
            or int(number) >= len(services)
        ):
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"the token is wrong")
            return
        query = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            kind, body = self._ask(services[int(number)], query)
        except RemoteError as error:
            self._answer(HTTPStatus.BAD_GATEWAY, "text/plain", str(error).encode())
        else:
            self._answer(HTTPStatus.OK, kind, body)

    def _ask(self, service: str, query: bytes) -> tuple[str, bytes]:
        """Ask an endpoint; the time of waiting for a free place counts towards the time limit."""
        client, room = self.server.client, self.server.room
        ends = time.monotonic() + client.limits.service_time
        if not room.acquire(timeout=client.limits.service_time):
            raise RemoteError(f"{_AT_ONCE} services are being asked already: try again later")
        try:
            return client.ask(service, query, ends)
        finally:
            room.release()

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named by the base
        """Log nothing: the outcome of the query is logged."""
