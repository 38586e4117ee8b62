"""SPARQL 1.1 Graph Store HTTP Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store
from werkzeug.test import TestResponse

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.query.evaluation import QueryRunner

G1 = "https://example.org/g1"
ONE = "<https://example.org/one> <https://example.org/knows> <https://example.org/two> ."


def triples(response: TestResponse) -> list[str]:
    """Return the triples of an answer in N-Triples, sorted."""
    assert (response.status_code, response.mimetype) == (200, "application/n-triples")
    return sorted(response.text.splitlines())


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_named_graph(client: FlaskClient, slash: str) -> None:
    """Section 4.2 and 5.2: ?graph= names it, and the answer is its triples and no others."""
    got = client.get(f"/graphs{slash}?graph={G1}", headers={"Accept": "application/n-triples"})
    assert triples(got) == [ONE]


def test_the_default_graph(client: FlaskClient) -> None:
    """Section 4.2: ?default, with or without a value."""
    for query in ("default", "default="):
        assert len(triples(client.get(f"/graphs?{query}&format=nt"))) == 3


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/html", "text/html"),
    ],
)
def test_the_format_is_negotiated(client: FlaskClient, accept: str, media_type: str) -> None:
    """Section 5.2: the representation that the client accepts, and a page for browsers."""
    response = client.get(f"/graphs?graph={G1}", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert "Accept" in response.headers["Vary"].split(", ")


def test_no_acceptable_format_is_a_406(client: FlaskClient) -> None:
    """Section 5.2: and it says what there is."""
    response = client.get(f"/graphs?graph={G1}", headers={"Accept": "text/csv"})
    assert (response.status_code, "text/turtle" in response.get_json()["available"]) == (406, True)


@pytest.mark.parametrize("path", ["/graphs?graph=https://example.org/none", "/graphs/none"])
def test_an_unknown_graph_is_a_404(client: FlaskClient, path: str) -> None:
    """Section 5.2: 404 if there is no such graph."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["graph=relative", "graph=", f"graph={G1}&default", f"graph={G1}&graph={G1}"]
)
def test_not_exactly_one_graph_by_an_absolute_iri_is_a_400(client: FlaskClient, query: str) -> None:
    """Section 4.2: the IRI is absolute, and there is one."""
    assert client.get(f"/graphs?{query}").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [f"/graphs?graph={G1}", "/graphs?default", "/graphs/data/forums"])
def test_writing_is_refused(client: FlaskClient, method: str, path: str) -> None:
    """Section 5.1: 405 for a method that is not supported, naming those that are."""
    response = client.open(path, method=method, data=ONE, content_type="text/turtle")
    allowed = set(response.headers["Allow"].split(", "))
    assert (response.status_code, allowed) == (405, {"GET", "HEAD", "OPTIONS"})
    assert triples(client.get(f"/graphs?graph={G1}&format=nt")) == [ONE]


def test_head_is_get_without_the_body(client: FlaskClient) -> None:
    """Section 5.6."""
    got, head = client.get(f"/graphs?graph={G1}"), client.head(f"/graphs?graph={G1}")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_without_a_graph_it_says_which_there_are(client: FlaskClient) -> None:
    """The Service Description names them."""
    response = client.get("/graphs", headers={"Accept": "text/turtle"})
    assert f"<{G1}>" in response.text


def test_a_graph_known_to_the_client_is_a_304(client: FlaskClient) -> None:
    """The same validators as for a query."""
    etag = client.get(f"/graphs?graph={G1}").headers["ETag"]
    assert client.get(f"/graphs?graph={G1}", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    "iri", ["http://localhost/graphs/data/forums", "https://w3id.org/forumgraph/graph/data/forums"]
)
def test_a_graph_by_its_own_url(about: About, iri: str) -> None:
    """Section 4.1: the URL is the graph's IRI, or stands for the project's of that name."""
    store = Store()
    store.load(BytesIO(f"<a:s> <a:p> <a:o> <{iri}> .".encode()), format=RdfFormat.N_QUADS)
    client = create_app(QueryRunner.over(store), about).test_client()
    assert triples(client.get("/graphs/data/forums?format=nt")) == ["<a:s> <a:p> <a:o> ."]


def test_other_formats_are_linked(client: FlaskClient) -> None:
    """Each at an address that is answered."""
    link = client.get(f"/graphs?graph={G1}").headers["Link"]
    assert '<./graphs?graph=https%3A%2F%2Fexample.org%2Fg1&format=jsonld>; rel="alternate"' in link
