"""Shapes in the form that pySHACL validates fastest, with the same results.

pySHACL validates a shape's own targets all at once, but the property shapes inside a node shape
once for every focus node, and looks the shape up each time. A property shape that has the targets
itself means the same (https://www.w3.org/TR/shacl/#targets), and takes a third of the time.
"""

from rdflib import RDF, RDFS, SH, Graph
from rdflib.collection import Collection
from rdflib.term import BNode, Node

from sparql_endpoint.check.targets import TARGETS

__all__ = ["in_batches"]


def in_batches(shapes: Graph) -> Graph:
    """Return a copy in which property shapes have the targets of their node shapes.

    Three kinds of shapes stay as they are: a node shape that another shape uses, since it has no
    target there; a node shape with disjoint qualified value shapes, whose meaning depends on their
    siblings (https://www.w3.org/TR/shacl/#QualifiedValueShapeConstraintComponent); and a property
    shape that is in several shapes or has targets of its own, which would have fewer results.
    """
    copy = Graph(bind_namespaces="none")
    for prefix, namespace in shapes.namespaces():
        copy.bind(prefix, namespace)  # messages without words of their own have short names
    for triple in shapes:
        copy.add(triple)
    for shape in set(shapes.subjects(RDF.type, SH.NodeShape)):
        if (None, None, shape) not in shapes and (shape, SH.deactivated, None) not in shapes:
            _move(copy, shape)
    return copy


def _move(shapes: Graph, shape: Node) -> None:
    targets = [(name, value) for name in TARGETS for value in shapes.objects(shape, name)]
    if (shape, RDF.type, RDFS.Class) in shapes:
        targets.append((SH.targetClass, shape))
    properties = list(shapes.objects(shape, SH.property))
    if not targets or any(
        (each, SH.qualifiedValueShapesDisjoint, None) in shapes for each in properties
    ):
        return
    if (shape, SH.closed, None) in shapes:  # which allows only the paths of the shapes in it
        ignored = shapes.value(shape, SH.ignoredProperties)
        paths = [shapes.value(inner, SH.path) for inner in properties]
        allowed = [*(Collection(shapes, ignored) if ignored else ()), *filter(None, paths)]
        shapes.set((shape, SH.ignoredProperties, Collection(shapes, BNode(), allowed).uri))
    for inner in properties:
        if _stands_once(shapes, inner):
            shapes.remove((shape, SH.property, inner))
            for name, value in targets:
                shapes.add((inner, name, value))


def _stands_once(shapes: Graph, shape: Node) -> bool:
    """Return whether a property shape is in exactly one shape, and has no target of its own."""
    uses = sum(1 for _ in shapes.subjects(None, shape))
    return uses == 1 and not any((shape, name, None) in shapes for name in TARGETS)
