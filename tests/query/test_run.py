"""Running a query: what is refused, and the dataset it is asked of."""

import io

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from sparql_endpoint.errors import QueryError, UpdateRefusedError
from sparql_endpoint.query.run import run

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
    store.load(b"<https://w3id.org/forumgraph/id/x> <a:p> 1 . <b:x> <a:p> 2 .", RdfFormat.TURTLE)

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
    with pytest.raises(UpdateRefusedError):
        run(Store(), "INSERT DATA { <a:b> <a:b> <a:b> }")


def test_a_function_the_engine_lacks_is_an_error_of_the_query() -> None:
    """A function by IRI that nobody defined is told, not raised as the engine's own error."""
    with pytest.raises(QueryError, match=r"<https://example\.org/f> is not supported"):
        run(Store(), "SELECT (<https://example.org/f>(1) AS ?x) {}")
