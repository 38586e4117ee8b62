"""The Flask application: what is served, put together from its parts."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from sparql_endpoint.web import (
    descriptions,
    downloads,
    graphs,
    headers,
    pages,
    problems,
    rdf,
    reconcile,
    sparql,
)
from sparql_endpoint.web.cache import AnswerCache
from sparql_endpoint.web.dumps import Dumps
from sparql_endpoint.web.ready import ReadyAnswers
from sparql_endpoint.web.runner import Runner
from sparql_endpoint.web.service import About, Service, attach
from sparql_endpoint.web.settings import Settings

__all__ = ["create_app"]


def create_app(runner: Runner, about: About, settings: Settings | None = None) -> Flask:
    """Return an application that answers queries by ``runner``, whose dataset is ``about``."""
    settings = settings or Settings()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    cache = AnswerCache(settings.cache_entries, settings.cache_bytes)
    dumps = Dumps(runner, about.digest, most_triples=settings.dump_triples, merged=about.own)
    attach(app, Service(runner, about, settings, cache, dumps))
    headers.register(app)
    problems.register(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(sparql.blueprint)
    app.register_blueprint(graphs.blueprint)
    app.register_blueprint(rdf.blueprint)
    app.register_blueprint(downloads.blueprint)
    app.register_blueprint(descriptions.blueprint)
    app.register_blueprint(reconcile.blueprint)
    _wrap(app, cache, settings)
    return app


def _wrap(app: Flask, cache: AnswerCache, settings: Settings) -> None:
    """Put ready answers before the application, and believed proxies before these."""
    most = settings.cache_entries
    wsgi = ReadyAnswers(app.wsgi_app, cache, most_requests=most, most_bytes=settings.max_body_bytes)
    hops = settings.trusted_proxies
    outer = ProxyFix(wsgi, hops, hops, hops, hops, hops) if hops else wsgi
    app.wsgi_app = outer  # type: ignore[method-assign, assignment]  # Flask documents this way of wrapping
