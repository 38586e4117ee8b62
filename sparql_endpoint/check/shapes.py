"""SHACL: the shapes over data and ontology as one graph (https://www.w3.org/TR/shacl/).

pySHACL gets data and ontology as one graph, because it takes only some statements from a separate
ontology graph, and ignores our annotation properties there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import OWL, RDF, SH, Graph
from rdflib.term import BNode, Node, URIRef

from sparql_endpoint.check.finding import Finding, Severity, ShaclResult
from sparql_endpoint.check.quiet import quiet
from sparql_endpoint.check.rdf import to_oxigraph, to_rdflib
from sparql_endpoint.check.tally import Tally
from sparql_endpoint.check.targets import shape_name
from sparql_endpoint.check.validation import Data, Progress, validate
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
_NO_SHAPE = BlankNode("unknown")
_BY_QUERY = NamedNode(str(SH.SPARQLConstraintComponent))
_ONTOLOGY = NamedNode(str(OWL.Ontology))
_TYPE = NamedNode(str(RDF.type))


def read_shapes(documents: Iterable[Document]) -> Graph:
    """Return the shapes of ``documents`` as one graph; each literal keeps its text.

    Raises:
        DataError: the documents have no shape; any data would conform to that.
    """
    graph = Graph(bind_namespaces="none")
    names = []
    for document in documents:
        statements = parse(document.content, RdfFormat.TURTLE, base_iri=document.base_iri)
        with quiet("rdflib.term"):
            for quad in statements:
                graph.add(tuple(map(to_rdflib, quad.triple)))  # type: ignore[arg-type]  # three
        for prefix, namespace in statements.prefixes.items():
            graph.bind(prefix, namespace)  # pySHACL's messages shorten names by them
        names.append(str(document.path))
    if not any(str(name).startswith(str(SH)) for name in graph.predicates()):
        raise DataError(f"{', '.join(names)}: no shape in it, so nothing would be checked")
    return graph


def check_shapes(store: Store, shapes: Graph) -> list[Finding]:
    """Return one finding for each SHACL validation result by the project's shapes.

    Raises:
        DataError: a shape is not well formed.
    """
    tally = Tally()
    tally_shapes(tally, Data(store), shapes, own=True)
    return tally.findings


def tally_shapes(
    tally: Tally,
    data: Data,
    shapes: Graph,
    progress: Progress = lambda _what, _done, _of: None,
    *,
    own: bool,
) -> None:
    """Add the findings of shapes to ``tally``, which limits the findings listed for a rule.

    If the shapes are the project's ``own``, a finding of a query over the whole graph is about the
    node that the query returns.

    Raises:
        DataError: a shape is not well formed.
    """
    for each in validate(data, shapes, tally.most, progress, own=own):
        for result in each.results:
            key = shape_name(_one(result, SH.sourceShape)), _severity(result)
            if tally.has_room(*key):
                finding = _finding(shapes, result)
                tally.add([_about_value(data.store, finding) if own else finding])
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
        shacl=_shacl(shapes, result),
    )


def _shacl(shapes: Graph, result: Mapping[Node, tuple[Node, ...]]) -> ShaclResult:
    shape, path = _one(result, SH.sourceShape), _one(result, SH.resultPath)
    constraint = _one(result, SH.sourceConstraint)
    severity = _one(result, SH.resultSeverity)
    return ShaclResult(
        component=NamedNode(str(_one(result, SH.sourceConstraintComponent))),
        severity=NamedNode(str(severity if isinstance(severity, URIRef) else SH.Violation)),
        shape=to_oxigraph(shape) if shape is not None else _NO_SHAPE,
        path=to_oxigraph(path) if path is not None else None,
        constraint=to_oxigraph(constraint) if constraint is not None else None,
        described=tuple(_described(shapes, [shape, path, constraint])),
    )


def _described(shapes: Graph, nodes: Iterable[Node | None]) -> Iterator[Triple]:
    """Yield the statements about blank nodes, and about the blank nodes that these refer to.

    A report contains a copy of a shape's path (https://www.w3.org/TR/shacl/#results-path).
    """
    left, seen = list(nodes), set[Node]()
    while left:
        node = left.pop()
        if isinstance(node, BNode) and node not in seen:
            seen.add(node)
            is_list = (node, RDF.first, None) in shapes
            for triple in shapes.triples((node, None, None)):
                if is_list and triple[1] not in (RDF.first, RDF.rest):
                    continue
                left.append(triple[2])
                yield Triple(*map(to_oxigraph, triple))  # type: ignore[arg-type]  # three terms


def _severity(result: Mapping[Node, tuple[Node, ...]]) -> Severity:
    return _SEVERITIES.get(_one(result, SH.resultSeverity), Severity.ERROR)


def _one(result: Mapping[Node, tuple[Node, ...]], name: Node) -> Node | None:
    return next(iter(result.get(name, ())), None)


def _severity_of(shapes: Graph, shape: Node) -> Severity:
    return _SEVERITIES.get(shapes.value(shape, SH.severity), Severity.ERROR)


def _about_value(store: Store, finding: Finding) -> Finding:
    """Return a finding of a query over the whole graph as a finding about the node it returned.

    The focus node of such a query is the ontology, because there is exactly one.
    """
    focus, value = finding.focus, finding.value
    if (
        finding.shacl is not None
        and finding.shacl.component == _BY_QUERY
        and isinstance(focus, NamedNode)
        and isinstance(value, NamedNode | BlankNode)
        and Quad(focus, _TYPE, _ONTOLOGY) in store
    ):
        return replace(finding, focus=value, value=None)
    return finding


def _short_or_same(iri: str) -> str:
    """Return the short name of an IRI that pySHACL put into a message, or the IRI."""
    return iri if shorten(iri).startswith("<") else shorten(iri)
