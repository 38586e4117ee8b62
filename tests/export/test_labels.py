"""Labels of blank nodes are the same in every run, and take a bounded time.

RDFC-1.0, section 7.1 (https://www.w3.org/TR/rdf-canon/#dataset-poisoning), asks for a bound.
"""

from collections.abc import Callable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from sparql_endpoint.export.labels import coloured, is_within_bound, labelled

P, FIRST, REST = NamedNode("urn:p"), NamedNode("urn:first"), NamedNode("urn:rest")
NIL = NamedNode("urn:nil")
Name = Callable[[str], BlankNode]


def own(name: str) -> BlankNode:
    """Return a blank node."""
    return BlankNode(name)


def other(name: str) -> BlankNode:
    """Return it with another label."""
    return BlankNode(f"x{name[::-1]}")


def clique(size: int, node: Name = own) -> list[Quad]:
    """Return nodes of which each is joined to each other one."""
    names = [f"n{number}" for number in range(size)]
    return [Quad(node(a), P, node(b)) for a in names for b in names if a != b]


def stars(size: int, node: Name = own) -> list[Quad]:
    """Return two nodes with as many others behind each."""
    return [Quad(node(f"s{a}"), P, node(f"s{a}t{b}")) for a in "01" for b in range(size)]


def items(values: list[int], node: Name = own) -> list[Quad]:
    """Return a list."""
    cells = [*(node(f"c{place}") for place in range(len(values))), NIL]
    quads = []
    for place, value in enumerate(values):
        quads.append(Quad(cells[place], FIRST, Literal(value)))  # type: ignore[arg-type]  # no end
        quads.append(Quad(cells[place], REST, cells[place + 1]))  # type: ignore[arg-type]  # no end
    return quads


def records(size: int, node: Name = own) -> list[Quad]:
    """Return things, each with a record that is like the others."""
    quads = []
    for each in range(size):
        address, place = node(f"a{each}"), node(f"p{each}")
        quads += [Quad(NamedNode(f"urn:{each}"), P, address), Quad(address, P, place)]
        quads.append(Quad(place, P, Literal(0)))
    return quads


TOO_MANY: dict[str, Callable[[Name], list[Quad]]] = {
    "clique": lambda node: clique(30, node),
    "stars": lambda node: stars(500, node),
    "list": lambda node: items([0] * 1000, node),
}


@pytest.mark.parametrize(
    ("quads", "expected"),
    [
        (clique(4), True),
        (clique(8), False),
        (stars(3), True),
        (stars(9), False),
        (items([0] * 10), True),
        (items([0] * 1000), False),
        (items(list(range(1000))), True),
        (records(3000), True),
        ([], True),
    ],
)
def test_the_steps_are_estimated(quads: list[Quad], expected: bool) -> None:  # noqa: FBT001
    """All orders of nodes that look alike are tried (section 4.8): 8 in a clique take 7 seconds."""
    assert is_within_bound(quads) is expected


def test_labels_are_canonical_within_the_bound() -> None:
    """Section 4.4: the canonical issuer has the prefix c14n."""
    quads = labelled(records(2))
    names = {term.value for quad in quads for term in quad if isinstance(term, BlankNode)}
    assert names == {f"c14n{number}" for number in range(4)}


@pytest.mark.parametrize("name", TOO_MANY)
def test_beyond_it_they_do_not_depend_on_the_labels_before(name: str) -> None:
    """The same file has the same export, whatever labels a parser makes up."""
    assert labelled(TOO_MANY[name](own)) == labelled(TOO_MANY[name](other))


def test_beyond_it_the_graph_is_the_same() -> None:
    """A clique is complete, two stars share no node, a list has its length and order."""
    joined = labelled(clique(30))
    nodes = {quad.subject for quad in joined}
    assert len(nodes) == 30
    assert {(quad.subject, quad.object) for quad in joined} == {
        (a, b) for a in nodes for b in nodes if a != b
    }

    behind = labelled(stars(500))
    heads = {quad.subject for quad in behind}
    assert (len(heads), len({quad.object for quad in behind})) == (2, 1000)

    rest = {
        quad.subject: quad.object for quad in labelled(items([0] * 1000)) if quad.predicate == REST
    }
    (cell,) = set(rest) - set(rest.values())
    length = 0
    while cell != NIL:
        cell, length = rest.pop(cell), length + 1  # type: ignore[assignment]  # no literal
    assert (length, rest) == (1000, {})


def test_a_blank_node_in_a_triple_term_has_its_label_too() -> None:
    """RDF 1.2 Concepts, section 3.2: it is the same node."""
    said = [Quad(NamedNode("urn:s"), P, Triple(quad.subject, P, quad.object)) for quad in clique(9)]
    quads = labelled([*clique(9), *said])
    asserted = {(quad.subject, quad.object) for quad in quads if isinstance(quad.object, BlankNode)}
    terms = {
        (quad.object.subject, quad.object.object)
        for quad in quads
        if isinstance(quad.object, Triple)
    }
    assert asserted == terms
    assert len(asserted) == 72


def test_graphs_that_are_too_large_for_labels_are_compared_by_what_is_around() -> None:
    """Names that are the same for the same graph, and others for one without a statement."""
    assert set(coloured(clique(9))) == set(coloured(clique(9, other)))
    assert set(coloured(clique(9))) != set(coloured(clique(9)[1:]))
