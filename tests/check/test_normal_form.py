"""Shapes rewritten so that pySHACL reads them as SHACL says."""

from typing import Any

import pytest
import rdflib
from rdflib import OWL, SH
from small_shapes import shapes

from sparql_endpoint.check.normal_form import in_normal_form
from sparql_endpoint.errors import DataError

EX = rdflib.Namespace("http://e/")


def path(graph: rdflib.Graph, node: Any) -> str:
    """Return a path in the syntax of SPARQL's property paths."""
    if isinstance(node, rdflib.URIRef):
        return node.removeprefix(EX)
    if (node, rdflib.RDF.first, None) in graph:
        return f"({'/'.join(path(graph, step) for step in graph.items(node))})"
    (name, value), *more = ((str(name), value) for name, value in graph.predicate_objects(node))
    assert not more
    if name == str(SH.alternativePath):
        return f"({'|'.join(path(graph, each) for each in graph.items(value))})"
    if name == str(SH.inversePath):
        return f"^{path(graph, value)}"
    marks = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
    return path(graph, value) + marks[name.removeprefix(str(SH))]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ex:a", "a"),
        ("[ sh:inversePath ex:a ]", "^a"),
        ("[ sh:inversePath ( ex:a ex:b ) ]", "(^b/^a)"),
        ("[ sh:inversePath [ sh:alternativePath ( ex:a ( ex:b ex:c ) ) ] ]", "(^a|(^c/^b))"),
        ("[ sh:inversePath [ sh:zeroOrMorePath ( ex:a ex:b ) ] ]", "(^b/^a)*"),
        ("[ sh:inversePath [ sh:oneOrMorePath ex:a ] ]", "^a+"),
        ("( ex:a [ sh:inversePath ( ex:b [ sh:inversePath ex:c ] ) ] )", "(a/(c/^b))"),
    ],
)
def test_the_inverse_of_a_path_is_made_of_inverse_predicates(written: str, read: str) -> None:
    """SPARQL 1.1, section 18.4: the inverse of a sequence is the inverses the other way round."""
    graph = in_normal_form(shapes(f"ex:S sh:path {written} ."))
    assert path(graph, graph.value(EX.S, SH.path)) == read


def test_prefixes_are_those_of_the_ontology_and_of_what_it_imports() -> None:
    """SHACL, section 5.2.1: sh:prefixes/owl:imports*/sh:declare."""
    graph = shapes(
        "ex:S sh:sparql [ sh:prefixes ex:o ] . "
        "ex:o <http://www.w3.org/2002/07/owl#imports> ex:p ; sh:declare ex:one . "
        "ex:p sh:declare ex:two . ex:other sh:declare ex:three ."
    )
    in_normal_form(graph)
    (ontology,) = graph.objects(graph.value(EX.S, SH.sparql), SH.prefixes)
    assert set(graph.objects(ontology, SH.declare)) == {EX.one, EX.two}
    assert (ontology, rdflib.RDF.type, OWL.Ontology) in graph


def test_only_the_term_true_is_true() -> None:
    """The W3C's test uniqueLang-002: "1" is another term than "true"."""
    boolean = "<http://www.w3.org/2001/XMLSchema#boolean>"
    graph = in_normal_form(shapes(f"ex:S sh:uniqueLang '1'^^{boolean} . ex:T sh:closed true ."))
    assert set(graph.predicates()) == {SH.closed}


def test_shapes_without_any_term_of_shacl_are_refused() -> None:
    """They are somebody's other file, and would let anything conform."""
    with pytest.raises(DataError, match="no shape in it"):
        shapes("ex:a ex:b ex:c .")
