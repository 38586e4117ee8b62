"""The endpoint for people: what its pages show of a query and of its answer."""

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

import html5rdf
import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.query.evaluation import (
    Query,
    QueryRunner,
    Result,
)
from sparql_endpoint.query.result_sink import Body
from sparql_endpoint.site.app import register

ABOUT = About("1", datetime(2024, 5, 6, tzinfo=UTC))
BROWSER = {"Accept": "text/html"}
TRIG = """
PREFIX ex: <https://example.org/>
ex:a ex:label "A"@en , "Á"@es ; ex:size 3 .
GRAPH ex:g1 { ex:one ex:knows ex:two }
"""


def reader(runner: QueryRunner, settings: Settings | None = None) -> FlaskClient:
    """Return a reader of a site whose queries are answered by ``runner``."""
    app = create_app(runner, ABOUT, settings)
    register(app)
    return app.test_client()


@pytest.fixture(scope="module")
def store() -> Store:
    """Return three triples in the default graph and one in a named graph."""
    store = Store()
    store.load(BytesIO(TRIG.encode()), format=RdfFormat.TRIG)
    return store


@pytest.fixture
def small(store: Store) -> FlaskClient:
    """Return a reader of a site over the store."""
    return reader(QueryRunner.over(store))


def page(client: FlaskClient, query: str) -> str:
    """Return the page that shows the answer to a query."""
    response = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    return response.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sparql",
        "/sparql?query=SELECT+*+%7B?s+?p+?o%7D",
        "/sparql?query=ASK%7B%7D",
        "/sparql?query=DESCRIBE+%3Chttps://example.org/a%3E",
        "/sparql?query=broken",
        "/graphs?graph=https://example.org/g1",
    ],
)
def test_pages_are_valid_html(small: FlaskClient, path: str) -> None:
    """A strict parser finds no error, over data of somebody else as well."""
    response = small.get(path, headers=BROWSER)
    assert response.mimetype == "text/html"
    html5rdf.HTMLParser(strict=True).parse(response.data, transport_encoding="utf-8")
    assert response.text.count("<h1") == 1


def test_a_table_of_a_select(small: FlaskClient) -> None:
    """Columns by variable, languages and numbers told, how many rows."""
    text = page(small, "SELECT ?p ?o { ?s ?p ?o } ORDER BY ?o")
    assert re.findall(r'<th scope="col">(\w+)</th>', text) == ["p", "o"]
    assert "3 rows" in text
    assert '<span lang="es">Á</span> <small>es</small>' in text
    assert 'class="number"' in text


def test_a_warning_stands_above_the_answer(small: FlaskClient) -> None:
    """An answer that is not what SPARQL asks says so to people as well."""
    query = "SELECT (<https://example.org/f>(1) AS ?x) {}"
    page = small.get("/sparql", query_string={"query": query}, headers=BROWSER).text

    assert "the function &lt;https://example.org/f&gt; is not known here" in page


def test_one_row_is_one_row(small: FlaskClient) -> None:
    """The count reads well."""
    assert re.search(r">1\s+row<", page(small, "SELECT (1 AS ?x) {}"))


def test_unbound_cells_are_empty(small: FlaskClient) -> None:
    """A variable without a value has an empty cell."""
    text = page(small, "SELECT ?x ?y { BIND (1 AS ?x) }")
    assert '<td data-name="y"></td>' in text


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ("<https://example.org/x>", 'href="https://example.org/x">https://example.org/x</a>'),
        ("id:chile", '<a href="./page/chile"><bdi>id:chile</bdi></a> <small>id:chile</small>'),
        ("<javascript:alert(1)>", "<span>javascript:alert(1)</span>"),
        ('"<b>"', "<span>&lt;b&gt;</span>"),
        ('"2018"^^xsd:gYear', "<small>xsd:gYear</small>"),
    ],
)
def test_how_a_term_is_shown(small: FlaskClient, term: str, shown: str) -> None:
    """IRIs of the web lead there, ours to their pages, others nowhere; text stays text."""
    assert shown in page(small, f"SELECT ?x {{ VALUES ?x {{ {term} }} }}")


def test_blank_nodes_and_triple_terms_are_shown(small: FlaskClient) -> None:
    """Also terms without a name."""
    assert "_:" in page(small, "SELECT (BNODE() AS ?x) {}")
    text = page(small, "SELECT (TRIPLE(id:a, rdf:type, 1) AS ?x) {}")
    assert "&lt;&lt;( id:a rdf:type 1 )&gt;&gt;" in text


