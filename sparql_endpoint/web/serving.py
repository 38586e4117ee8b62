"""The application together with the engine behind it, as a server runs them.

When a load has made a new generation of a store on disk, the engine takes it up and a fresh
application, with nothing kept of the old one, takes the old one's place: no request fails.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.web.app import create_app
from sparql_endpoint.web.beginning import Begun
from sparql_endpoint.web.loaded import is_url
from sparql_endpoint.web.runner import EngineRunner
from sparql_endpoint.web.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Serving"]

_LOOK_EVERY = 0.5
_SOON = 1.0
_log = logging.getLogger(__name__)


def _nothing(app: Flask) -> None:
    """Do nothing."""


class Serving:
    """A WSGI application over the dataset that ``begun`` loads, and the backend that stops with it.

    ``dress`` gives each application what goes over it, the first one in the background: queries do
    not wait for it, all else does. ``prepare`` then does what first readers would wait for.

    Raises:
        DataError, NotFoundError: the data cannot be loaded.
    """

    def __init__(
        self,
        begun: Begun,
        settings: Settings,
        dress: Callable[[Flask], None] = _nothing,
        prepare: Callable[[Flask], None] = _nothing,
    ) -> None:
        self._origin, self.engine = begun.origin, begun.engine
        self._settings, self._dress, self._prepare = settings, dress, prepare
        self._runner = EngineRunner(self.engine)
        self._digest = begun.dataset.about.digest
        self._stopped = threading.Event()
        self._completing = threading.Lock()
        self.dressed = threading.Event()
        """Set when the application has all that goes over it."""
        self.app = create_app(self._runner, begun.dataset.about, settings)
        self.engine.await_load()
        if self._origin.store and not is_url(self._origin.store):
            threading.Thread(target=self._watch, daemon=True).start()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer by the application of the newest dataset."""
        self.complete()
        return self.app(environ, start_response)

    def complete(self) -> None:
        """Return when the application has all that goes over it."""
        with self._completing:
            if not self.dressed.is_set():
                self._dress(self.app)
                self._prepare_soon(self.app)
                self.dressed.set()

    def stop(self, grace: float) -> None:
        """Let running queries end for ``grace`` seconds, and tell the rest."""
        self._stopped.set()
        self.engine.stop(grace)

    def refresh(self) -> bool:
        """Take up the dataset if it is another by now, and tell whether it was.

        Raises:
            ForumGraphError: it cannot be taken up; the old one stays.
        """
        dataset = self._origin.dataset()
        if dataset.about.digest == self._digest:
            return False
        self.engine.swap(dataset.load, per_child=dataset.per_child)
        self.complete()  # that of the last dataset, if nobody has asked for a page yet
        app = create_app(self._runner, dataset.about, self._settings)
        self._dress(app)
        self._prepare_soon(app)
        self.app, self._digest = app, dataset.about.digest
        return True

    def _prepare_soon(self, app: Flask) -> None:
        """Prepare ``app`` when the service answers: before, it would only delay the start."""

        def wait_and_prepare() -> None:
            if not self._stopped.wait(_SOON):
                self._prepare(app)

        threading.Thread(target=wait_and_prepare, daemon=True).start()

    def _watch(self) -> None:
        while not self._stopped.wait(_LOOK_EVERY):
            try:
                if self.refresh():
                    _log.warning("serving the new content of %s", self._origin.store)
            except ForumGraphError as error:
                _log.error("the new content of %s is not served: %s", self._origin.store, error)
                self._stopped.wait(10 * _LOOK_EVERY)
