"""What the first readers would otherwise wait for, done once the service has begun to answer."""

import logging
from collections.abc import Iterator

from flask import Flask, g

from sparql_endpoint.describe.class_partitions import properties_of_classes
from sparql_endpoint.describe.void_counts import statistics
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.site import svg
from sparql_endpoint.site.languages import LANGUAGES

__all__ = ["prepare"]

_PAGES = ("/", "/browse/dfo:Claim", "/changes", "/disagreements", "/ontology", "/search?q=forum")
"""Pages over the whole dataset, of which most is kept; others are made of what these need."""
_log = logging.getLogger(__name__)


def prepare(app: Flask) -> Iterator[None]:
    """Read templates, words and names, and make what is kept for the dataset of ``app``.

    It yields after each step.

    Views are called as for a request, but no request is counted. Somebody else's data, which are of
    any size and may never be looked at as pages, are left alone until somebody does.
    """
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
        yield
    if not service(app).about.own:
        return
    for tag in LANGUAGES:
        for path in _PAGES:
            _make(app, path, tag)
            yield
    svg.prepare()
    yield
    try:
        statistics(service(app))
        yield
        properties_of_classes(service(app))
    except ForumGraphError as error:
        _log.info("the dataset is not counted: %s", error)


def _make(app: Flask, path: str, tag: str = "en") -> None:
    with app.test_request_context(path, headers={"Accept": "text/html"}):
        g.language = tag
        try:
            app.dispatch_request()
        except ForumGraphError as error:  # nothing of that kind is there, or no room just now
            _log.info("%s is not prepared: %s", path, error)
