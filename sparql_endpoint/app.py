"""The Flask application: what is served, put together from its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

from flask import Flask
from flask.sessions import NullSession, SessionInterface, SessionMixin

from sparql_endpoint.describe import (
    dataset_metadata,
    descriptions,
    downloads,
    dumps,
    openapi,
    rdf,
    tables,
)
from sparql_endpoint.endpoint import (
    graph_store,
    health,
    methods,
    problems,
    request_checks,
    sparql,
    static_files,
)
from sparql_endpoint.endpoint.metrics import Figures, Metrics
from sparql_endpoint.endpoint.proxies import through
from sparql_endpoint.endpoint.rate_limit import RateLimit
from sparql_endpoint.endpoint.response_cache import ResponseCache
from sparql_endpoint.endpoint.response_frame import ResponseFrame
from sparql_endpoint.endpoint.service import About, Service, attach, service
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.endpoint.shared_cache import SharedCache
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.reconcile import blueprint as reconcile

__all__ = ["TASKS", "Shared", "assemble", "create_app"]


def _make_columns(served: Service) -> None:
    if served.runner.second is not None:
        served.runner.second.make(served.runner.store)


TASKS: Mapping[str, Callable[[Service], None]] = {
    dumps.TASK: dumps.write_all,
    tables.TASK: tables.write_tables,
    "columns": _make_columns,
}
"""What takes an application longer than a request may, by name."""


class _NoSessions(SessionInterface):
    """One empty session for all requests: nobody logs in here."""

    _none = NullSession()

    def open_session(self, *_: object) -> SessionMixin:
        """Return the session that holds nothing and takes nothing."""
        return self._none


class _Application(Flask):
    """Flask without what costs each request and is not used here: sessions and coroutines."""

    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``func``: no view is a coroutine."""
        return func


@dataclass(frozen=True)
class Shared:
    """What all workers of a server share, and how they have it do things."""

    folder: Path
    rate_memory: Any = None
    figures: Figures | None = None
    start_task: Callable[[str], None] | None = None


def create_app(
    runner: QueryRunner,
    about: About,
    settings: Settings | None = None,
    shared: Shared | None = None,
) -> Flask:
    """Return an application that answers queries by ``runner``, whose dataset is ``about``.

    Without ``shared`` it is one that answers in one process.
    """
    return assemble(_service(runner, about, settings or Settings(), shared))


def assemble(served: Service) -> Flask:
    """Return an application that serves ``served``, to which more parts may be added."""
    app = _Application("sparql_endpoint.endpoint")
    app.config["MAX_CONTENT_LENGTH"] = served.settings.max_body_bytes
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    attach(app, served)
    for part in (request_checks, static_files, problems, methods):
        part.register(app)
    for part in (
        sparql,
        graph_store,
        rdf,
        downloads,
        tables,
        descriptions,
        dataset_metadata,
        openapi,
        reconcile,
        health,
    ):
        app.register_blueprint(part.blueprint)
    _wrap(app)
    return app


def _service(
    runner: QueryRunner, about: About, settings: Settings, shared: Shared | None
) -> Service:
    temporary = None if shared else mkdtemp(prefix="forumgraph-")
    shared = shared or Shared(Path(temporary or ""))
    entries = settings.cache_entries if about.immutable else 0
    cache = SharedCache(
        shared.folder / "cache",
        entries=entries,
        size=settings.cache_bytes,
        for_forks=temporary is None,
    )
    served = Service(
        runner,
        about,
        settings,
        shared.folder,
        cache,
        Metrics(cache, shared.figures),
        RateLimit(settings.requests_per_second, shared.rate_memory),
        shared.start_task,
        descriptions.service_description,
    )
    if temporary is not None:
        finalize(served, rmtree, temporary, ignore_errors=True)
    return served


def _wrap(app: Flask) -> None:
    """Put before the application what holds for every response, and the proxies it trusts."""
    state = service(app)
    cached = ResponseCache(
        app.wsgi_app, state.cache, state.about.digest, state.settings.max_body_bytes
    )
    framed = ResponseFrame(cached, state.metrics)
    outer = through(framed, state.settings.trusted_proxies)
    app.wsgi_app = outer  # type: ignore[method-assign, assignment]  # Flask documents this way
