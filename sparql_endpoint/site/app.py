"""Putting the site's pages over the endpoint's application."""

from flask import Flask

from sparql_endpoint.endpoint import html_pages
from sparql_endpoint.site import (
    browse,
    changes,
    crawlers,
    disagreements,
    editor,
    endpoint_pages,
    entities,
    front,
    help_pages,
    kept,
    languages,
    ontology_page,
    own_iris,
    pages_kept,
    picture_pages,
    provenance,
    question_pages,
    search_page,
    sentences,
    showing,
    trust_pages,
)

__all__ = ["register"]

_BLUEPRINTS = (
    front.blueprint,
    entities.blueprint,
    browse.blueprint,
    search_page.blueprint,
    question_pages.blueprint,
    trust_pages.blueprint,
    disagreements.blueprint,
    picture_pages.blueprint,
    ontology_page.blueprint,
    help_pages.blueprint,
    changes.blueprint,
    crawlers.blueprint,
    own_iris.blueprint,
    editor.blueprint,
)


def register(app: Flask) -> None:
    """Give ``app``, an application of ``web.app.create_app``, the pages of the site."""
    html_pages.attach(app, endpoint_pages)
    kept.attach(app)
    for part in (languages, showing, provenance, sentences, editor, endpoint_pages):
        part.register(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    kept_pages = frozenset(blueprint.name for blueprint in _BLUEPRINTS)
    pages_kept.register(app, kept_pages)
