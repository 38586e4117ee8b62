"""Which statements an export holds."""

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.export.content import content, triples_of
from sparql_endpoint.graph.dataset import load_project

THINGS = "https://w3id.org/forumgraph/graph/data/things"


def test_a_triple_of_two_graphs_stands_in_both(store: Store) -> None:
    """The default graph is a graph of its own (RDF 1.1 Concepts, section 4)."""
    graphs = {
        str(quad.graph_name)
        for quad in content(store)
        if quad.object == Literal("CELAC", language="es")
    }

    assert graphs == {f"<{THINGS}>", "DEFAULT"}


def test_the_project_has_no_statement_outside_its_files(project: list[Quad]) -> None:
    """The project's default graph is the merge of its files, and no graph of its own."""
    assert not [quad for quad in content(project) if quad.graph_name == DefaultGraph()]
    assert len(triples_of(content(project))) == len(
        list(load_project().quads_for_pattern(None, None, None, DefaultGraph()))
    )


@pytest.mark.parametrize("name", [THINGS, f"<{THINGS}>", "graph:data/things", "data/things"])
def test_a_graph_is_taken_alone_by_any_of_its_names(store: Store, name: str) -> None:
    """An IRI, a short name, or the path of the file without its ending."""
    assert {str(quad.graph_name) for quad in content(store, [name])} == {f"<{THINGS}>"}


def test_several_graphs_are_taken_together(store: Store) -> None:
    """Each in its own graph."""
    both = content(store, ["data/things", "data/claims/s"])

    assert len({quad.graph_name for quad in both}) == 2


@pytest.mark.parametrize(
    ("name", "advice"),
    [("data/thing", "did you mean 'data/things'"), ("x", "there is data/claims/s, data/things")],
)
def test_a_graph_that_is_not_there_is_answered_with_those_that_are(
    store: Store, name: str, advice: str
) -> None:
    """A slip of the finger is told from a name of something else."""
    with pytest.raises(NotFoundError, match=advice):
        content(store, [name])


def test_blank_nodes_have_the_same_labels_each_time() -> None:
    """Two readings of one graph export alike (RDFC-1.0)."""
    stores = [Store(), Store()]
    for store in stores:
        one, other = BlankNode(), BlankNode()
        store.add(Quad(one, NamedNode("a:p"), other))
        store.add(Quad(other, NamedNode("a:p"), Literal("end")))

    assert set(content(stores[0])) == set(content(stores[1]))


def test_the_merge_holds_a_triple_once() -> None:
    """A triple of two graphs stands once in their merge."""
    triple = (NamedNode("a:s"), NamedNode("a:p"), NamedNode("a:o"))

    merged = triples_of([Quad(*triple, NamedNode("a:g")), Quad(*triple, NamedNode("a:h"))])

    assert merged == [Quad(*triple)]
