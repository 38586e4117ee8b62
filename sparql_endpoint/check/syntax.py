"""Turtle that rdflib and Oxigraph read alike (https://www.w3.org/TR/turtle/).

Users load the files with either library, and the two differ: rdflib does not read RDF 1.2, and it
rewrites numbers that are not in canonical form, which Oxigraph keeps.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.plugins.parsers.notation3 import BadSyntax

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.quiet import quiet
from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.check.xsd import is_well_formed
from sparql_endpoint.errors import RdfSyntaxError
from sparql_endpoint.graph.document import Document, Term
from sparql_endpoint.names import expand

__all__ = ["check_syntax", "check_values"]

_DATE_TIME = NamedNode(expand("xsd:dateTime"))
_TEXTS = (NamedNode(expand("xsd:string")), NamedNode(expand("rdf:langString")))

_ILL_TYPED = (
    "well-typed",
    "The datatype does not allow this text.",
    "Correct the value, or give it the datatype that fits.",
)
_READ_OTHERWISE = (
    "same-triples",
    "rdflib reads another value here than Oxigraph does.",
    "Write the value in its canonical form (7 for 007, 0.5 for .5), end lines with LF.",
)

_OF_VALUES = (ArithmeticError, TypeError, ValueError)
"""Errors that rdflib 7.6 raises for some legal values, durations below zero among them."""

_Comparable = tuple[Term | None, ...]
"""A triple as it is compared: blank nodes are None, because their labels mean nothing."""


def check_syntax(document: Document) -> list[Finding]:
    """Return findings: triples on which rdflib and Oxigraph differ, ill-typed values, repetitions.

    Raises:
        RdfSyntaxError: rdflib cannot read the file.
    """
    try:
        graph = _read_with_rdflib(document)
    except _OF_VALUES:  # they end rdflib's reading: the values are checked one by one
        with quiet("rdflib.term"):
            theirs = {_of(quad) for quad in document.statements if not _is_read_otherwise(quad)}
    else:
        theirs = {_comparable(*map(to_oxigraph, triple)) for triple in graph}
    return list(_judge(Counter(document.statements), theirs))


def check_values(statements: Iterable[Quad]) -> Iterator[Finding]:
    """Yield statements with an ill-typed value, or one that rdflib reads otherwise than Oxigraph.

    Statements are checked one after another, so that memory does not grow with their number.
    """
    with quiet("rdflib.term"):
        for quad in statements:
            fault = _fault(quad.object) if isinstance(quad.object, Literal) else None
            if fault:
                yield _finding(quad, *fault)


@lru_cache(maxsize=10_000)
def _fault(literal: Literal) -> tuple[str, str, str] | None:
    if literal.datatype in _TEXTS:  # any text is well-formed for them
        return None
    if not is_well_formed(literal.value, literal.datatype.value):
        return _ILL_TYPED
    try:
        theirs = RdflibLiteral(literal.value, datatype=URIRef(literal.datatype.value))
    except _OF_VALUES:
        return _READ_OTHERWISE
    return None if _alike(to_oxigraph(theirs)) == _alike(literal) else _READ_OTHERWISE


def _judge(counts: Counter[Quad], theirs: set[_Comparable]) -> Iterator[Finding]:
    for quad, times in counts.items():
        value = quad.object
        if isinstance(value, Literal) and not is_well_formed(value.value, value.datatype.value):
            yield _finding(quad, *_ILL_TYPED)
        elif _of(quad) not in theirs:
            yield _finding(quad, *_READ_OTHERWISE)
        if times > 1:
            yield _finding(
                quad,
                "stated-once",
                f"This statement stands {times} times in the file.",
                "Keep one.",
                Severity.WARNING,
            )


def _finding(
    quad: Quad, rule: str, message: str, mend: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(
        check="syntax",
        rule=rule,
        severity=severity,
        message=message,
        mend=mend,
        focus=quad.subject,
        predicate=quad.predicate,
        value=quad.object,
    )


def _read_with_rdflib(document: Document) -> Graph:
    graph = Graph("SimpleMemory", bind_namespaces="none")  # a quarter faster than the default
    try:
        with quiet("rdflib.term"):
            graph.parse(data=document.content, format="turtle", publicID=document.base_iri)
    except BadSyntax as fault:
        reason = f"rdflib cannot read this, though Oxigraph can: {fault._why}"  # noqa: SLF001  # str(fault) has many lines
        raise RdfSyntaxError(document.path, fault.lines + 1, 1, reason) from None
    return graph


def _is_read_otherwise(quad: Quad) -> bool:
    return isinstance(quad.object, Literal) and _fault(quad.object) == _READ_OTHERWISE


def _of(quad: Quad) -> _Comparable:
    return _comparable(quad.subject, quad.predicate, quad.object)


def _comparable(*terms: Term) -> _Comparable:
    return tuple(map(_alike, terms))


def _alike(term: Term) -> Term | None:
    if isinstance(term, BlankNode):
        return None
    if isinstance(term, Literal) and term.datatype == _DATE_TIME:  # rdflib writes the zone Z so
        return Literal(term.value.replace("Z", "+00:00"), datatype=_DATE_TIME)
    return term
