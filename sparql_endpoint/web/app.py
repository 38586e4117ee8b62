"""The Flask application: what is served, put together from its parts."""

from flask import Flask

from sparql_endpoint.web import (
    descriptions,
    downloads,
    graphs,
    headers,
    methods,
    openapi,
    problems,
    rdf,
    reconcile,
    sparql,
    static_files,
    watch,
)
from sparql_endpoint.web.cache import AnswerCache
from sparql_endpoint.web.dumps import Dumps
from sparql_endpoint.web.forwarded import through
from sparql_endpoint.web.metrics import Metrics
from sparql_endpoint.web.rate import RateLimit
from sparql_endpoint.web.ready import READY, ReadyAnswers
from sparql_endpoint.web.runner import EngineRunner, Runner
from sparql_endpoint.web.service import About, Service, attach
from sparql_endpoint.web.settings import Settings

__all__ = ["create_app"]


def create_app(runner: Runner, about: About, settings: Settings | None = None) -> Flask:
    """Return an application that answers queries by ``runner``, whose dataset is ``about``."""
    settings = settings or Settings()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    served = _service(runner, about, settings)
    attach(app, served)
    for part in (static_files, headers, problems, watch, methods):
        part.register(app)
    for part in (sparql, graphs, rdf, downloads, descriptions, openapi, reconcile):
        app.register_blueprint(part.blueprint)
    _wrap(app, served)
    return app


def _service(runner: Runner, about: About, settings: Settings) -> Service:
    entries = settings.cache_entries if about.steady else 0
    cache = AnswerCache(entries, settings.cache_bytes)
    engine = runner.engine if isinstance(runner, EngineRunner) else None
    return Service(
        runner,
        about,
        settings,
        cache,
        Dumps(
            runner,
            about.digest,
            most_triples=settings.dump_triples,
            merged=about.own,
            as_written=about.as_written,
        ),
        Metrics(cache, engine),
        RateLimit(settings.requests_per_second),
    )


def _wrap(app: Flask, served: Service) -> None:
    """Put ready answers before the application, and believed proxies before these."""
    settings = served.settings
    wsgi = ReadyAnswers(
        app.wsgi_app,
        served.cache,
        served.metrics,
        most_requests=settings.cache_entries if served.about.steady else 0,
        most_bytes=settings.max_body_bytes,
    )
    app.extensions[READY] = wsgi
    outer = through(wsgi, settings.trusted_proxies)
    app.wsgi_app = outer  # type: ignore[method-assign, assignment]  # Flask documents this way
