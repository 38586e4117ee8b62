"""Findings: the faults that a check reports."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from sparql_endpoint.graph.document import Term

__all__ = ["Finding", "Severity", "ShaclResult"]


class Severity(StrEnum):
    """How much a finding matters; SHACL's severities under the names that tools print."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class ShaclResult:
    """The properties of a SHACL validation result besides focus node, value and message.

    https://www.w3.org/TR/shacl/#results-validation-result

    Args:
        component: the constraint component.
        severity: the severity as the shape names it, which may be one of its author's own.
        shape: the shape.
        path: the path, if it is a property shape's.
        constraint: the SPARQL-based constraint, if it was one.
        described: the statements of the blank nodes among these.
    """

    component: NamedNode
    severity: NamedNode
    shape: Term
    path: Term | None = None
    constraint: Term | None = None
    described: tuple[Triple, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One fault, its place, and how to mend it.

    Args:
        check: which check found it: ``syntax``, ``terms``, ``shapes``, ``evidence`` or ``links``.
        rule: the rule that is broken: the short name of a shape, or a word of the check.
        severity: how much it matters.
        message: what is wrong.
        mend: what to do; empty where the message says so.
        focus: the node it is about.
        predicate: the property it is about, if it is about one.
        value: the value it is about, if it is about one.
        quote: the words of the quotes behind the focus node, if it is a claim or a quote.
        claims: the claims that rest on the faulty thing.
        shacl: the rest of SHACL's result, if a shape found it.
        path: the file, if a file describes the focus node.
        line: the line in the file, from 1.
    """

    check: str
    rule: str
    severity: Severity
    message: str
    mend: str = ""
    focus: Term | None = None
    predicate: NamedNode | None = None
    value: Term | None = None
    quote: str = ""
    claims: tuple[NamedNode, ...] = ()
    shacl: ShaclResult | None = None
    path: Path | None = None
    line: int | None = None
