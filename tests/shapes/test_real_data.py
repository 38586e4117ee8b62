"""The project's own graph under its shapes."""

import pytest
from pyoxigraph import Store
from rdflib import OWL, RDF, SH, Graph, Literal, URIRef

from sparql_endpoint.check.shapes import check_shapes
from sparql_endpoint.check.targets import check_targets, focus_nodes
from sparql_endpoint.graph.dataset import project_files
from sparql_endpoint.graph.document import read_document


@pytest.fixture(scope="module")
def store() -> Store:
    """Return ontology and data as one graph."""
    store = Store()
    for document in map(read_document, project_files()):
        store.extend(document.statements)
    return store


def test_ontology_and_data_conform(store: Store, shapes: Graph) -> None:
    """No shape finds fault with the project's own graph, not even a warning."""
    assert [f"{finding.focus} {finding.message}" for finding in check_shapes(store, shapes)] == []


def test_every_shape_is_about_something_in_it(store: Store, shapes: Graph) -> None:
    """A shape whose class nothing has, because it is misspelt or forgotten, is seen."""
    assert check_targets(shapes, focus_nodes(store, shapes)) == []


def test_a_misspelt_target_is_seen(store: Store, shapes: Graph) -> None:
    """The test above is no empty one."""
    misspelt = Graph() + shapes
    misspelt.add((URIRef("urn:shape"), SH.targetClass, URIRef("urn:Meting")))
    assert [
        finding.focus for finding in check_targets(misspelt, focus_nodes(store, misspelt))
    ] != []


def test_shapes_of_own_tell_the_editor_what_to_do(shapes: Graph) -> None:
    """Each shape that something can break has a message, each property shape a name too."""
    told = set(shapes.subjects(SH.message))
    named = set(shapes.subjects(SH.name))
    properties = set(shapes.objects(None, SH.property))
    queries = set(shapes.objects(None, SH.sparql))
    assert properties | queries <= told
    assert properties <= named


def test_messages_are_sentences_of_their_own(shapes: Graph) -> None:
    """Each message ends with a full stop and belongs to one shape, so that it tells which."""
    messages = list(shapes.objects(None, SH.message))
    assert [message for message in messages if not str(message).endswith(".")] == []
    assert len(messages) == len(set(messages))
    assert {message.language for message in messages if isinstance(message, Literal)} == {"en"}


def test_shapes_are_shapes_by_type(shapes: Graph) -> None:
    """Whatever stands in the files is a shape, a query, a prefix, a list or the header."""
    kinds = {SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint, OWL.Ontology}
    assert set(shapes.objects(None, RDF.type)) == kinds
