"""Shapes rearranged for speed find what the shapes as written find."""

import pytest
import rdflib
from pyshacl import validate
from rdflib import RDF, SH
from rdflib.compare import isomorphic

from sparql_endpoint.check.batch import in_batches

PREFIXES = """
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SHAPES = f"""{PREFIXES}
ex:Open a sh:NodeShape ; sh:targetClass ex:A , ex:B ; sh:property ex:p-shape ; sh:nodeKind sh:IRI .
ex:Closed a sh:NodeShape ; sh:targetSubjectsOf ex:c ; sh:closed true ;
    sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
    sh:property ex:c-shape , ex:path-shape .
ex:Used a sh:NodeShape ; sh:targetNode ex:used ; sh:property ex:p-shape .
ex:Using a sh:NodeShape ; sh:targetNode ex:using ; sh:node ex:Used .
ex:Off a sh:NodeShape ; sh:targetClass ex:A ; sh:deactivated true ; sh:property ex:c-shape .
ex:Untargeted a sh:NodeShape ; sh:property ex:p-shape .
ex:p-shape a sh:PropertyShape ; sh:path ex:p ; sh:minCount 1 ; sh:severity sh:Warning .
ex:c-shape a sh:PropertyShape ; sh:path ex:c ; sh:maxCount 1 ; sh:message "One."@en .
ex:path-shape a sh:PropertyShape ; sh:path ( ex:d ex:e ) ; sh:maxCount 1 .
"""
DATA = f"""{PREFIXES}
ex:a a ex:A . ex:ab a ex:A , ex:B . ex:good a ex:B ; ex:p 1 .
ex:c1 ex:c 1 . ex:c2 ex:c 1 , 2 ; a ex:C . ex:c3 ex:c 1 ; ex:other 2 .
ex:used ex:q 1 . ex:using ex:q 1 .
"""


def results(shapes: rdflib.Graph) -> set[tuple[str, ...]]:
    """Return focus node, path, value, shape, component and severity of each result."""
    data = rdflib.Graph().parse(data=DATA, format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    parts = (
        SH.focusNode,
        SH.resultPath,
        SH.value,
        SH.sourceShape,
        SH.sourceConstraintComponent,
        SH.resultSeverity,
        SH.resultMessage,
    )
    return {
        tuple(str(report.value(result, part)) for part in parts)
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.fixture
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(data=SHAPES, format="turtle")


def test_the_results_are_the_same(shapes: rdflib.Graph) -> None:
    """Open, closed, shared, nested and deactivated shapes alike."""
    as_written = results(shapes)
    assert len(as_written) > 5
    assert results(in_batches(shapes)) == as_written


def test_the_shapes_as_written_stay(shapes: rdflib.Graph) -> None:
    """Only a copy is rearranged."""
    before = rdflib.Graph().parse(data=SHAPES, format="turtle")
    in_batches(shapes)
    assert isomorphic(shapes, before)
