"""Putting the site's pages over the endpoint's application."""

from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from sparql_endpoint.site import (
    browse,
    changes,
    disagreements,
    editor,
    entities,
    front,
    help_pages,
    kept,
    languages,
    ontology_page,
    pages_kept,
    search_page,
    showing,
)

__all__ = ["register"]

_PARTS = (
    entities.blueprint,
    browse.blueprint,
    search_page.blueprint,
    disagreements.blueprint,
    ontology_page.blueprint,
    help_pages.blueprint,
    changes.blueprint,
    editor.blueprint,
)


def register(app: Flask) -> None:
    """Give ``app``, an application of ``web.app.create_app``, the pages of the site.

    The site's templates go before those of the same name, so that every page has one frame.
    """
    own = FileSystemLoader(Path(__file__).parent / "templates")
    app.jinja_loader = ChoiceLoader([own, *filter(None, [app.jinja_loader])])
    kept.attach(app)
    languages.register(app)
    showing.register(app)
    editor.register(app)
    for part in _PARTS:
        app.register_blueprint(part)
    app.view_functions["pages.home"] = front.page
    kept_pages = frozenset({"pages", *(part.name for part in _PARTS)})
    pages_kept.register(app, kept_pages, frozenset({ontology_page.blueprint.name}))
