"""The graphs of which pySHACL is asked: what each is good for, and that they agree."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse
from rdflib import URIRef
from small_shapes import PREFIXES

from sparql_endpoint.check.graphs import MemoryGraph, StoreGraph, is_simple
from sparql_endpoint.check.rdf import are_stored_as_written
from sparql_endpoint.names import expand

DATA = f"{PREFIXES} ex:a ex:p 'x' , 'y'@en , ex:b . ex:b ex:p [ ex:q true ] . ex:c ex:p ex:b ."
P, A, B = (URIRef(f"http://e/{name}") for name in "pab")

SIMPLE = [
    "SELECT $this WHERE { $this ex:p ?value }",
    "SELECT $this ?value { ?value ex:p $this . FILTER (?value != ex:a && isIRI($this)) }",
    "PREFIX ex: <http://e/> SELECT $this { $this ex:p 'a { brace' } # and { a comment",
]
NOT_SIMPLE = [
    "SELECT ?value { ?value ex:p $this }",
    "ASK { $this ex:p ?o }",
    "SELECT $this { FILTER ($this = ex:a) }",
    "SELECT $this { { FILTER ($this = ex:a) } $this ex:p ?o }",
    "SELECT $this { $this ex:p ?o OPTIONAL { $this ex:q ?r } FILTER (!BOUND(?r)) }",
    "SELECT $this { $this ex:p ?o FILTER NOT EXISTS { ?o ex:p $this } }",
    "SELECT $this (COUNT(?o) AS ?n) { $this ex:p ?o } GROUP BY $this",
    "SELECT $this { $this ex:p ?o FILTER REGEX(?o, '^a') }",
    "SELECT $this { $this ex:p ?o FILTER (xsd:integer(?o) > 1) }",
    "SELECT $this { $this ex:p ?o FILTER (?other = 1) }",
]


@pytest.mark.parametrize("query", SIMPLE)
def test_a_query_of_one_group_is_simple(query: str) -> None:
    """Braces in strings and comments are none."""
    assert is_simple(query)


@pytest.mark.parametrize("query", NOT_SIMPLE)
def test_a_query_whose_bindings_matter_is_not(query: str) -> None:
    """Oxigraph binds $this too late for filters in groups of their own, or reads a function so."""
    assert not is_simple(query)


@pytest.fixture
def graphs() -> tuple[StoreGraph, MemoryGraph]:
    """Return the same data as both kinds of graph."""
    store = Store()
    store.load(DATA, RdfFormat.TURTLE)
    triples = (quad.triple for quad in store)
    return StoreGraph(store, None), MemoryGraph(triples, None)


@pytest.mark.parametrize(
    "pattern", [(None, None, None), (A, None, None), (None, P, B), (A, P, None), (B, P, A)]
)
def test_both_graphs_have_the_same_triples(
    graphs: tuple[StoreGraph, MemoryGraph],
    pattern: tuple[URIRef | None, URIRef | None, URIRef | None],
) -> None:
    """A string has no datatype in either."""
    stored, held = (set(graph.triples(pattern)) for graph in graphs)
    assert stored == held


@pytest.mark.parametrize("query", ["SELECT ?this { ?this <http://e/p> ?o }", "ASK { ?s ?p true }"])
def test_both_graphs_answer_alike(graphs: tuple[StoreGraph, MemoryGraph], query: str) -> None:
    """Bound beforehand or not."""
    for bindings in ({}, {"this": A} if "this" in query else {}):
        stored, held = (graph.query(query, initBindings=bindings) for graph in graphs)
        assert stored.askAnswer == held.askAnswer
        assert sorted(map(str, stored.bindings or ())) == sorted(map(str, held.bindings or ()))


def test_no_more_solutions_than_asked_for_are_returned_and_the_rest_is_counted() -> None:
    """The first by how they are written; a solution that comes twice counts once."""
    triples = (quad.triple for quad in parse(DATA, RdfFormat.TURTLE))
    graph = MemoryGraph(triples, 1)
    found = graph.query("SELECT ?s { ?s <http://e/p> ?o }")
    assert list(found) == [(A,)]
    assert graph.beyond == 2


@pytest.mark.parametrize(
    ("text", "datatype", "stored"),
    [
        ("7", "integer", True),
        ("007", "integer", False),
        ("7", "int", False),
        ("1.5", "decimal", True),
        ("1.50", "decimal", False),
        ("2018", "gYear", True),
        ("2019-12-31T24:00:00", "dateTime", False),
        ("true", "boolean", True),
        ("1", "boolean", False),
    ],
)
def test_literals_that_a_store_changes_are_known(text: str, datatype: str, *, stored: bool) -> None:
    """It keeps their value, and not their text or their datatype."""
    literal = Literal(text, datatype=NamedNode(expand(f"xsd:{datatype}")))
    assert are_stored_as_written([Literal("other"), literal]) is stored
