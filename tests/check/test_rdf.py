"""Terms of rdflib as Oxigraph's."""

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib.term import Node

from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.graph.document import Term

TERMS: list[tuple[Node, Term]] = [
    (rdflib.URIRef("http://e/a"), NamedNode("http://e/a")),
    (rdflib.BNode("b"), BlankNode("b")),
    (rdflib.Literal("x"), Literal("x")),
    (rdflib.Literal("x", lang="pt-BR"), Literal("x", language="pt-BR")),
    (rdflib.Literal(5), Literal(5)),
]


@pytest.mark.parametrize(("node", "term"), TERMS)
def test_each_kind_of_term_has_its_like(node: Node, term: Term) -> None:
    """IRIs, blank nodes, and literals with a language or a datatype."""
    assert to_oxigraph(node) == term


def test_what_is_no_term_of_rdf_is_refused() -> None:
    """A variable of N3, for instance."""
    with pytest.raises(TypeError, match="is no term of RDF"):
        to_oxigraph(rdflib.Variable("x"))
