"""Results as the recommendations write them."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from sparql_endpoint.errors import QueryError, UsageError
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS, Format
from sparql_endpoint.query.run import run
from sparql_endpoint.query.write import write

TURTLE = b"""
PREFIX ex: <https://example.org/>
ex:a ex:p "com,ma" , "quo\\"te" , "li\\r\\nne" , "ta\\tb" , "l"@en , "" , 5 , true ,
  "2014"^^<http://www.w3.org/2001/XMLSchema#gYear> , ex:b , <<( ex:a ex:p 5 )>> .
"""
ROWS = "SELECT ?o ?unbound { ?s ?p ?o } ORDER BY STR(?o)"


@pytest.fixture(scope="module")
def store() -> Store:
    """Return values that need care in one format or another."""
    store = Store()
    store.load(TURTLE, RdfFormat.TURTLE)
    return store


def written(store: Store, query: str, fmt: Format) -> bytes:
    """Return the answer to a query."""
    output = io.BytesIO()
    write(run(store, query), fmt, output)
    return output.getvalue()


def test_csv_ends_lines_with_crlf_and_quotes_what_needs_it(store: Store) -> None:
    """CSV results, section 3: RFC 4180, a header of bare names, bare IRIs, empty for unbound."""
    text = written(store, ROWS, RESULT_FORMATS["csv"])
    rows = list(csv.reader(io.StringIO(text.decode(), newline="")))

    assert text.startswith(b"o,unbound\r\n")
    assert text.endswith(b"\r\n")
    assert {row[0] for row in rows[1:]} == {
        *("", "2014", "5", "com,ma", "https://example.org/b", "l", "li\r\nne", 'quo"te'),
        *("ta\tb", "true", "https://example.org/a https://example.org/p 5"),
    }
    assert {row[1] for row in rows[1:]} == {""}
    assert b'"com,ma"' in text
    assert b'"quo""te"' in text
    assert b'"li\r\nne"' in text


def test_csv_without_variables_still_has_a_line_for_each_solution(store: Store) -> None:
    """CSV results: an empty header, then one empty line for the one solution of ``{}``."""
    assert written(store, "SELECT * {}", RESULT_FORMATS["csv"]) == b"\r\n\r\n"


def test_tsv_writes_terms_as_turtle_does(store: Store) -> None:
    """TSV results, section 4: variables with '?', terms as in Turtle, tab and line end escaped."""
    lines = written(store, ROWS, RESULT_FORMATS["tsv"]).decode().split("\n")

    assert lines[0] == "?o\t?unbound"
    assert lines[-1] == ""
    assert set(lines[1:-1]) == {
        '"com,ma"\t',
        '"quo\\"te"\t',
        '"li\\r\\nne"\t',
        '"ta\\tb"\t',
        '"l"@en\t',
        '""\t',
        "5\t",
        "true\t",
        '"2014"^^<http://www.w3.org/2001/XMLSchema#gYear>\t',
        "<https://example.org/b>\t",
        "<<( <https://example.org/a> <https://example.org/p> 5 )>>\t",
    }


def test_json_leaves_out_what_is_unbound_and_names_every_variable(store: Store) -> None:
    """JSON results, section 3: head has all variables, a binding only those with a value."""
    answer = json.loads(written(store, ROWS, RESULT_FORMATS["json"]))

    assert answer["head"] == {"vars": ["o", "unbound"]}
    assert {"type": "literal", "value": "l", "xml:lang": "en"} in [
        binding["o"] for binding in answer["results"]["bindings"]
    ]
    assert all(list(binding) == ["o"] for binding in answer["results"]["bindings"])


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_the_truth_of_an_ask_is_written_in_every_format(store: Store, name: str) -> None:
    """A truth value is there even in CSV and TSV, for which no recommendation defines it."""
    assert b"true" in written(store, "ASK { ?s ?p 5 }", RESULT_FORMATS[name])


@pytest.mark.parametrize("name", ["json", "xml", "tsv"])
def test_results_read_back_as_they_were(store: Store, name: str) -> None:
    """A lossless format gives every term again, the carriage return too."""
    fmt = RESULT_FORMATS[name]
    expected = run(store, ROWS)
    read = parse_query_results(written(store, ROWS, fmt), format=fmt.engine)

    assert isinstance(expected, QuerySolutions)
    assert isinstance(read, QuerySolutions)
    assert [row["o"] for row in read] == [row["o"] for row in expected]


def test_a_carriage_return_survives_in_xml_results() -> None:
    """A reader of XML would take it for a line feed as it is (XML 1.0, section 2.11)."""
    store = Store()
    store.add(Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("b\rc\nd\t")))
    text = written(store, "SELECT ?o { ?s ?p ?o }", RESULT_FORMATS["xml"])
    literal = ET.fromstring(text).find(".//{*}literal")

    assert literal is not None
    assert literal.text == "b\rc\nd\t"


@pytest.mark.parametrize("character", ["\x01", "\ufffe"])
def test_characters_that_xml_lacks_are_refused(character: str) -> None:
    """XML 1.0, section 2.2, has no way to write them; JSON has, and is given as it is."""
    store = Store()
    store.add(Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(f"h{character}i")))

    with pytest.raises(UsageError, match=f"XML cannot hold the character U.{ord(character):04X}"):
        written(store, "SELECT ?o { ?s ?p ?o }", RESULT_FORMATS["xml"])
    answer = json.loads(written(store, "SELECT ?o { ?s ?p ?o }", RESULT_FORMATS["json"]))
    assert answer["results"]["bindings"][0]["o"]["value"] == f"h{character}i"


@pytest.mark.parametrize(
    ("turtle", "name", "term"),
    [
        (b"<a:s> <a:p> <<( <a:s> <a:q> <a:o> )>> .", "jsonld", "<a:s> <a:q> <a:o>"),
        (b'<a:s> <http://e/123> "x" .', "rdfxml", "<http://e/123>"),
    ],
)
def test_what_a_format_cannot_hold_is_named(turtle: bytes, name: str, term: str) -> None:
    """One line, with the term and another format to take."""
    store = Store()
    store.load(turtle, RdfFormat.TURTLE)

    with pytest.raises(UsageError, match=re.escape(term)):
        written(store, "CONSTRUCT WHERE { ?s ?p ?o }", RDF_FORMATS[name])


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_a_graph_reads_back_as_it_was(name: str) -> None:
    """Every RDF format gives the triples of a CONSTRUCT again."""
    store = Store()
    store.load(b'<a:s> <a:p> "x\\ry"@en , 2.5 , <a:o> .', RdfFormat.TURTLE)
    fmt = RDF_FORMATS[name]
    text = written(store, "CONSTRUCT WHERE { ?s ?p ?o }", fmt)

    assert {quad.triple for quad in parse(text, fmt.engine)} == {quad.triple for quad in store}


def test_a_graph_too_large_to_sort_is_written_whole() -> None:
    """Beyond ten thousand triples the engine writes as it finds, with all prefixes."""
    store = Store()
    store.bulk_extend(
        Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(str(number))) for number in range(10_002)
    )
    text = written(store, "CONSTRUCT WHERE { ?s ?p ?o }", RDF_FORMATS["turtle"])

    assert b"@prefix dfo: " in text
    assert len(list(parse(text, RdfFormat.TURTLE))) == 10_002


@pytest.mark.parametrize(
    ("query", "fmt"),
    [("ASK {}", RDF_FORMATS["turtle"]), ("DESCRIBE <a:b>", RESULT_FORMATS["json"])],
)
def test_a_format_for_another_kind_of_answer_is_refused(query: str, fmt: Format) -> None:
    """Solutions are never written as a graph, nor a graph as solutions."""
    with pytest.raises(UsageError, match="no format for this kind of query"):
        written(Store(), query, fmt)


def test_a_query_that_fails_as_it_runs_on_is_an_error_of_the_query(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the engine meets after the first solution is told as any other fault of the query."""

    class Failing:
        def serialize(self, output: object, fmt: QueryResultsFormat) -> None:
            raise RuntimeError("too deep")

    with pytest.raises(QueryError, match="too deep"):
        write(Failing(), RESULT_FORMATS["csv"], io.BytesIO())  # type: ignore[arg-type]  # as above
