"""SHACL: the shapes over data and ontology as one graph (https://www.w3.org/TR/shacl/).

The graph is an Oxigraph store, which pySHACL queries as it stands: with SPARQL constraints that is
many times faster than a graph of rdflib. Data and ontology are not given apart, because pySHACL
takes only some statements over from a separate ontology graph, own annotation properties not among
them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode, Quad, Store
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import OWL, RDF, SH, Graph
from rdflib.term import Node, URIRef

from sparql_endpoint.check.batch import in_batches
from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.quiet import quiet
from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.check.targets import shape_name, targets
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.document import Document
from sparql_endpoint.names import shorten

__all__ = ["check_shapes", "read_shapes"]

_SEVERITIES: dict[Node | None, Severity] = {
    SH.Violation: Severity.ERROR,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.NOTE,
}
_IRI = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,:;)]")
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
    if not targets(graph):
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
        rule=shape_name(shape),
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
