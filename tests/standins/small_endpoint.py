"""An application over a small dataset, and a client to ask it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint import html_pages
from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.query.evaluation import QueryRunner, Result

TRIG = """
PREFIX ex: <https://example.org/>
ex:a ex:label "A"@en , "Á"@es ; ex:size 3 .
GRAPH ex:g1 { ex:one ex:knows ex:two }
GRAPH ex:g2 { ex:two ex:knows ex:three }
"""


class PlainPages:
    """Pages as plain as can be: what the endpoint hands over, and nothing around it."""

    def form(self) -> str:
        return "<form>"

    def result(self, asked: QueryRequest, answer: Result) -> str:
        return answer.body.read().decode("utf-8")

    def problem(self, problem: Mapping[str, Any], query: str) -> str:
        return f"{problem['status']}: {query}"


@pytest.fixture(scope="session")
def store() -> Store:
    """Return three triples in the default graph and one in each of two named graphs."""
    store = Store()
    store.load(BytesIO(TRIG.encode()), format=RdfFormat.TRIG)
    return store


@pytest.fixture(scope="session")
def about() -> About:
    """Return what is known of the store."""
    return About("1234", datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), "A small dataset")


@pytest.fixture
def app(store: Store, about: About) -> Flask:
    """Return an application that serves the store, with pages for browsers."""
    app = create_app(QueryRunner.over(store), about)
    html_pages.attach(app, PlainPages())
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the application."""
    return app.test_client()
