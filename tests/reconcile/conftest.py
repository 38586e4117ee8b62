"""The reconciliation service over the project's data, and over a graph made for tests."""

import pytest
from flask.testing import FlaskClient
from openrefine import FILES, client_of

from sparql_endpoint.graph.dataset import load_files, load_project
from sparql_endpoint.query.evaluation import QueryRunner


@pytest.fixture(scope="module")
def project() -> FlaskClient:
    """Return a client of the service over the project's data."""
    return client_of(QueryRunner.over(load_project()))


@pytest.fixture(scope="module")
def small() -> FlaskClient:
    """Return a client of the service over a graph made for tests."""
    return client_of(QueryRunner.over(load_files(FILES)))
