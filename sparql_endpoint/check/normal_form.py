"""Shapes rewritten so that pySHACL reads them as SHACL defines, with the same meaning.

pySHACL 0.40 differs from SHACL in five ways. It follows the inverse of a sequence in the order of
the sequence. It looks for prefixes in every ontology except imported ones. It takes
``"1"^^xsd:boolean`` for true, where SHACL requires the term ``true``. It refuses a parameter of a
component whose other mandatory parameters are missing, where SHACL sees no constraint. It takes a
value that is not a list for an empty list.
"""

from rdflib import OWL, RDF, SH, XSD, Graph, Literal
from rdflib.collection import Collection
from rdflib.term import BNode, Node

__all__ = ["check_form", "in_normal_form"]

_ONE = Literal("1", datatype=XSD.boolean, normalize=False)
_FLAGS = (SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint, SH.uniqueLang)
_LISTS = (SH["in"], SH.languageIn, SH.ignoredProperties)
_COUNTS = (SH.qualifiedMinCount, SH.qualifiedMaxCount)
_REPEATED = (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)


def check_form(shapes: Graph) -> None:
    """Refuse shapes that pySHACL would misread.

    Raises:
        SyntaxError: a value is not a list, or the shapes name an entailment regime, which a
            processor without support for it must refuse (https://www.w3.org/TR/shacl/#shacl-rdfs).
    """
    for regime in shapes.objects(None, SH.entailment):
        raise SyntaxError(f"sh:entailment <{regime}> is not supported")
    for name in _LISTS:
        for value in shapes.objects(None, name):
            if value != RDF.nil and (value, RDF.first, None) not in shapes:
                raise SyntaxError(f"the value of sh:{name.removeprefix(str(SH))} is no list")


def in_normal_form(shapes: Graph) -> Graph:
    """Change ``shapes`` in place, and return it.

    Afterwards inverse paths are of predicates only, and each query has its own prefixes.

    Raises:
        RecursionError: a path contains itself.
    """
    _turn_inverse_paths(shapes)
    _gather_prefixes(shapes)
    for flag in _FLAGS:
        shapes.remove((None, flag, _ONE))
    _leave_out_incomplete(shapes)
    return shapes


def _leave_out_incomplete(shapes: Graph) -> None:
    """Leave out parameters whose shape lacks the others that their component must have.

    A shape with a value for each of these has the constraint: section 2.1.
    """
    for shape in set(shapes.subjects(SH.ignoredProperties)):
        if (shape, SH.closed, None) not in shapes:
            shapes.remove((shape, SH.ignoredProperties, None))
    for name in (SH.qualifiedValueShape, *_COUNTS, SH.qualifiedValueShapesDisjoint):
        for shape in set(shapes.subjects(name)):
            counts = any((shape, count, None) in shapes for count in _COUNTS)
            if not counts or (shape, SH.qualifiedValueShape, None) not in shapes:
                shapes.remove((shape, name, None))


def _turn_inverse_paths(shapes: Graph) -> None:
    """Rewrite ``^(a/b)`` as ``^b/^a`` and so on: sections 9.1 and 18.4 of SPARQL 1.1.

    The node of a path stays the same, since results refer to it
    (https://www.w3.org/TR/shacl/#property-paths).
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
    """Add to each query the prefixes of ``sh:prefixes/owl:imports*/sh:declare``, and no others.

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
