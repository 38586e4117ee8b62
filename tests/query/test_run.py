"""Running a query: what is refused, and the dataset it is asked of."""

import io

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from sparql_endpoint.errors import (
    ForumGraphError,
    QueryError,
    QuerySyntaxError,
    QueryTooDeepError,
    UpdateAsQueryError,
)
from sparql_endpoint.query.merge import Dataset
from sparql_endpoint.query.prepare import prepare
from sparql_endpoint.query.run import ask, run, run_with_notices

TURTLE = RdfFormat.TURTLE
TRIG = """
PREFIX ex: <https://example.org/>
ex:a ex:p 1 .
GRAPH ex:one { ex:a ex:p 1 , 2 }
GRAPH ex:two { ex:a ex:p 2 , 3 }
"""


@pytest.fixture(scope="module")
def store() -> Store:
    """Return a triple in the default graph, and two graphs that share one triple."""
    store = Store()
    store.load(io.BytesIO(TRIG.encode()), RdfFormat.TRIG)
    return store


def values(
    store: Store, clauses: str, dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None
) -> list[str]:
    """Return ?o of every solution."""
    query = f"PREFIX ex: <https://example.org/> SELECT ?o {clauses} ORDER BY ?o"
    found = run(store, query, dataset)
    assert isinstance(found, QuerySolutions)
    return [solution["o"].value for solution in found]


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("{ ?s ?p ?o }", ["1"]),
        ("FROM ex:one { ?s ?p ?o }", ["1", "2"]),
        ("FROM ex:one FROM ex:two { ?s ?p ?o }", ["1", "2", "3"]),
        ("FROM ex:one FROM ex:two { GRAPH ?g { ?s ?p ?o } }", []),
        ("FROM ex:one FROM ex:nowhere { ?s ?p ?o }", ["1", "2"]),
        ("FROM ex:nowhere { ?s ?p ?o }", []),
        ("FROM NAMED ex:one { ?s ?p ?o }", []),
        ("FROM NAMED ex:one { GRAPH ?g { ?s ?p ?o } }", ["1", "2"]),
        ("FROM ex:one FROM ex:two FROM NAMED ex:two { GRAPH ?g { ?s ?p ?o } }", ["2", "3"]),
    ],
)
def test_from_gives_the_merge_of_its_graphs(
    store: Store, clauses: str, expected: list[str]
) -> None:
    """SPARQL 1.1 Query, section 13.2: a triple stands once, and only what is named is there."""
    assert values(store, clauses) == expected


def test_graphs_of_the_request_replace_those_of_the_query(store: Store) -> None:
    """SPARQL 1.1 Protocol, section 2.1.4: the dataset of the request wins over FROM."""
    clauses = "FROM <https://example.org/one> { ?s ?p ?o }"

    assert values(store, clauses, (("https://example.org/two",), ())) == ["2", "3"]


def test_our_prefixes_need_no_declaration() -> None:
    """A query may write dfo: without a PREFIX, and declare it otherwise."""
    store = Store()
    store.load(b"<https://w3id.org/forumgraph/id/x> <a:p> 1 . <b:x> <a:p> 2 .", TURTLE)

    assert values(store, "{ id:x ?p ?o }") == ["1"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("ASK { SERVICE <https://example.org/sparql> {} }", "to <https://example.org/sparql>"),
        ("ASK {\n SERVICE SILENT ?any {} }", "line 2, column 2: .* to whatever it finds"),
    ],
)
def test_a_service_is_refused(query: str, message: str) -> None:
    """No query is sent anywhere."""
    with pytest.raises(QueryError, match=message):
        run(Store(), query)


def test_an_update_is_refused() -> None:
    """Nothing that is run changes data."""
    with pytest.raises(UpdateAsQueryError):
        run(Store(), "INSERT DATA { <a:b> <a:b> <a:b> }")


def test_a_function_that_is_not_known_is_an_expression_error_with_a_warning() -> None:
    """SPARQL 1.1, section 17.6: the query runs; the warning names the function."""
    results, notices = run_with_notices(Store(), "SELECT (<https://example.org/f>(1) AS ?x) {}")

    assert isinstance(results, QuerySolutions)
    assert [row["x"] for row in results] == [None]
    assert [notice.code for notice in notices] == ["unknown-function"]
    assert "<https://example.org/f>" in notices[0].text


def test_a_guarded_call_of_a_function_that_is_not_known_needs_no_warning() -> None:
    """COALESCE takes the error, so the answer is what the writer meant."""
    query = "SELECT (COALESCE(<https://example.org/f>(1), 'd') AS ?x) {}"

    assert run_with_notices(Store(), query)[1] == ()


def test_relative_iris_resolve_against_the_base_given() -> None:
    """SPARQL 1.1, section 4.1.1.2; a BASE of the query itself resolves against it as well."""
    store = Store()
    store.load(b"<https://example.org/x/a> <a:p> 1 . <https://example.org/b> <a:p> 2 .", TURTLE)

    def value(text: str) -> list[str]:
        results = run(store, text, base="https://example.org/x/sparql")
        assert isinstance(results, QuerySolutions)
        return [row["o"].value for row in results]

    assert value("SELECT ?o { <a> ?p ?o }") == ["1"]
    assert value("BASE <../> SELECT ?o { <b> ?p ?o }") == ["2"]


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("ASK { <a> ?p ?o }", "BASE <https://example.org/x> ASK { <a> ?p ?o }"),
        ("ASK { <a:a> ?p ?o }", "ASK { <a:a> ?p ?o }"),
    ],
)
def test_another_server_is_sent_the_base(query: str, sent: str) -> None:
    """It would resolve against its own address; and it reads the query as it was written."""

    class Elsewhere:
        notices = ()

        def query(self, text: str, **_: object) -> str:
            return text

    dataset = Dataset(Elsewhere())  # type: ignore[arg-type]  # a server of somebody else

    results, _ = ask(dataset, query, {}, "https://example.org/x")
    assert str(results) == sent


