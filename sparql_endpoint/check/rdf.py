"""Terms of rdflib and of Oxigraph, one as the other."""

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import BNode, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from sparql_endpoint.graph.document import Term

__all__ = ["to_oxigraph"]


def to_oxigraph(node: Node) -> Term:
    """Return Oxigraph's term for a term of rdflib.

    Raises:
        TypeError: the node is of none of the kinds of term that RDF 1.1 has.
    """
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, BNode):
        return BlankNode(str(node))
    if isinstance(node, RdflibLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype)) if node.datatype else None)
    raise TypeError(f"{node!r} is no term of RDF 1.1")
