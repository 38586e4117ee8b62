"""The site over the project's data, and over data made to break pages."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import (
    Query,
    QueryRunner,
    Result,
)
from sparql_endpoint.site.app import register
from sparql_endpoint.site.outlines import Outlines, outlines
from sparql_endpoint.site.svg import is_drawing

MODIFIED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def site_over(store: Store, digest: str = "1", *, own: bool = False, cached: int = 2000) -> Flask:
    """Return the whole application, endpoint and site, over a store; it counts no requests.

    ``cached`` is how many pages it may cache.
    """
    settings = Settings(requests_per_second=0, cache_entries=cached)
    app = create_app(QueryRunner.over(store), About(digest, MODIFIED, own=own), settings)
    register(app)
    return app


@pytest.fixture(scope="session")
def project() -> Flask:
    """Return the site over the project's own data."""
    return site_over(load_project(), own=True)


@pytest.fixture(scope="session")
def uncached_project() -> Flask:
    """Return the site over the project's own data; it makes each page anew."""
    return site_over(load_project(), own=True, cached=0)


@pytest.fixture
def client(project: Flask) -> FlaskClient:
    """Return a reader of the project's site, who has no cookie yet."""
    return project.test_client()


@pytest.fixture
def client_of() -> Callable[[str], FlaskClient]:
    """Return a function that gives a reader of a site over a text of Turtle."""

    def make(turtle: str) -> FlaskClient:
        store = Store()
        prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        store.load(BytesIO((prefixes + turtle).encode()), format=RdfFormat.TURTLE)
        return site_over(store).test_client()

    return make


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by each query that a page asks."""
    queries: list[str] = []
    run = QueryRunner.run

    def counting(runner: QueryRunner, query: Query) -> Result:
        queries.append(query.text)
        return run(runner, query)

    monkeypatch.setattr(QueryRunner, "run", counting)
    return queries


@pytest.fixture
def sheets() -> Outlines:
    """Return the outlines of the package; with CI set, their absence is a failure."""
    found = outlines()
    if found is None and os.environ.get("CI"):
        pytest.fail("CI must have the outlines of countries")
    if found is None:
        pytest.skip("there are no outlines of countries: they are made when it is installed")
    return found


@pytest.fixture
def drawing() -> None:
    """Skip where the package was built without what draws pictures; with CI set, fail."""
    if not is_drawing() and os.environ.get("CI"):
        pytest.fail("CI must have what draws pictures")
    if not is_drawing():
        pytest.skip("there is nothing that draws pictures: it is made when it is installed")
