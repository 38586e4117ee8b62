"""SHACL: the shapes over data and ontology as one graph (https://www.w3.org/TR/shacl/).

The graph is an Oxigraph store, which pySHACL queries as it stands: with SPARQL constraints that is
many times faster than a graph of rdflib. Data and ontology are not given apart, because pySHACL
takes only some statements over from a separate ontology graph, own annotation properties not among
them.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad, Store
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal
from rdflib.term import Node, URIRef

from sparql_endpoint.check.batch import TARGETS, in_batches
from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.quiet import quiet
from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.document import Document, Term
from sparql_endpoint.names import shorten

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

__all__ = ["check_shapes", "check_targets", "focus_nodes", "read_shapes"]

_SEVERITIES: dict[Node | None, Severity] = {
    SH.Violation: Severity.ERROR,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.NOTE,
}
_IRI = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,:;)]")
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
# Target declarations of SHACL core, section 2.1.3, each as the pattern that finds its focus nodes.
_PATTERNS = {
    SH.targetClass: "?focus a/rdfs:subClassOf* {value}",
    SH.targetNode: "VALUES ?focus {{ {value} }} {{ ?focus ?p ?o }} UNION {{ ?s ?q ?focus }}",
    SH.targetObjectsOf: "?s {value} ?focus",
    SH.targetSubjectsOf: "?focus {value} ?o",
}


_BY_QUERY = NamedNode(str(SH.SPARQLConstraintComponent))
_ONTOLOGY = NamedNode(str(OWL.Ontology))
_TYPE = NamedNode(str(RDF.type))


class _Graph(OxigraphDataGraph):
    """A store as pySHACL takes it, without counting all its triples for each result.

    pySHACL 0.40 writes ``datagraph or …``, and the truth of a graph is the number of its triples.
    """

    def __bool__(self) -> bool:
        return True


def read_shapes(documents: Iterable[Document]) -> Graph:
    """Return the shapes of ``documents`` as one graph.

    Raises:
        DataError: there is no shape in it, which would let any data conform.
    """
    graph = Graph(bind_namespaces="none")
    names = []
    for document in documents:
        graph.parse(data=document.content, format="turtle", publicID=document.base_iri)
        names.append(str(document.path))
    if not _targets(graph):
        raise DataError(f"{', '.join(names)}: no shape with a target, so nothing would be checked")
    return graph


def check_shapes(store: Store, shapes: Graph) -> list[Finding]:
    """Return what breaks a shape, one finding for each result of SHACL.

    Raises:
        DataError: a shape is not well formed.
    """
    try:
        with quiet("pyshacl-validate"):
            _, report, _ = validate(_Graph(store), shacl_graph=in_batches(shapes), inplace=True)
    except (ReportableRuntimeError, SyntaxError) as fault:  # the second from a query of a shape
        reason = " ".join(str(fault).split())
        raise DataError(f"the shapes cannot be used: {reason}") from None
    if not isinstance(report, Graph):
        raise DataError(f"the shapes cannot be used: {report}")
    found = (_finding(report, shapes, result) for result in report.objects(None, SH.result))
    return [_about_value(store, finding) for finding in found]


def check_targets(shapes: Graph, focused: Mapping[Term, Collection[Term]]) -> list[Finding]:
    """Return shapes that check nothing: no node has their target, or they state no constraint.

    Args:
        shapes: the shapes.
        focused: the focus nodes of each shape with a target, as ``focus_nodes`` gives them.
    """
    idle = [shape for shape in _targets(shapes) if not focused[to_oxigraph(shape)]]
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
    """Return the nodes of ``store`` that each shape with a target is about."""
    return {
        to_oxigraph(shape): {
            solution["focus"]
            for name, value in targets
            for solution in _select(store, _PATTERNS[name].format(value=value.n3()))
        }
        for shape, targets in _targets(shapes).items()
    }


def _targets(shapes: Graph) -> dict[Node, list[tuple[URIRef, Node]]]:
    """Return the shapes that have targets, with them; a shape that is a class is its own."""
    targets: defaultdict[Node, list[tuple[URIRef, Node]]] = defaultdict(list)
    for name in TARGETS:
        for shape, value in shapes.subject_objects(name):
            targets[shape].append((name, value))
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        if (shape, RDF.type, RDFS.Class) in shapes:
            targets[shape].append((SH.targetClass, shape))
    off = set(shapes.subjects(SH.deactivated, Literal(lexical_or_value=True)))
    return {shape: targets[shape] for shape in sorted(targets, key=str) if shape not in off}


def _select(store: Store, pattern: str) -> "QuerySolutions":
    query = f"SELECT DISTINCT ?focus WHERE {{ {pattern} }}"
    return store.query(query, prefixes={"rdfs": str(RDFS)})  # type: ignore[return-value]


def _weakness(shapes: Graph, shape: Node, message: str) -> Finding:
    targets = [target.n3() for name in TARGETS for target in shapes.objects(shape, name)]
    about = f" ({', '.join(shorten(target.strip('<>')) for target in targets)})" if targets else ""
    return Finding(
        check="shapes",
        rule=_short(shape),
        severity=Severity.ERROR,
        message=f"{message}{about}.",
        mend="Correct the spelling, add what it should check, or remove the shape.",
        focus=to_oxigraph(shape),
    )


def _finding(report: Graph, shapes: Graph, result: Node) -> Finding:
    shape = report.value(result, SH.sourceShape)
    path = report.value(result, SH.resultPath)
    value = report.value(result, SH.value)
    focus = report.value(result, SH.focusNode)
    component = report.value(result, SH.sourceConstraintComponent)
    severity = report.value(result, SH.resultSeverity)
    messages = sorted(map(str, report.objects(result, SH.resultMessage)))
    return Finding(
        check="shapes",
        rule=_short(shape),
        severity=_SEVERITIES.get(severity, Severity.ERROR),
        message=_IRI.sub(lambda match: _short_or_same(match[0]), " ".join(messages)),
        mend=str(shapes.value(shape, SH.description) or ""),
        focus=to_oxigraph(focus) if focus is not None else None,
        predicate=NamedNode(str(path)) if isinstance(path, URIRef) else None,
        value=to_oxigraph(value) if value is not None else None,
        component=NamedNode(str(component)),
    )


def _about_value(store: Store, finding: Finding) -> Finding:
    """Return a finding of a query over the whole graph as one about the node that it found.

    Such a query has the ontology for its focus node because that is there once.
    """
    focus, value = finding.focus, finding.value
    if (
        finding.component == _BY_QUERY
        and isinstance(focus, NamedNode)
        and isinstance(value, NamedNode | BlankNode)
        and Quad(focus, _TYPE, _ONTOLOGY) in store
    ):
        return replace(finding, focus=value, value=None)
    return finding


def _short_or_same(iri: str) -> str:
    """Return the short name of an IRI that pySHACL put into a message, or the IRI."""
    return iri if shorten(iri).startswith("<") else shorten(iri)


def _short(shape: Node | None) -> str:
    return shorten(str(shape)) if isinstance(shape, URIRef) else "a shape without a name"
