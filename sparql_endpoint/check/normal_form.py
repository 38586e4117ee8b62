"""Shapes in the form that pySHACL reads as SHACL says, with the same meaning.

pySHACL 0.40 walks the inverse of a sequence in the order of the sequence, and looks for prefixes in
every ontology but those that are imported. It takes ``"1"^^xsd:boolean`` for true, where SHACL asks
for the term ``true``.
"""

from rdflib import OWL, RDF, SH, XSD, Graph, Literal
from rdflib.collection import Collection
from rdflib.term import BNode, Node

__all__ = ["in_normal_form"]

_ONE = Literal("1", datatype=XSD.boolean, normalize=False)
_FLAGS = (SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint, SH.uniqueLang)
_REPEATED = (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)


def in_normal_form(shapes: Graph) -> Graph:
    """Return ``shapes`` itself, changed: inverse paths are of predicates, prefixes are at hand.

    Raises:
        RecursionError: a path contains itself.
    """
    _turn_inverse_paths(shapes)
    _gather_prefixes(shapes)
    for flag in _FLAGS:
        shapes.remove((None, flag, _ONE))
    return shapes


def _turn_inverse_paths(shapes: Graph) -> None:
    """Write ``^(a/b)`` as ``^b/^a`` and so on: sections 9.1 and 18.4 of SPARQL 1.1.

    The node of a path stays, since results name it (https://www.w3.org/TR/shacl/#property-paths).
    """
    for node, inner in list(shapes.subject_objects(SH.inversePath)):
        is_read = (None, None, node) in shapes and (node, RDF.first, None) not in shapes
        if is_read and isinstance(inner, BNode) and (inner, SH.inversePath, None) not in shapes:
            turned = _inverse(shapes, inner)
            shapes.remove((node, SH.inversePath, inner))
            for name, value in list(shapes.predicate_objects(turned)):
                shapes.add((node, name, value))


def _inverse(shapes: Graph, path: Node) -> Node:
    """Return a node for the inverse of a path."""
    if (path, RDF.first, None) in shapes:
        steps = [_inverse(shapes, step) for step in shapes.items(path)]
        return Collection(shapes, BNode(), steps[::-1]).uri
    inner = shapes.value(path, SH.inversePath)
    if inner is not None:
        return inner
    turned = BNode()
    alternatives = shapes.value(path, SH.alternativePath)
    if alternatives is not None:
        paths = [_inverse(shapes, each) for each in shapes.items(alternatives)]
        shapes.add((turned, SH.alternativePath, Collection(shapes, BNode(), paths).uri))
        return turned
    for kind in _REPEATED:
        repeated = shapes.value(path, kind)
        if repeated is not None:
            shapes.add((turned, kind, _inverse(shapes, repeated)))
            return turned
    shapes.add((turned, SH.inversePath, path))
    return turned


def _gather_prefixes(shapes: Graph) -> None:
    """Give each query the prefixes of ``sh:prefixes/owl:imports*/sh:declare``, and no others.

    https://www.w3.org/TR/shacl/#sparql-prefixes
    """
    for query, named in list(shapes.subject_objects(SH.prefixes)):
        declared = [
            declaration
            for ontology in shapes.transitive_objects(named, OWL.imports)
            for declaration in shapes.objects(ontology, SH.declare)
        ]
        if declared:
            own = BNode()
            shapes.remove((query, SH.prefixes, named))
            shapes.add((query, SH.prefixes, own))
            shapes.add((own, RDF.type, OWL.Ontology))
            for declaration in declared:
                shapes.add((own, SH.declare, declaration))
