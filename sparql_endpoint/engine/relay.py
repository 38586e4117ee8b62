"""The relay: where a child's SERVICE goes instead of the network, which it has not.

The zygote opens a port in the network of its children, which holds nothing else, and hands it to
the front. A query's SERVICE is rewritten to that port with a pass that is good for this query only;
the front asks the endpoint in its place.
"""

import secrets
import socket
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sparql_endpoint.engine.outreach import Outreach
from sparql_endpoint.errors import RemoteError

__all__ = ["Passes", "Relay"]

_AT_ONCE = 16
_IDLE = 10


class Passes:
    """The passes that are good now; a query under way has one."""

    def __init__(self) -> None:
        self._good: set[str] = set()

    def issue(self) -> str:
        """Return a new pass."""
        made = secrets.token_urlsafe(16)
        self._good.add(made)
        return made

    def withdraw(self, good: str) -> None:
        """Let a pass be good no more."""
        self._good.discard(good)

    def __contains__(self, shown: object) -> bool:
        return shown in self._good


class Relay:
    """An HTTP server on the port of the children, in threads of the front."""

    def __init__(self, listener: socket.socket, outreach: Outreach, passes: Passes) -> None:
        self._server = _Server(listener, outreach, passes)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="relay", daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """Where a child finds it; a pass must follow."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, listener: socket.socket, outreach: Outreach, passes: Passes) -> None:
        super().__init__(listener.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_address = listener.getsockname()
        self.outreach, self.passes = outreach, passes
        self.room = threading.BoundedSemaphore(_AT_ONCE)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _IDLE

    def do_POST(self) -> None:  # named by the base
        shown, _, number = self.path.removeprefix("/").partition("/")
        services = self.server.outreach.limits.services
        if (
            shown not in self.server.passes
            or not number.isdecimal()
            or int(number) >= len(services)
        ):
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"no pass")
            return
        query = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            kind, body = self._ask(services[int(number)], query)
        except RemoteError as error:
            self._answer(HTTPStatus.BAD_GATEWAY, "text/plain", str(error).encode())
        else:
            self._answer(HTTPStatus.OK, kind, body)

    def _ask(self, service: str, query: bytes) -> tuple[str, bytes]:
        """Ask when there is room; the time of waiting counts."""
        outreach, room = self.server.outreach, self.server.room
        ends = time.monotonic() + outreach.limits.service_time
        if not room.acquire(timeout=outreach.limits.service_time):
            raise RemoteError(f"{_AT_ONCE} services are being asked already: try again later")
        try:
            return outreach.ask(service, query, ends)
        finally:
            room.release()

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named by the base
        """Say nothing: the query's own outcome tells."""
