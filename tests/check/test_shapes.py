"""SHACL over a store."""

import pytest
from pyoxigraph import BlankNode, RdfFormat, Store
from small_shapes import PREFIXES, node, shapes, small_store

from sparql_endpoint.check.finding import Severity
from sparql_endpoint.check.shapes import check_shapes


@pytest.fixture
def store() -> Store:
    return small_store()


def test_severities_are_those_of_the_shape(store: Store) -> None:
    """What SHACL does not say is an error."""
    graph = shapes(
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property "
        "[ sh:path ex:q1 ; sh:minCount 1 ] , "
        "[ sh:path ex:q2 ; sh:minCount 1 ; sh:severity sh:Warning ] , "
        "[ sh:path ex:q3 ; sh:minCount 1 ; sh:severity sh:Info ] , "
        "[ sh:path ( ex:q4 ex:q5 ) ; sh:minCount 1 ; sh:severity ex:Own ] ."
    )
    found = {(f.predicate, f.severity, f.rule) for f in check_shapes(store, graph)}
    unnamed = "a shape without a name"
    assert found == {
        (node("q1"), Severity.ERROR, unnamed),
        (node("q2"), Severity.WARNING, unnamed),
        (node("q3"), Severity.NOTE, unnamed),
        (None, Severity.ERROR, unnamed),
    }


def test_blank_nodes_of_the_store_can_be_told(store: Store) -> None:
    """The finding has the very node of the store, so that its line can be found."""
    blank = BlankNode("someone")
    store.load(f"{PREFIXES} _:someone a ex:C .", RdfFormat.TURTLE)
    graph = shapes("ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI .")
    found = check_shapes(store, graph)
    assert [finding.focus for finding in found] == [finding.value for finding in found]
    assert all(isinstance(finding.focus, type(blank)) for finding in found)
    assert len(found) == 1


def test_a_query_over_the_whole_graph_is_about_what_it_finds(store: Store) -> None:
    """Such a query has the ontology for its focus node; the editor needs the thing at fault."""
    store.load("<http://e/o> a <http://www.w3.org/2002/07/owl#Ontology> .", RdfFormat.TURTLE)
    graph = shapes(
        "ex:S a sh:NodeShape ; sh:targetNode ex:o , ex:x ; sh:sparql "
        "[ sh:select 'SELECT $this ?value { ?value <http://e/p> ?other }' ] ."
    )
    found = {(finding.focus, finding.value) for finding in check_shapes(store, graph)}
    assert found == {(node("a"), None), (node("x"), node("a"))}
