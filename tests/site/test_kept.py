"""What the site keeps of a dataset, and for how long."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.site import kept
from sparql_endpoint.site.app import register

LABEL = "<https://w3id.org/forumgraph/id/a> <http://www.w3.org/2000/01/rdf-schema#label> {} ."


def put(store: Store, name: str) -> None:
    """Let the one thing in ``store`` have ``name``."""
    store.clear()
    store.load(BytesIO(LABEL.format(f'"{name}"').encode()), format=RdfFormat.N_TRIPLES)


def reader(store: Store, *, immutable: bool) -> FlaskClient:
    """Return a reader of a site over ``store``."""
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC), immutable=immutable)
    app = create_app(QueryRunner.over(store), about)
    register(app)
    return app.test_client()


@pytest.mark.parametrize(
    ("immutable", "seconds", "found"), [(True, 999, "Old"), (False, 9, "Old"), (False, 61, "New")]
)
def test_names_are_kept_while_they_hold(
    monkeypatch: pytest.MonkeyPatch,
    immutable: bool,  # noqa: FBT001  # a case
    seconds: float,
    found: str,
) -> None:
    """As long as the dataset, or for a minute where the data may change under the service."""
    store = Store()
    put(store, "Old")
    client = reader(store, immutable=immutable)
    now = [0.0]
    monkeypatch.setattr(kept, "monotonic", lambda: now[0])
    assert "Old" in client.get("/search?q=old").text
    put(store, "New")
    now[0] = seconds
    text = client.get(f"/search?q={found.lower()}&again=1").text
    assert f"<bdi>{found}</bdi></a>" in text
