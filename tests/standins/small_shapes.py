"""A handful of triples, and shapes given in a line, for tests of SHACL."""

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, parse
from rdflib import Graph

from sparql_endpoint.check.shapes import read_shapes
from sparql_endpoint.graph.document import Document

__all__ = ["PREFIXES", "node", "shapes", "small_store"]

PREFIXES = """
@prefix ex: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def node(local: str) -> NamedNode:
    """Return the name ``ex:local``."""
    return NamedNode(f"http://e/{local}")


def shapes(turtle: str) -> Graph:
    """Return shapes written below ``PREFIXES``."""
    content = f"{PREFIXES} {turtle}".encode()
    return read_shapes([Document(Path("s.ttl"), content, tuple(parse(content, RdfFormat.TURTLE)))])


def small_store() -> Store:
    """Return a store with an instance of a subclass, a statement, and one of a class of its own."""
    store = Store()
    data = f"{PREFIXES} ex:Sub rdfs:subClassOf ex:C . ex:a a ex:Sub ; ex:p ex:b . ex:x a ex:Own ."
    store.load(data, RdfFormat.TURTLE)
    return store
