"""SHACL: the shapes over data and ontology as one graph (https://www.w3.org/TR/shacl/).

Data and ontology are not given apart, because pySHACL takes only some statements over from a
separate ontology graph, own annotation properties not among them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode, Quad, Store
from rdflib import OWL, RDF, SH, Graph
from rdflib.term import Node, URIRef

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.check.tally import Tally
from sparql_endpoint.check.targets import shape_name, targets
from sparql_endpoint.check.validation import Progress, validate
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.document import Document
from sparql_endpoint.names import shorten

__all__ = ["check_shapes", "read_shapes", "tally_shapes"]

_SEVERITIES: dict[Node | None, Severity] = {
    SH.Violation: Severity.ERROR,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.NOTE,
}
_IRI = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,:;)]")
_BY_QUERY = NamedNode(str(SH.SPARQLConstraintComponent))
_ONTOLOGY = NamedNode(str(OWL.Ontology))
_TYPE = NamedNode(str(RDF.type))


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
    tally = Tally()
    tally_shapes(tally, store, shapes)
    return tally.findings


def tally_shapes(
    tally: Tally,
    store: Store,
    shapes: Graph,
    progress: Progress = lambda _what, _done, _of: None,
) -> None:
    """Add what breaks a shape to ``tally``, which says how many findings of a rule it lists.

    Raises:
        DataError: a shape is not well formed.
    """
    for each in validate(store, shapes, tally.most, progress):
        for result in each.results:
            key = shape_name(_one(result, SH.sourceShape)), _severity(result)
            if tally.has_room(*key):
                tally.add([_about_value(store, _finding(shapes, result))])
            else:
                tally.count(*key, 1)
        tally.count(shape_name(each.shape), _severity_of(shapes, each.shape), each.beyond)


def _finding(shapes: Graph, result: Mapping[Node, tuple[Node, ...]]) -> Finding:
    shape, path = _one(result, SH.sourceShape), _one(result, SH.resultPath)
    value, focus = _one(result, SH.value), _one(result, SH.focusNode)
    messages = sorted({str(message) for message in result.get(SH.resultMessage, ())})
    return Finding(
        check="shapes",
        rule=shape_name(shape),
        severity=_severity(result),
        message=_IRI.sub(lambda match: _short_or_same(match[0]), " ".join(messages)),
        mend=str(shapes.value(shape, SH.description) or ""),
        focus=to_oxigraph(focus) if focus is not None else None,
        predicate=NamedNode(str(path)) if isinstance(path, URIRef) else None,
        value=to_oxigraph(value) if value is not None else None,
        component=NamedNode(str(_one(result, SH.sourceConstraintComponent))),
    )


def _severity(result: Mapping[Node, tuple[Node, ...]]) -> Severity:
    return _SEVERITIES.get(_one(result, SH.resultSeverity), Severity.ERROR)


def _one(result: Mapping[Node, tuple[Node, ...]], name: Node) -> Node | None:
    return next(iter(result.get(name, ())), None)


def _severity_of(shapes: Graph, shape: Node) -> Severity:
    return _SEVERITIES.get(shapes.value(shape, SH.severity), Severity.ERROR)


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
