"""The application that a server's workers share: the endpoint at first, then with the pages.

The imports of the endpoint take a third of a second, during which the data are loaded; the imports
of the pages take as long again. So the first workers have no pages. A worker adds the pages when a
reader asks for one before the fork server has added them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

    from sparql_endpoint.app import Shared
    from sparql_endpoint.endpoint.about import About
    from sparql_endpoint.endpoint.settings import Settings
    from sparql_endpoint.query.evaluation import QueryRunner

__all__ = ["Application", "make_app"]

_OF_PROGRAMS = frozenset({"/sparql", "/healthz", "/readyz", "/metrics"})
_PAGES = ("text/html", "text/*", "application/xhtml+xml")


class Application:
    """A Flask application by WSGI (PEP 3333); ``with_pages`` returns the same one with pages."""

    def __init__(self, app: "Flask", with_pages: "Callable[[Flask], Flask] | None" = None) -> None:
        self.flask, self._with_pages = app, with_pages

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if self._with_pages is not None and not _is_of_program(environ):
            self._complete()
        return self.flask.wsgi_app(environ, start)

    def _complete(self) -> None:
        if self._with_pages is not None:
            self.flask, self._with_pages = self._with_pages(self.flask), None

    def warm_up(self, *, is_open: bool) -> Iterator[None]:
        """Prepare in steps the pages that the first readers would wait for; yield after each step.

        The first step adds the pages. Where ``is_open`` is false, this process has no data, and
        the first step is the only one.
        """
        self._complete()
        yield
        if not is_open:
            return
        from sparql_endpoint.site.preparing import prepare  # noqa: PLC0415  # with the pages

        yield from prepare(self.flask)


def make_app(
    runner: "QueryRunner", about: "About", settings: "Settings", shared: "Shared"
) -> Application:
    """Return the application."""
    from sparql_endpoint.app import create_app  # noqa: PLC0415  # see above

    return Application(create_app(runner, about, settings, shared), _with_pages)


def _with_pages(app: "Flask") -> "Flask":
    from sparql_endpoint.app import assemble  # noqa: PLC0415  # see above
    from sparql_endpoint.endpoint.service import service  # noqa: PLC0415  # as above
    from sparql_endpoint.site.app import register  # noqa: PLC0415  # as above

    whole = assemble(service(app))
    register(whole)
    return whole


def _is_of_program(environ: "WSGIEnvironment") -> bool:
    """Return whether it is certain that the answer to a request is not a page."""
    accept = environ.get("HTTP_ACCEPT", "").lower()
    return environ["PATH_INFO"] in _OF_PROGRAMS and not any(name in accept for name in _PAGES)