def test_an_error_beside_a_relative_iri_names_the_error() -> None:
    """With a base a relative IRI is none."""
    with pytest.raises(QuerySyntaxError, match="'FILER' cannot stand here"):
        run(Store(), "SELECT * { <a> ?p ?o FILER(?o) }", base="https://example.org/")


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("SELECT DISTINCT * { ?s ?p ?o } ORDER BY ?o", "s p o"),
        ("select*{?z ?y ?x.?x ?b ?a}LIMIT 1", "z y x b a"),
        ("SELECT * { $z ?p ?o FILTER(?hidden > 1) }", "z p o"),
        ("SELECT * { ?z ?p ?o MINUS { ?hidden ?p ?o } }", "z p o"),
        ("SELECT * { ?z ?p ?o BIND(1 AS ?a) VALUES ?b { 1 } }", "z p o a b"),
        ("SELECT * { ?z ?p ?o { SELECT (COUNT(*) AS ?n) { ?z ?hidden ?o } } }", "z p o n"),
        ("SELECT * { ?z <a:p?x>/<a:q> 'a ?text' } # ?comment", "z"),
        ("# SELECT * { ?comment }\nSELECT * { ?z ?p ?o }", "z p o"),
        ("SELECT * { ?z <a:p>? ?o }", "z o"),
        ("SELECT ?z { { SELECT * { ?z ?p ?a } } FILTER EXISTS { ?z ?q ?a } }", "z"),
        ("SELECT * { [] ?z ?a } VALUES ?b { 1 }", "z a b"),
        ("SELECT * { ?z ?p _:b . _:b ?q ?a }", "z p q a"),
    ],
)
def test_columns_stand_in_the_order_of_the_query(query: str, columns: str) -> None:
    """The engine sorts them; and only what is visible is a column."""
    results = run(Store(), query)
    assert isinstance(results, QuerySolutions)

    assert [variable.value for variable in results.variables] == columns.split()


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        (r"SELECT ?a\u0062 { BIND(1 AS ?a\U00000062) }", "ab"),
        (r"SEL\u0045CT ?x { BIND('\u0041' AS ?x) }", "x"),
    ],
)
def test_escapes_are_read_before_the_grammar(query: str, columns: str) -> None:
    """SPARQL 1.1, section 19.2."""
    results = run(Store(), query)
    assert isinstance(results, QuerySolutions)

    assert [variable.value for variable in results.variables] == columns.split()


@pytest.mark.parametrize("escape", [r"\uD800", r"\U00110000", r"\uDE00"])
@pytest.mark.parametrize("query", ["ASK {{ ?s ?p '{}' }}", "ASK {{ ?s ?p ?o{} }}"])
def test_an_escape_that_is_no_character_is_named(query: str, escape: str) -> None:
    """A half of a pair of surrogates is none."""
    if escape == r"\U00110000" and "'" in query:
        pytest.skip("the engine itself refuses it")
    with pytest.raises(QuerySyntaxError, match="stands for no character"):
        run(Store(), query.format(escape))


def test_an_escape_hides_no_service() -> None:
    """What the checks read is what the engine reads."""
    with pytest.raises(QueryError, match="SERVICE would send"):
        run(Store(), r"ASK { S\u0045RVICE <https://example.org/> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ FILTER({'!' * 10_000}true) }}",
        "ASK { {} " + "UNION {} " * 20_000 + "}",
        "ASK { FILTER(1=1" + "+1" * 20_000 + ") }",
        "ASK { " + "".join(f"BIND(1 AS ?a{i}) " for i in range(5_000)) + "}",
        "ASK { " + "?s ?p ?o . " * 30_000 + "}",
        "ASK { ?s <a:p>" + "/<a:p>" * 20_000 + " ?o }",
    ],
    ids=["negations", "unions", "sums", "binds", "triples", "paths"],
)
def test_a_query_that_nests_without_brackets_is_refused_before_the_engine(query: str) -> None:
    """Each of them would overflow the engine's stack and end the process."""
    with pytest.raises(QueryTooDeepError, match="nest too deep"):
        run(Store(), query)


@pytest.mark.parametrize(
    "text",
    [
        "a:" * 60_000,
        "{" + ";a" * 60_000 + "{ FILTER UNION",
        "SELECT" + " " * 120_000,
        "<" * 120_000,
        r"\u0041" * 10_000 + '"' * 40_000,
        "?a < " * 30_000,
        "(" * 50_000 + "|" * 50_000,
    ],
    ids=["colons", "statements", "spaces", "signs", "quotes", "comparisons", "brackets"],
)
def test_a_long_text_that_is_no_query_is_looked_at_in_linear_time(text: str) -> None:
    """A search that backtracks would take minutes for each of these."""
    with pytest.raises(ForumGraphError):
        run(Store(), text)

    assert prepare(text).text == text


def test_long_data_in_a_query_are_no_nesting() -> None:
    """Rows of VALUES and members of IN may be many."""
    rows = " ".join(f"<https://example.org/a-b/{i}>" for i in range(5_000))
    numbers = ", ".join(str(i / 2) for i in range(5_000))

    assert not run(Store(), f"ASK {{ ?s ?p ?o VALUES ?s {{ {rows} }} }}")
    assert run(Store(), f"ASK {{ FILTER(3 IN ({numbers})) }}")
