"""The pages for readers: what they show, that they need no script, and that they hold together."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store

from sparql_endpoint.web.app import create_app
from sparql_endpoint.web.runner import Answer, InProcessRunner, Question
from sparql_endpoint.web.service import About
from sparql_endpoint.web.settings import Settings

BROWSER = {"Accept": "text/html"}


def page(client: FlaskClient, query: str) -> str:
    """Return the page that shows the answer to a query."""
    response = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    return response.text


class Balance(HTMLParser):
    """Counts what is opened and not closed."""

    void = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sparql",
        "/sparql?query=SELECT+*+%7B?s+?p+?o%7D",
        "/sparql?query=ASK%7B%7D",
        "/sparql?query=DESCRIBE+%3Chttps://example.org/a%3E",
        "/sparql?query=broken",
        "/nowhere",
    ],
)
def test_every_page_is_whole_and_without_script(client: FlaskClient, path: str) -> None:
    """Each element is closed, in order; there is no script, no style in the text, one heading."""
    text = client.get(path, headers=BROWSER).text
    balance = Balance()
    balance.feed(text)
    assert balance.open == []
    assert "script" not in balance.seen
    assert "style=" not in text
    assert text.count("<h1") == 1
    assert '<html lang="en">' in text


def test_a_table_of_a_select(client: FlaskClient) -> None:
    """Columns by variable, languages and numbers told, how many rows."""
    text = page(client, "SELECT ?p ?o { ?s ?p ?o } ORDER BY ?o")
    assert re.findall(r'<th scope="col">(\w+)</th>', text) == ["p", "o"]
    assert "3 rows" in text
    assert '<span lang="es">Á</span> <small>es</small>' in text
    assert 'class="number"' in text


def test_one_row_is_one_row(client: FlaskClient) -> None:
    """The count reads well."""
    assert re.search(r">1\s+row<", page(client, "SELECT (1 AS ?x) {}"))


def test_unbound_cells_are_empty(client: FlaskClient) -> None:
    """A variable without a value has an empty cell."""
    text = page(client, "SELECT ?x ?y { BIND (1 AS ?x) }")
    assert '<td data-name="y"></td>' in text


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ("<https://example.org/x>", 'href="https://example.org/x">https://example.org/x</a>'),
        ("id:chile", 'href="./sparql?query=DESCRIBE%20%3Chttps%3A'),
        ("<javascript:alert(1)>", "<span>javascript:alert(1)</span>"),
        ('"<b>"', "<span>&lt;b&gt;</span>"),
        ('"2018"^^xsd:gYear', "<small>xsd:gYear</small>"),
    ],
)
def test_how_a_term_is_shown(client: FlaskClient, term: str, shown: str) -> None:
    """IRIs of the web lead there, ours to their description, others nowhere; text stays text."""
    assert shown in page(client, f"SELECT ?x {{ VALUES ?x {{ {term} }} }}")


def test_blank_nodes_and_triple_terms_are_shown(client: FlaskClient) -> None:
    """Also terms without a name."""
    assert "_:" in page(client, "SELECT (BNODE() AS ?x) {}")
    text = page(client, "SELECT (TRIPLE(id:a, rdf:type, 1) AS ?x) {}")
    assert "&lt;&lt;( id:a rdf:type 1 )&gt;&gt;" in text


def test_a_long_table_is_cut_and_says_so(store: Store, about: About) -> None:
    """The page shows as many rows as the setting says, and tells how many there are."""
    client = create_app(InProcessRunner(store), about, Settings(page_rows=2)).test_client()
    text = page(client, "SELECT * { VALUES ?x { 1 2 3 } }")
    assert "3 rows, the first 2 of them shown" in text
    assert text.count("<tr>") == 3


def test_the_answer_of_an_ask(client: FlaskClient) -> None:
    """Yes or no."""
    assert ">Yes<" in page(client, "ASK {}")
    assert ">No<" in page(client, "ASK { FILTER(false) }")


def test_triples_are_shown_as_turtle(client: FlaskClient) -> None:
    """Escaped, with a word where there are none."""
    text = page(client, "CONSTRUCT { id:a rdfs:label '<i>' } {}")
    assert "rdfs:label" in text
    assert "&#34;&lt;i&gt;&#34;" in text


def test_an_answer_too_long_for_a_page_says_so(about: About) -> None:
    """And leads to the files; one that was cut says that as well."""

    class Endless:
        def run(self, question: Question) -> Answer:
            return Answer(graph=False, chunks=(b"x" * 1_000_000 for _ in range(20)), complete=False)

    text = page(create_app(Endless(), about).test_client(), "ASK {}")
    assert "too long for a page" in text
    assert "not the whole answer" in text


def test_a_page_links_to_the_formats(client: FlaskClient) -> None:
    """The same question, graphs included, as a file."""
    response = client.get(
        "/sparql?query=ASK%7B%7D&named-graph-uri=https://example.org/g1", headers=BROWSER
    )
    assert "named-graph-uri=https%3A%2F%2Fexample.org%2Fg1&amp;format=csv" in response.text


def test_the_form_keeps_the_query(client: FlaskClient) -> None:
    """A query that begins with a line break keeps it: HTML drops the first one of a textarea."""
    text = page(client, "\nASK {}")
    assert re.search(r"<textarea[^>]*>\n\nASK \{\}</textarea>", text)


def test_links_of_the_pages_lead_somewhere(app: Flask) -> None:
    """Each relative link and action on the front page is answered."""
    client = app.test_client()
    text = client.get("/").text
    targets = set(re.findall(r'(?:href|action)="(?!https?:)([^"#]+)', text))
    assert {"./static/style.css", "sparql", "dump/latest.ttl", ".well-known/void"} <= targets
    for target in targets:
        response = client.get(f"/{target.removeprefix('./')}", buffered=True, follow_redirects=True)
        assert response.status_code == 200
