"""A query run in this process: its answer, its limits, its errors."""

import socket
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from sparql_endpoint.errors import (
    ForumGraphError,
    QueryError,
    QuerySyntaxError,
    QueryTooLongError,
    RemoteError,
    ResultTooLargeError,
    ServiceRefusedError,
    UpdateRefusedError,
    UsageError,
)
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import Query, QueryRunner
from sparql_endpoint.query.service_rewrite import Federation

SELECT = Query("SELECT * { ?s ?p ?o }", None, "csv", "ntriples")
CONSTRUCT = replace(SELECT, text="CONSTRUCT WHERE { ?s ?p ?o }")
SMALL_BUFFER = Limits(buffer_bytes=70_000)


@pytest.fixture(scope="module")
def store() -> Store:
    """Return a store of 100 triples, about 300 kB as CSV."""
    filled = Store()
    filled.extend(
        Quad(NamedNode(f"x:{number}"), NamedNode("x:p"), Literal("some words " * 200))
        for number in range(100)
    )
    return filled


@pytest.mark.parametrize("limits", [Limits(), SMALL_BUFFER])
@pytest.mark.parametrize(
    ("query", "mark"), [(SELECT, b"\r\n"), (CONSTRUCT, b" .\n")], ids=["select", "construct"]
)
def test_an_answer_says_that_it_is_whole(
    store: Store, query: Query, mark: bytes, limits: Limits
) -> None:
    """It has all rows, whether it fits the buffer or lies in a file."""
    result = QueryRunner.over(store, limits=limits).run(query)
    assert (result.complete, result.rows, result.is_graph) == (True, 100, query is CONSTRUCT)
    assert (result.body.file is not None) == (limits is SMALL_BUFFER)
    size, body = len(result.body), result.body.read()
    assert (body.count(mark), len(body)) == (101 if query is SELECT else 100, size)


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT], ids=["select", "construct"])
@pytest.mark.parametrize("buffer_bytes", [0, 1 << 20])
def test_an_answer_with_too_many_bytes_is_refused(
    store: Store, query: Query, buffer_bytes: int
) -> None:
    """The error says what to do."""
    limits = Limits(max_result_bytes=100_000, buffer_bytes=buffer_bytes)
    with pytest.raises(ResultTooLargeError, match="add a LIMIT"):
        QueryRunner.over(store, limits=limits).run(query)


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT], ids=["select", "construct"])
@pytest.mark.parametrize("buffer_bytes", [0, 1 << 20])
def test_an_answer_with_too_many_rows_is_cut_to_a_whole_document(
    store: Store, query: Query, buffer_bytes: int
) -> None:
    """It says so, in a file as in the buffer."""
    limits = Limits(max_rows=90, buffer_bytes=buffer_bytes)
    result = QueryRunner.over(store, limits=limits).run(query)
    assert (result.complete, result.rows) == (False, 90)
    assert result.body.read().count(b"x:p") == 90


@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_a_cut_answer_in_a_file_can_be_parsed(store: Store, fmt: str) -> None:
    """Each format is closed as it must be: the answer equals that of the same rows asked for."""
    cut = QueryRunner.over(store, limits=Limits(max_rows=70, buffer_bytes=0))
    asked = f"{SELECT.text} ORDER BY ?s"
    body = cut.run(replace(SELECT, text=asked, result_format=fmt)).body.read()
    limited = replace(SELECT, text=f"{asked} LIMIT 70", result_format=fmt)
    assert body == QueryRunner.over(store).run(limited).body.read()


def test_what_the_service_asks_for_itself_has_no_limit_on_rows(store: Store) -> None:
    """Only a number of rows that is asked for cuts it."""
    runner = QueryRunner.over(store, limits=Limits(max_rows=10))
    assert runner.run(replace(SELECT, whole=True)).rows == 100
    assert runner.run(replace(SELECT, whole=True, max_rows=3)).complete is False


def test_ask_answers_in_a_result_format(store: Store) -> None:
    """The truth is one row."""
    result = QueryRunner.over(store).run(replace(SELECT, text="ASK {}"))
    assert (result.is_graph, result.rows, result.body.read()) == (False, 1, b"true")


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (replace(CONSTRUCT, graph_format=None), "CONSTRUCT"),
        (replace(SELECT, result_format=None), "SELECT"),
    ],
)
def test_a_kind_without_a_format_is_refused(store: Store, query: Query, kind: str) -> None:
    """The error names the kind."""
    with pytest.raises(UsageError, match=kind):
        QueryRunner.over(store).run(query)


def test_prefixes_that_a_text_uses_need_no_declaration(store: Store) -> None:
    """They also shorten the graph that it gives."""
    runner = QueryRunner.over(store, prefixes={"z": "x:", "unused": "y:"})
    result = runner.run(Query("CONSTRUCT { z:1 z:p 1 } WHERE {}"))
    assert (result.rows, b"@prefix z: <x:> ." in result.body.read()) == (1, True)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { ?s ?p }", QuerySyntaxError),
        ("SELECT * { ?s ?p 'open }", QuerySyntaxError),
        ("SELECT * { GRAPH }", QuerySyntaxError),
        ("CLEAR ALL", UpdateRefusedError),
        ("SELECT * { SERVICE <x:s> {} }", ServiceRefusedError),
        (" " * (256 * 1024 + 1), QueryTooLongError),
    ],
)
def test_a_text_that_cannot_be_run_has_its_own_error(
    store: Store, text: str, error: type[ForumGraphError]
) -> None:
    """Each says what is wrong with it."""
    with pytest.raises(error):
        QueryRunner.over(store).run(replace(SELECT, text=text))


