"""The application that a server's workers share: the endpoint with the pages of the site.

What these functions import takes half a second, in which the data are loaded.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from sparql_endpoint.app import Shared
    from sparql_endpoint.endpoint.about import About
    from sparql_endpoint.endpoint.settings import Settings
    from sparql_endpoint.query.evaluation import QueryRunner

__all__ = ["make_app", "warm_up"]


def make_app(
    runner: "QueryRunner", about: "About", settings: "Settings", shared: "Shared"
) -> "Flask":
    """Return the application."""
    from sparql_endpoint.app import create_app  # noqa: PLC0415  # see above
    from sparql_endpoint.site.app import register  # noqa: PLC0415  # see above

    app = create_app(runner, about, settings, shared)
    register(app)
    return app


def warm_up(app: "Flask") -> Iterator[None]:
    """Do what first readers would wait for, and yield after each step."""
    from sparql_endpoint.site.preparing import prepare  # noqa: PLC0415  # behind the first answer

    yield from prepare(app)
