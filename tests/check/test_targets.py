"""Focus nodes, and shapes that check nothing."""

import pytest
from pyoxigraph import Store
from small_shapes import node, shapes, small_store

from sparql_endpoint.check.targets import check_targets, focus_nodes


@pytest.fixture
def store() -> Store:
    return small_store()


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
