"""What the endpoint offers browsers: the pages that somebody made for it, else none."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.query.evaluation import QueryRunner

ASK = "/sparql?query=ASK%7B%7D"
BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def bare(store: Store, about: About) -> FlaskClient:
    """Return a client of an endpoint for which nobody makes pages."""
    return create_app(QueryRunner.over(store), about).test_client()


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [("/sparql", 200, "<form>"), (ASK, 200, '"boolean":true'), (f"{ASK}&format=png", 406, "406: ")],
)
def test_a_browser_gets_the_pages_that_are_attached(
    client: FlaskClient, path: str, status: int, text: str
) -> None:
    """The form, an answer and a problem, each as whoever makes pages shows it."""
    response = client.get(path, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert text in response.text


@pytest.mark.parametrize(
    ("path", "status", "media_type"),
    [
        ("/sparql", 200, "text/plain"),
        (ASK, 200, "application/sparql-results+json"),
        (f"{ASK}&format=html", 406, "application/problem+json"),
        ("/nowhere", 404, "application/problem+json"),
    ],
)
def test_without_pages_there_is_no_html(
    bare: FlaskClient, path: str, status: int, media_type: str
) -> None:
    """A browser, which takes anything, gets data; who asks for HTML alone is told what there is."""
    response = bare.get(path, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (status, media_type)
    only = bare.get(ASK, headers={"Accept": "text/html"})
    assert only.status_code == 406
    assert "text/html" not in only.get_json()["available"]


@pytest.mark.parametrize("path", ["/sparql", ASK])
def test_a_page_known_to_the_client_is_a_304(client: FlaskClient, path: str) -> None:
    """RFC 9110, section 13.1.2: a page has a tag too, another than the data at its address."""
    page = client.get(path, headers=BROWSER)
    etag = page.headers["ETag"]
    assert etag != client.get(path, headers={"Accept": "*/*"}).headers["ETag"]
    again = client.get(path, headers={**BROWSER, "If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert {"Accept", "Accept-Encoding"} <= set(again.headers["Vary"].split(", "))
    assert client.get(path, headers={**BROWSER, "If-None-Match": '"other"'}).status_code == 200
