"""Serving the application over HTTP by gunicorn: one worker process with a pool of threads.

One process, so that cache, limits and figures are one; the engine's work is done in others. The
application is made in the worker, since the engine must not be forked once it has started.
"""

import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol

import click
from gunicorn.app.base import BaseApplication

from sparql_endpoint.errors import AddressError, ForumGraphError
from sparql_endpoint.web.settings import Settings
from sparql_endpoint.web.worker import Worker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Backend", "Server", "listen", "web_address"]

_KEEP_ALIVE_SECONDS = 30
_LAST_WORDS_SECONDS = 2
_LONGEST_LINE = 8190
"""The most that gunicorn reads of a first line; shorter is for the application to refuse."""
_CANNOT_START = 4
"""The exit code of a worker by which gunicorn knows not to try again."""
_REASONS = {
    errno.EADDRINUSE: "something else listens there; choose another with --port",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose another with --host",
    errno.EACCES: "that needs more rights; choose a port above 1023 with --port",
}


class Backend(Protocol):
    """What answers behind the application, and is stopped with it."""

    def stop(self, grace: float) -> None:
        """Let running queries end for ``grace`` seconds, and tell the rest."""
        ...


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
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except OSError:
            listener.close()
            raise
    except OSError as fault:
        reason = _REASONS.get(fault.errno or 0, str(fault))
        raise AddressError(f"cannot listen on {host} port {port}: {reason}") from None
    return listener


def web_address(listener: socket.socket) -> str:
    """Return the URL at which a browser of this machine finds ``listener``."""
    host, port = listener.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    return f"http://[{local}]:{port}/" if ":" in local else f"http://{local}:{port}/"


class Server(BaseApplication):
    """A server on a listening socket; ``make`` gives what it serves, ``ready`` is called then."""

    def __init__(
        self,
        make: "Callable[[], tuple[WSGIApplication, Backend]]",
        listener: socket.socket,
        settings: Settings,
        ready: Callable[[], None],
    ) -> None:
        self._make, self._listener, self._settings, self._ready = make, listener, settings, ready
        self._backend: Backend | None = None
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how to serve."""
        for name, value in self._configuration().items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":  # type: ignore[override]  # the stubs know ASGI better
        """Return the application, made in the worker; a failure ends the server with one line."""
        try:
            app, self._backend = self._make()
        except ForumGraphError as error:
            click.echo(f"forumgraph: {error}", err=True)
            sys.exit(_CANNOT_START)
        return app

    def _configuration(self) -> dict[str, Any]:
        grace = self._settings.stop_seconds
        return {
            "bind": [f"fd://{self._listener.fileno()}"],
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # the application believes proxies, where it is told to
            "graceful_timeout": int(grace) + _LAST_WORDS_SECONDS,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "limit_request_line": _LONGEST_LINE,
            "loglevel": "critical",  # the application's own log has what happens in it
            "post_worker_init": lambda _: self._begin(),
            "threads": self._settings.threads,
            "timeout": 0,  # the engine ends what runs too long; an answer may stream for longer
            "worker_class": Worker,
            "worker_exit": lambda _arbiter, _worker: self._end(0),
            "workers": 1,
        }

    def _begin(self) -> None:
        """Let the signal that stops the worker stop the engine too, so that queries are told."""
        stop_worker = signal.getsignal(signal.SIGTERM)

        def stop(number: int, frame: FrameType | None) -> None:
            grace = self._settings.stop_seconds
            threading.Thread(target=self._end, args=(grace,), daemon=True).start()
            if callable(stop_worker):
                stop_worker(number, frame)

        signal.signal(signal.SIGTERM, stop)
        self._ready()

    def _end(self, grace: float) -> None:
        if self._backend is not None:
            self._backend.stop(grace)
