"""SHACL over a store, and shapes that check nothing."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, parse
from rdflib import Graph

from sparql_endpoint.check.finding import Severity
from sparql_endpoint.check.shapes import check_shapes, check_targets, focus_nodes, read_shapes
from sparql_endpoint.graph.document import Document

PREFIXES = """
@prefix ex: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = f"{PREFIXES} ex:Sub rdfs:subClassOf ex:C . ex:a a ex:Sub ; ex:p ex:b . ex:x a ex:Own ."


def node(local: str) -> NamedNode:
    return NamedNode(f"http://e/{local}")


def shapes(turtle: str) -> Graph:
    content = f"{PREFIXES} {turtle}".encode()
    return read_shapes([Document(Path("s.ttl"), content, tuple(parse(content, RdfFormat.TURTLE)))])


@pytest.fixture
def store() -> Store:
    store = Store()
    store.load(DATA, RdfFormat.TURTLE)
    return store


TARGETS = [
    ("sh:targetClass ex:C", {"a"}),
    ("sh:targetClass ex:D", set()),
    ("sh:targetNode ex:a", {"a"}),
    ("sh:targetNode ex:b", {"b"}),
    ("sh:targetNode ex:nobody", set()),
    ("sh:targetSubjectsOf ex:p", {"a"}),
    ("sh:targetObjectsOf ex:p", {"b"}),
    ("sh:targetObjectsOf ex:p ; sh:targetClass ex:C", {"a", "b"}),
]


@pytest.mark.parametrize(("target", "focus"), TARGETS)
def test_each_kind_of_target_has_its_focus_nodes(
    store: Store, target: str, focus: set[str]
) -> None:
    """Instances of subclasses count; a node that the graph does not know is none."""
    graph = shapes(f"ex:S a sh:NodeShape ; sh:nodeKind sh:IRI ; {target} .")
    focused = focus_nodes(store, graph)
    assert focused == {node("S"): {node(local) for local in focus}}
    assert bool(check_targets(graph, focused)) == (not focus)


def test_a_shape_that_is_a_class_is_about_its_instances(store: Store) -> None:
    """SHACL calls it an implicit class target."""
    graph = shapes("ex:Own a sh:NodeShape , rdfs:Class ; sh:nodeKind sh:IRI .")
    assert focus_nodes(store, graph) == {node("Own"): {node("x")}}


def test_a_shape_that_is_off_needs_no_focus_node(store: Store) -> None:
    """Whoever switched it off knows that it checks nothing."""
    graph = shapes(
        "ex:S a sh:NodeShape ; sh:targetClass ex:Gone ; sh:deactivated true . "
        "ex:T a sh:NodeShape ; sh:targetClass ex:C ."
    )
    assert check_targets(graph, focus_nodes(store, graph)) == []


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
