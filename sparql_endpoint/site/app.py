"""Putting the site's pages over the endpoint's application."""

from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from sparql_endpoint.site import entities, kept, languages, showing

__all__ = ["register"]


def register(app: Flask) -> None:
    """Give ``app``, an application of ``web.app.create_app``, the pages of the site.

    The site's templates go before those of the same name, so that every page has one frame.
    """
    own = FileSystemLoader(Path(__file__).parent / "templates")
    app.jinja_loader = ChoiceLoader([own, *filter(None, [app.jinja_loader])])
    kept.attach(app)
    languages.register(app)
    showing.register(app)
    app.register_blueprint(entities.blueprint)
