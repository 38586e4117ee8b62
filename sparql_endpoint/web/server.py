"""Serving over HTTP by uvicorn: one process, an event loop for queries, threads for the rest.

One process, so that cache, limits and figures are one; the engine's work is done in others.
"""

import logging
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Protocol

import uvicorn

from sparql_endpoint.web.connection import Connection
from sparql_endpoint.web.front import Front, Source
from sparql_endpoint.web.logs import Answered
from sparql_endpoint.web.service import of
from sparql_endpoint.web.settings import Settings

__all__ = ["Backend", "Server"]

_LAST_WORDS_SECONDS = 2
_SWITCH_SECONDS = 0.001
"""How long a page in the making may keep the loop waiting; five times that is Python's default."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_log = logging.getLogger(__name__)


class Backend(Source, Protocol):
    """What has the application, and is stopped with the server."""

    def stop(self, grace: float) -> None:
        """Let running queries end for ``grace`` seconds, and tell the rest."""
        ...


class Server(uvicorn.Server):
    """Serves ``backend``; ``ready`` is called once it does."""

    def __init__(self, backend: Backend, settings: Settings, ready: Callable[[], None]) -> None:
        self._backend, self._ready, self._grace = backend, ready, settings.stop_seconds
        super().__init__(
            uvicorn.Config(
                Front(backend, settings),
                access_log=False,  # the application's own log has what happens in it
                http=partial(Connection, settings, self._note),  # type: ignore[arg-type]  # it is only called
                interface="asgi3",
                lifespan="off",
                log_config=None,
                loop="uvloop",
                proxy_headers=False,  # the application believes proxies, where it is told to
                server_header=False,
                timeout_graceful_shutdown=int(self._grace) + _LAST_WORDS_SECONDS,
                timeout_keep_alive=settings.keep_alive_seconds,
                ws="none",
            )
        )

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until a signal to stop comes, and for as long as running queries may take then."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection is a descriptor
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # the front tells of errors
        for number in _SIGNALS:  # uvicorn raises it once more when it has stopped
            signal.signal(number, signal.SIG_IGN)
        try:
            self.run(sockets=[listener])
        finally:
            self._backend.stop(0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        self._ready()
        threading.Thread(target=self._complete, daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let the signal that stops the server stop the engine too, so that queries are told."""
        threading.Thread(target=self._backend.stop, args=(self._grace,), daemon=True).start()
        super().handle_exit(sig, frame)

    def _complete(self) -> None:
        try:
            self._backend.complete()
        except Exception:  # noqa: BLE001  # who asks for a page meets it again
            _log.exception("unforeseen error")

    def _note(self, answered: Answered) -> None:
        """Count and log a request that no application has seen."""
        of(self._backend.app).metrics.note("connection", answered)
