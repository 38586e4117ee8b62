"""The competency questions in RDF, by the convention of https://github.com/sib-swiss/sparql-examples.

Editors that know it ask an endpoint for its examples in SPARQL, so they stand in the data served.
"""

from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from sparql_endpoint.names import BASE, GRAPH, PREFIXES
from sparql_endpoint.query.catalogue import CompetencyQuestion, catalogue
from sparql_endpoint.query.outline import outline

__all__ = ["add_examples", "example_quads"]

_EXAMPLES = NamedNode(f"{GRAPH}sparql_endpoint/queries")
_DECLARED = NamedNode(f"{BASE}query/prefixes")


def add_examples(store: Store) -> None:
    """Put the examples and the prefixes into ``store``: a graph of their own, and the merge."""
    for graph in (_EXAMPLES, DefaultGraph()):
        store.extend(example_quads(graph))


def example_quads(graph: NamedNode | BlankNode | DefaultGraph) -> Iterator[Quad]:
    """Yield the description of every question and of every prefix, in ``graph``."""
    for question in catalogue().values():
        for predicate, value in _of_question(question):
            node = NamedNode(f"{BASE}query/{question.slug}")
            yield Quad(node, _name(predicate), value, graph)
    yield Quad(_DECLARED, _name("rdf:type"), _name("owl:Ontology"), graph)
    for prefix, namespace in PREFIXES.items():
        node = NamedNode(f"{_DECLARED.value}#{prefix}")
        yield Quad(_DECLARED, _name("sh:declare"), node, graph)
        yield Quad(node, _name("rdf:type"), _name("sh:PrefixDeclaration"), graph)
        yield Quad(node, _name("sh:prefix"), Literal(prefix), graph)
        uri = Literal(namespace, datatype=_name("xsd:anyURI"))
        yield Quad(node, _name("sh:namespace"), uri, graph)


def _of_question(question: CompetencyQuestion) -> Iterator[tuple[str, NamedNode | Literal]]:
    form = outline(question.text).form
    yield "rdf:type", _name("sh:SPARQLExecutable")
    yield "rdf:type", _name(f"sh:SPARQL{form.capitalize()}Executable")
    yield "rdfs:label", Literal(question.title, language="en")
    yield "rdfs:comment", Literal(question.question, language="en")
    for keyword in question.keywords:
        yield "schema:keywords", Literal(keyword, language="en")
    yield "sh:prefixes", _DECLARED
    yield f"sh:{form.lower()}", Literal(question.text)


def _name(name: str, prefixes: Mapping[str, str] = PREFIXES) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes[prefix] + local)
