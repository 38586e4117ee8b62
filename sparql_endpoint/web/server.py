"""Serving the application over HTTP by gunicorn: one worker process with a pool of threads.

One process, so that cache, limits and figures are one; the engine's work is done elsewhere.
"""

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from sparql_endpoint.errors import AddressError
from sparql_endpoint.web.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Server", "listen", "web_address"]

_KEEP_ALIVE_SECONDS = 30
_LONGEST_LINE = 8190
"""The most that gunicorn reads of a first line; shorter is for the application to refuse."""
_REASONS = {
    errno.EADDRINUSE: "something else listens there; choose another with --port",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose another with --host",
    errno.EACCES: "that needs more rights; choose a port above 1023 with --port",
}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host`` and ``port``; port 0 takes any free one.

    Raises:
        AddressError: it cannot listen there; the message says why and what to do.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except (OSError, OverflowError) as fault:
        reason = _REASONS.get(getattr(fault, "errno", 0) or 0, str(fault))
        raise AddressError(f"cannot listen on {host} port {port}: {reason}") from None
    return listener


def web_address(listener: socket.socket) -> str:
    """Return the URL at which a browser of this machine finds ``listener``."""
    host, port = listener.getsockname()[:2]
    named = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  # compared, not bound
    return f"http://{named}:{port}/"


class Server(BaseApplication):
    """A server of ``app`` on a listening socket; ``ready`` is called when it takes requests."""

    def __init__(
        self,
        app: "WSGIApplication",
        listener: socket.socket,
        settings: Settings,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._app, self._listener, self._settings, self._ready = app, listener, settings, ready
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how to serve."""
        for name, value in self._configuration().items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":  # type: ignore[override]  # the stubs know ASGI better
        """Return the application."""
        return self._app

    def _configuration(self) -> dict[str, Any]:
        return {
            "bind": [f"fd://{self._listener.fileno()}"],
            "control_socket_disable": True,
            "graceful_timeout": self._settings.stop_seconds,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "limit_request_line": _LONGEST_LINE,
            "loglevel": "warning",
            "preload_app": True,
            "threads": self._settings.threads,
            "timeout": 0,  # the engine ends what runs too long; a thread may stream for longer
            "when_ready": lambda _: self._ready(),
            "worker_class": "gthread",
            "workers": 1,
        }