def test_a_long_table_is_cut_and_says_so(store: Store) -> None:
    """The page has as many rows as the setting says, and leads on to the rest."""
    client = reader(QueryRunner.over(store), Settings(page_rows=2))
    query = "SELECT * { ?s ?p ?o } ORDER BY ?o"
    text = page(client, query)
    notice = 'role="alert">This is not the whole answer, only its beginning.'
    assert notice in text
    assert text.count("<tr>") == 3
    found = re.search(r'<a href="([^"]+)">Go on to the next part</a>', text)
    assert found
    rest = client.get(unescape(found[1]).removeprefix("."), headers=BROWSER).text
    assert rest.count("<tr>") == 2
    assert notice not in rest


def test_a_table_of_an_answer_that_is_longer_says_how_long(store: Store) -> None:
    """A client that takes Turtle too has the whole asked, since its query may be for triples."""
    client = reader(QueryRunner.over(store), Settings(page_rows=2))
    asked = {"query": "SELECT * { VALUES ?x { 1 2 3 } }"}
    headers = {"Accept": "text/html;q=0.9, text/turtle"}
    text = client.get("/sparql", query_string=asked, headers=headers).text
    assert "3 rows; the first 2 are shown" in text
    assert text.count("<tr>") == 3


def test_the_answer_of_an_ask(small: FlaskClient) -> None:
    """Yes or no."""
    assert ">Yes<" in page(small, "ASK {}")
    assert ">No<" in page(small, "ASK { FILTER(false) }")


def test_triples_are_shown_as_turtle(small: FlaskClient) -> None:
    """Escaped, with a word where there are none."""
    text = page(small, "CONSTRUCT { id:a rdfs:label '<i>' } {}")
    assert "rdfs:label" in text
    assert "&#34;&lt;i&gt;&#34;" in text
    assert "No triple." in page(small, "CONSTRUCT { id:a rdfs:label 1 } { FILTER(false) }")


def test_an_answer_too_long_for_a_page_says_so() -> None:
    """And leads to the files; one that was cut says that as well."""

    class Endless(QueryRunner):
        def run(self, query: Query) -> Result:
            del query
            return Result(is_graph=False, body=Body(b"x" * 20_000_000), complete=False, rows=2)

    text = page(reader(Endless(Store)), "ASK {}")
    assert "too long for a page" in text
    assert "not the whole answer" in text


def test_a_page_links_to_the_formats(small: FlaskClient) -> None:
    """The same question, graphs included, as a file."""
    response = small.get(
        "/sparql?query=ASK%7B%7D&named-graph-uri=https://example.org/g1", headers=BROWSER
    )
    assert "named-graph-uri=https://example.org/g1&amp;format=csv" in response.text


def test_the_form_keeps_the_query(small: FlaskClient) -> None:
    """A query that begins with a line break keeps it: HTML drops the first one of a textarea."""
    text = page(small, "\nASK {}")
    assert re.search(r"<textarea[^>]*>\n\nASK \{\}</textarea>", text)


@pytest.mark.parametrize(
    ("tag", "title"), [("en", "When the Forum was"), ("es", "Cuándo se fundó"), ("zh", "论坛何时")]
)
def test_a_ready_question_is_named_in_the_reader_s_language(
    client: FlaskClient, tag: str, title: str
) -> None:
    """On the front page, in the editor, and above its answer."""
    known = client.get(f"/editor.json?lang={tag}").get_json()["examples"]
    asked = next(item for item in known if item["title"].startswith(title))
    assert asked["title"] in client.get(f"/?lang={tag}").text
    answer = client.get("/sparql", query_string={"query": asked["text"]}, headers=BROWSER)
    assert f"<h1>{asked['title']}</h1>" in answer.text
    assert asked["question"] in answer.text


def test_an_answer_that_a_reader_has_is_not_sent_again(small: FlaskClient) -> None:
    """The same question, in the same language, makes the same page; in another it makes another."""
    path, browser = "/sparql?query=SELECT+*+%7B?s+?p+?o%7D+ORDER+BY+?o", {"Accept": "text/html"}
    etag = small.get(path, headers=browser).headers["ETag"]
    assert small.get(path, headers={**browser, "If-None-Match": etag}).status_code == 304
    spanish = {**browser, "Accept-Language": "es", "If-None-Match": etag}
    assert small.get(path, headers=spanish).status_code == 200
