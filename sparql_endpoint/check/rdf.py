"""Conversion between terms of rdflib and Oxigraph, and literals that Oxigraph's store changes."""

from collections.abc import Iterable
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from rdflib import BNode, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from sparql_endpoint.check.xsd import is_well_formed
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import PREFIXES, expand

__all__ = ["are_stored_as_written", "to_oxigraph", "to_rdflib"]

_STRING = expand("xsd:string")
_TEXTS = frozenset({_STRING, expand("rdf:langString")})
_SUBJECT = NamedNode("urn:s")


def to_oxigraph(node: Node) -> Term:
    """Return Oxigraph's term for a term of rdflib.

    Raises:
        TypeError: the node is not a term of RDF 1.1.
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


@lru_cache(maxsize=1 << 16)
def to_rdflib(term: Term) -> Node:
    """Return rdflib's term for a term of Oxigraph; a literal keeps its text.

    A string gets no datatype, since rdflib takes ``"a"`` and ``"a"^^xsd:string`` for two literals;
    they are one (RDF 1.1 Concepts, section 3.3,
    https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal). XML Schema, not rdflib, decides
    whether a literal is ill-typed.

    Raises:
        TypeError: the term is not a term of RDF 1.1.
    """
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Literal):
        return _literal(term)
    raise TypeError(f"{term} is no term of RDF 1.1")


def _literal(term: Literal) -> RdflibLiteral:
    if term.language:
        return RdflibLiteral(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == _STRING:
        return RdflibLiteral(term.value)
    literal = RdflibLiteral(term.value, datatype=URIRef(datatype), normalize=False)
    if datatype.startswith(PREFIXES["xsd"]):
        literal._ill_typed = not is_well_formed(term.value, datatype)  # noqa: SLF001  # no other way
    return literal


def are_stored_as_written(literals: Iterable[Literal]) -> bool:
    """Return whether a store of Oxigraph returns these literals with the same text and datatype.

    The store keeps numbers and times as values: it returns ``007`` as 7, and an ``xsd:int`` as an
    ``xsd:integer``.
    """
    typed = {literal for literal in literals if literal.datatype.value not in _TEXTS}
    if not typed:
        return True
    store = Store()
    store.extend(Quad(_SUBJECT, _SUBJECT, literal) for literal in typed)
    return {quad.object for quad in store} == typed