def test_a_syntax_error_has_its_place(store: Store) -> None:
    """The engine's own message comes with line and column."""
    with pytest.raises(QuerySyntaxError) as caught:
        QueryRunner.over(store).run(Query("SELECT *\n{ ?s ?p }"))
    assert (caught.value.place.line, caught.value.place.text) == (2, "{ ?s ?p }")


def test_a_graph_that_is_no_iri_is_an_error_of_the_query(store: Store) -> None:
    """The engine's own words are passed on."""
    with pytest.raises(QueryError):
        QueryRunner.over(store).run(replace(SELECT, dataset=(("no iri",), ())))


def test_a_service_that_cannot_be_reached_is_a_remote_error(store: Store) -> None:
    """A proxy that does not answer is reported without its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{taken.getsockname()[1]}/token"
        federation = Federation(("https://query.example/",), proxy)
        runner = QueryRunner.over(store, federation=federation)
        with pytest.raises(RemoteError) as caught:
            runner.run(Query("SELECT * { SERVICE <https://query.example/> { ?s ?p ?o } }"))
    assert "127.0.0.1" not in str(caught.value)


def test_a_syntax_error_beside_a_service_has_its_own_place(store: Store) -> None:
    """The place is the one in the text as it was written."""
    federation = Federation(("x:s",), "http://127.0.0.1:1/a-token-that-is-long")
    text = "SELECT * { SERVICE <x:s> { ?s ?p ?o } ?s ?p }"
    with pytest.raises(QuerySyntaxError) as caught:
        QueryRunner.over(store, federation=federation).run(Query(text))
    assert (caught.value.place.line, caught.value.place.text) == (1, text)


TERMS = r"""SELECT ?x ?y { VALUES (?x ?y) {
    (<http://e/i> "com,ma") ("quo\"te"@en UNDEF) (5 "li\ne") ("ta\tb" 2.5) ("" true) } }"""


@pytest.mark.parametrize(
    ("fmt", "expected"),
    [
        (
            "csv",
            b'x,y\r\nhttp://e/i,"com,ma"\r\n"quo""te",\r\n5,"li\ne"\r\nta\tb,2.5\r\n,true\r\n',
        ),
        (
            "tsv",
            b'?x\t?y\n<http://e/i>\t"com,ma"\n"quo\\"te"@en\t\n5\t"li\\ne"\n"ta\\tb"\t2.5\n""\ttrue\n',
        ),
    ],
)
def test_tables_are_as_the_recommendation_has_them(fmt: str, expected: bytes) -> None:
    """CSV, section 3: CRLF, bare IRIs, RFC 4180; TSV, section 4: terms as in Turtle.

    https://www.w3.org/TR/sparql11-results-csv-tsv/
    """
    runner = QueryRunner.over(Store())
    assert runner.run(Query(TERMS, result_format=fmt)).body.read() == expected


@pytest.mark.parametrize(
    "query",
    [
        Query('SELECT ("a\\rb" AS ?x) {}', result_format="xml"),
        Query('CONSTRUCT { <http://e/s> <http://e/p> "a\\rb" } {}', graph_format="rdfxml"),
    ],
)
def test_xml_keeps_a_carriage_return_and_can_be_parsed(query: Query) -> None:
    """The engine alone would write it bare, and parsers would take it for a line feed."""
    body = QueryRunner.over(Store()).run(query).body.read()
    assert "a\rb" in "".join(ET.fromstring(body).itertext())


@pytest.mark.parametrize(
    ("query", "term"),
    [
        (Query('SELECT ("a\\u0001" AS ?x) {}', result_format="xml"), r"U\+0001"),
        (
            Query('CONSTRUCT { <http://e/s> <http://e/p> "a\\u0001" } {}', graph_format="rdfxml"),
            r"U\+0001",
        ),
        (
            Query('CONSTRUCT { <http://e/s> <http://e/123> "a" } {}', graph_format="rdfxml"),
            "<http://e/123>",
        ),
    ],
)
def test_what_xml_cannot_hold_is_refused(query: Query, term: str) -> None:
    """XML 1.0, section 2.2, and RDF/XML, section 2.4; the error names the term."""
    with pytest.raises(UsageError, match=f"cannot hold the .*{term}"):
        QueryRunner.over(Store()).run(query)


def test_a_blank_node_with_a_digit_first_is_a_name_in_rdf_xml() -> None:
    """rdf:nodeID is an XML name (RDF/XML, section 5.1)."""
    text = "CONSTRUCT { ?b <http://e/p> ?b } { BIND (BNODE() AS ?b) }"
    body = QueryRunner.over(Store()).run(Query(text, graph_format="rdfxml")).body.read()
    (name,) = {value for element in ET.fromstring(body).iter() for value in element.attrib.values()}
    assert not name[0].isdigit()


def test_a_regular_expression_takes_linear_time() -> None:
    """A pattern that backtracking engines choke on is answered."""
    text = f'SELECT (REGEX("{"a" * 5000}b", "^(a+)+(a|aa)*$") AS ?x) {{}}'
    assert b"false" in QueryRunner.over(Store()).run(Query(text, result_format="csv")).body.read()
