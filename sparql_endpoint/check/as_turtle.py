"""A report as SHACL's own validation report (https://www.w3.org/TR/shacl/#validation-report).

Findings of the other checks are results too, each with a constraint component in the project's
shapes namespace. File and line stand as a pointer (https://www.w3.org/TR/Pointers-in-RDF10/).
Comments on the report have the numbers of results that are counted but not listed.
"""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.report import Figures, Report
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import PREFIXES, expand

__all__ = ["as_turtle"]

_POINTERS = "http://www.w3.org/2009/pointers#"
_SEVERITIES = {
    Severity.ERROR: "sh:Violation",
    Severity.WARNING: "sh:Warning",
    Severity.NOTE: "sh:Info",
}


def as_turtle(report: Report[Figures]) -> str:
    """Return the report as Turtle; ``sh:conforms`` is SHACL's: true where there is no result."""
    prefixes = {name: PREFIXES[name] for name in ("rdfs", "sh", "shapes", "xsd")}
    turtle = serialize(
        _triples(report), format=RdfFormat.TURTLE, prefixes={**prefixes, "ptr": _POINTERS}
    )
    return (turtle or b"").decode()


def _triples(report: Report[Figures]) -> Iterator[Triple]:
    node = BlankNode("report")
    yield Triple(node, _TYPE, _node("sh:ValidationReport"))
    yield Triple(node, _node("sh:conforms"), Literal(not report.findings and not report.unlisted))
    for more in report.unlisted:
        comment = f"{more.count:,} more results of {more.rule} are not listed."
        yield Triple(node, _node("rdfs:comment"), Literal(comment, language="en"))
    yield from _described(report)
    for number, finding in enumerate(report.findings, start=1):
        result = BlankNode(f"result{number}")
        yield Triple(node, _node("sh:result"), result)
        for name, value in _result(finding):
            yield Triple(result, _node(name), value)
        if finding.path and finding.line:
            yield from _pointer(result, finding.path.absolute().as_uri(), finding.line, number)


def _result(finding: Finding) -> Iterator[tuple[str, Term]]:
    yield "rdf:type", _node("sh:ValidationResult")
    if finding.focus is not None:
        yield "sh:focusNode", finding.focus
    shacl = finding.shacl
    path = finding.predicate if shacl is None else shacl.path
    if path is not None:
        yield "sh:resultPath", path
    if finding.value is not None:
        yield "sh:value", finding.value
    yield "sh:resultMessage", Literal(f"{finding.message} {finding.mend}".strip())
    if shacl is None:
        yield "sh:resultSeverity", _node(_SEVERITIES[finding.severity])
        yield "sh:sourceConstraintComponent", _node(f"shapes:{finding.rule}")
        return
    yield "sh:resultSeverity", shacl.severity
    yield "sh:sourceConstraintComponent", shacl.component
    yield "sh:sourceShape", shacl.shape
    if shacl.constraint is not None:
        yield "sh:sourceConstraint", shacl.constraint


def _described(report: Report[Figures]) -> Iterator[Triple]:
    """Yield the statements of paths and shapes that are blank nodes, each once."""
    results = (finding.shacl for finding in report.findings if finding.shacl)
    yield from dict.fromkeys(triple for shacl in results for triple in shacl.described)


def _pointer(result: BlankNode, file: str, line: int, number: int) -> Iterator[Triple]:
    pointer = BlankNode(f"pointer{number}")
    yield Triple(result, _node("rdfs:seeAlso"), pointer)
    yield Triple(pointer, _TYPE, NamedNode(f"{_POINTERS}LineCharPointer"))
    yield Triple(pointer, NamedNode(f"{_POINTERS}reference"), NamedNode(file))
    yield Triple(pointer, NamedNode(f"{_POINTERS}lineNumber"), Literal(line))


def _node(name: str) -> NamedNode:
    return NamedNode(expand(name))


_TYPE = _node("rdf:type")
