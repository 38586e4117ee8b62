"""Targets of shapes, and shapes that check nothing.

By SHACL any data conform to a shape without a focus node or without a constraint. So a misspelt
class or a forgotten line lets everything pass.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, cast

from pyoxigraph import Store
from rdflib import RDF, RDFS, SH, Graph, Literal
from rdflib.term import BNode, Node, URIRef

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import shorten

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

__all__ = ["TARGETS", "check_targets", "count_focus_nodes", "focus_nodes", "shape_name", "targets"]

TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
"""The target declarations of SHACL core (https://www.w3.org/TR/shacl/#targets)."""

_NO_CONSTRAINT = {
    RDF.type,
    RDFS.label,
    RDFS.comment,
    RDFS.isDefinedBy,
    SH.deactivated,
    SH.defaultValue,
    SH.description,
    SH.group,
    SH.message,
    SH.name,
    SH.order,
    SH.path,
    SH.severity,
}
# Each target declaration as the pattern that finds its focus nodes.
_PATTERNS = {
    SH.targetClass: "?focus a/rdfs:subClassOf* {value}",
    SH.targetNode: "VALUES ?focus {{ {value} }} {{ ?focus ?p ?o }} UNION {{ ?s ?q ?focus }}",
    SH.targetObjectsOf: "?s {value} ?focus",
    SH.targetSubjectsOf: "?focus {value} ?o",
}
_NAMED = "VALUES ?focus {{ {value} }}"


def check_targets(shapes: Graph, focused: Mapping[Term, Collection[Term]]) -> list[Finding]:
    """Return shapes that check nothing: no node has their target, or they state no constraint.

    Args:
        shapes: the shapes.
        focused: the focus nodes of each shape with a target, as ``focus_nodes`` returns them.
    """
    idle = [shape for shape in targets(shapes) if not focused[to_oxigraph(shape)]]
    empty = [
        shape
        for shape in sorted(set(shapes.subjects(SH.path, None)), key=str)
        if _NO_CONSTRAINT.issuperset(shapes.predicates(shape))
    ]
    return [
        *(_weakness(shapes, shape, "No node has the target of this shape") for shape in idle),
        *(_weakness(shapes, shape, "This property shape states no constraint") for shape in empty),
    ]


def focus_nodes(store: Store, shapes: Graph) -> dict[Term, set[Term]]:
    """Return the focus nodes in ``store`` of each shape with a target."""
    return {
        to_oxigraph(shape): {
            solution["focus"]
            for name, value in declared
            for solution in _select(store, _PATTERNS[name].format(value=value.n3()))
        }
        for shape, declared in targets(shapes).items()
    }


def count_focus_nodes(store: Store, shapes: Graph, *, only_there: bool = False) -> int:
    """Return the number of focus nodes of all shapes, each node counted once.

    A node that a shape names need not be in ``store`` (https://www.w3.org/TR/shacl/#targetNode),
    unless ``only_there``.
    """
    anyhow = {} if only_there else {SH.targetNode: _NAMED}
    patterns = {
        (anyhow.get(name) or _PATTERNS[name]).format(value=value.n3())
        for declared in targets(shapes).values()
        for name, value in declared
    }
    anywhere = " UNION ".join(f"{{ {pattern} }}" for pattern in sorted(patterns))
    query = f"SELECT (COUNT(DISTINCT ?focus) AS ?count) WHERE {{ {anywhere} }}"
    solutions = cast("QuerySolutions", store.query(query, prefixes={"rdfs": str(RDFS)}))
    return int(next(solutions)["count"].value)


def targets(shapes: Graph) -> dict[Node, list[tuple[URIRef, Node]]]:
    """Return the shapes that have targets, and these; a shape that is a class targets itself."""
    found: defaultdict[Node, list[tuple[URIRef, Node]]] = defaultdict(list)
    for name in TARGETS:
        for shape, value in shapes.subject_objects(name):
            if not isinstance(
                value, BNode
            ):  # not a node of the data: labels of blank nodes are local to a file
                found[shape].append((name, value))
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        if (shape, RDF.type, RDFS.Class) in shapes:
            found[shape].append((SH.targetClass, shape))
    off = set(shapes.subjects(SH.deactivated, Literal(lexical_or_value=True)))
    return {shape: found[shape] for shape in sorted(found, key=str) if shape not in off}


def _select(store: Store, pattern: str) -> "QuerySolutions":
    query = f"SELECT DISTINCT ?focus WHERE {{ {pattern} }}"
    return store.query(query, prefixes={"rdfs": str(RDFS)})  # type: ignore[return-value]


def _weakness(shapes: Graph, shape: Node, message: str) -> Finding:
    values = [str(value) for name in TARGETS for value in shapes.objects(shape, name)]
    about = f" ({', '.join(map(shorten, values))})" if values else ""
    return Finding(
        check="shapes",
        rule=shape_name(shape),
        severity=Severity.ERROR,
        message=f"{message}{about}.",
        mend="Correct the spelling, add what it should check, or remove the shape.",
        focus=to_oxigraph(shape),
    )


def shape_name(shape: Node | None) -> str:
    """Return the short name of a shape, or words for one that has only a blank node."""
    return shorten(str(shape)) if isinstance(shape, URIRef) else "a shape without a name"
