"""GRAPH with a variable: against its definition, written out by hand for two graphs."""

import io
from collections import Counter

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from sparql_endpoint.query.prepare import prepare
from sparql_endpoint.query.run import run_with_notices

PREFIX = "PREFIX ex: <https://example.org/> "
DATA = """PREFIX ex: <https://example.org/>
ex:d ex:p 9 .
ex:g1 { ex:a ex:p 1 . ex:b ex:p 2 . ex:g2 ex:q ex:a }
ex:g2 { ex:c ex:p 3 . ex:g2 ex:p ex:c . ex:c ex:q ex:a }
"""
BODIES = [
    "",
    "?s ?p ?o",
    "?s ex:p ?o MINUS { ?x ex:q ?z }",
    "?s ex:p ?o MINUS { ?s ex:q ?z }",
    "OPTIONAL { ?s ex:q ?o }",
    "?s ex:p ?o OPTIONAL { ?s ex:q ?g }",
    "?g ex:p ?o",
    "BIND(?g AS ?h)",
    "FILTER(BOUND(?g))",
    "?s ex:p ?o FILTER(?g = ex:g1)",
    "?s ex:p ?o FILTER EXISTS { ?x ex:q ?g }",
    "VALUES ?s { ex:a ex:nope }",
    "?s ex:p ?o VALUES ?s { ex:a }",
    "SELECT (COUNT(*) AS ?n) { ?s ex:p ?o }",
    "SELECT ?s { ?s ex:p ?o } ORDER BY ?s LIMIT 1",
    "{ SELECT * { ?s ex:p ?o } } ?s ex:p ?o",
    "ex:nope ex:p* ?o",
    "?s (ex:p|ex:q)* ?o",
]
AROUND = ["{}", "VALUES ?g {{ ex:g1 ex:g3 }} {}", "GRAPH ex:g1 {{ ?g ex:q ?y }} {}", "{} ?d ex:p 9"]


def store() -> Store:
    """Return a default graph and two named graphs."""
    made = Store()
    made.load(io.BytesIO(DATA.encode()), RdfFormat.TRIG)
    return made


def solutions(results: object) -> Counter[str]:
    """Return how often each solution comes, whatever the order of columns."""
    assert isinstance(results, QuerySolutions)
    names = sorted(variable.value for variable in results.variables)
    return Counter(" ".join(f"{name}={row[name]}" for name in names) for row in results)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("body", BODIES)
def test_graph_is_evaluated_for_each_graph_by_itself(body: str, around: str) -> None:
    """SPARQL 1.1, section 18.6: the union of the pattern in each graph, joined with its name.

    The engine is right where the graph is named, so the union over named graphs is what is right.
    Zero-length paths are written out on both sides.
    """
    zero = "{ ex:nope ex:p* ?o } UNION { VALUES ?o { ex:nope } }"
    defined = " UNION ".join(
        f"{{ GRAPH {name} {{ {zero if 'nope ex:p*' in body else body} }} VALUES ?g {{ {name} }} }}"
        for name in ("ex:g1", "ex:g2")
    )
    expected = store().query(f"{PREFIX}SELECT * {{ {around.format(f'{{ {defined} }}')} }}")

    query = f"{PREFIX}SELECT * {{ {around.format(f'GRAPH ?g {{ {body} }}')} }}"
    assert solutions(run_with_notices(store(), query)[0]) == solutions(expected)


def test_a_plain_pattern_in_graph_is_left_as_it_is() -> None:
    """The engine gets it right, and quicker."""
    query = "SELECT ?g { GRAPH ?g { ?s ?p ?o OPTIONAL { ?s ?q ?z } FILTER(?o > 1) } }"

    assert not prepare(query).by_graph


def test_without_named_graphs_there_is_no_solution() -> None:
    """FROM without FROM NAMED leaves no graph to ask."""
    query = f"{PREFIX}SELECT * FROM ex:g1 {{ GRAPH ?g {{ VALUES ?x {{ 1 }} }} }}"

    assert solutions(run_with_notices(store(), query)[0]) == Counter()


def test_graphs_that_cannot_be_asked_one_by_one_are_warned_of() -> None:
    """A graph named by a blank node has no name that a query could hold."""
    odd = store()
    odd.add(Quad(NamedNode("a:a"), NamedNode("a:p"), Literal("x"), BlankNode()))
    query = "SELECT ?g { GRAPH ?g { VALUES ?x { 1 } } }"

    assert [notice.code for notice in run_with_notices(odd, query)[1]] == ["graph-subquery"]


def test_a_filter_on_the_graph_inside_its_braces_is_warned_of() -> None:
    """It fails by the specification, which few expect."""
    query = f"{PREFIX}SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o FILTER(?g = ex:g1) }} }}"

    assert [notice.code for notice in run_with_notices(store(), query)[1]] == ["graph-variable"]
