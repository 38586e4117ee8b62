"""A report for people: findings by file, and a last line with the figures of the check."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click
from pyoxigraph import Literal, NamedNode

from sparql_endpoint.check.checked import counted
from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.report import Figures, Report
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import expand, shorten

__all__ = ["as_lines", "as_text", "short_path", "short_term"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_LONGEST = 80
_WRITTEN_PLAIN = {expand(name) for name in ("xsd:integer", "xsd:decimal", "xsd:boolean")}
"""Datatypes whose values Turtle writes without quotation marks."""


def as_text(report: Report[Figures]) -> str:
    """Return the report as styled text; ``click.echo`` drops the colours off a terminal."""
    blocks = [
        "\n".join([click.style(_file(path), bold=True), *map(as_lines, findings)]) + "\n"
        for path, findings in groupby(report.findings, key=lambda finding: finding.path)
    ]
    return "\n".join([*blocks, *_summary(report)])


def as_lines(finding: Finding) -> str:
    """Return a finding without its file: line, severity and what it is about, then what to do."""
    severity = click.style(f"{finding.severity:<7}", fg=_COLOURS[finding.severity])
    about = [finding.focus, finding.predicate, finding.value]
    names = " ".join(short_term(term) for term in about if term is not None)
    lines = [f"{finding.line or '':>5} {severity} {names}", *_explanation(finding)]
    return "\n".join(lines)


def short_path(path: Path) -> str:
    """Return a path relative to the working directory if it is inside it, else the whole path."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def short_term(term: Term) -> str:
    """Return a term by its short name, or as a literal that is cut where it is long."""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, Literal) and len(term.value) > _LONGEST:
        term = Literal(f"{term.value[:_LONGEST]}…")
    if isinstance(term, Literal) and term.datatype.value in _WRITTEN_PLAIN:
        return term.value
    text, _, datatype = str(term).rpartition("^^")
    return f"{text}^^{shorten(datatype.strip('<>'))}" if text else datatype


def _file(path: Path | None) -> str:
    return short_path(path) if path else "in no file"


def _explanation(finding: Finding) -> Iterator[str]:
    indent = " " * 14
    yield f"{indent}{finding.message} [{finding.rule}]"
    if finding.mend:
        yield f"{indent}{finding.mend}"
    if finding.quote:
        yield f"{indent}quote: “{finding.quote}”"
    if finding.claims:
        yield f"{indent}claims: {', '.join(map(short_term, finding.claims))}"


def _summary(report: Report[Figures]) -> Iterator[str]:
    if report.conforms:
        verdict = click.style("conforms", fg="green")
    else:
        counts = (counted(report.count(kind), kind) for kind in (Severity.ERROR, Severity.WARNING))
        verdict = click.style(f"does not conform: {', '.join(counts)}", fg="red")
    for more in report.unlisted:
        yield f"not listed: {more.count:,} more of [{more.rule}] ({more.severity})"
    for unchecked in report.unchecked:
        yield click.style(f"not checked: {unchecked}", fg="yellow")
    if report.elsewhere:
        yield f"not shown: {counted(report.elsewhere, 'finding')} in other files of the project"
    yield f"{verdict}: {report.figures}"
