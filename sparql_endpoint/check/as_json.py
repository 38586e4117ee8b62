r"""A report as JSON for programs; later versions do not change this form.

.. code-block:: text

    {"conforms": false,              no error and no warning
     "figures": {"files": 18, …},    what was looked at (Checked)
     "unchecked": ["…"],             what was not, and why
     "elsewhere": 0,                 findings in files of the project that were not asked for
     "unlisted": [                   findings that are counted only: --data lists the first
       {"rule": "shapes:Claim", "severity": "error", "count": 5405}],
     "findings": [
       {"file": "data/meetings.ttl", "line": 12,     null where no file states it
        "severity": "error",                         or "warning", "note"
        "check": "shapes",                           or "syntax", "terms", "evidence", "links"
        "rule": "shapes:Meeting-label",              what is broken, by its short name
        "focus": "https://…", "predicate": "https://…",   IRIs; null where there is none
        "value": "\"2018\"^^<…#gYear>",              in N-Triples
        "message": "…", "mend": "…",                 what is wrong, and what to do
        "quote": "…",                                the words behind the claim, or empty
        "claims": ["https://…"]}]}                   the claims that rest on it
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pyoxigraph import NamedNode

from sparql_endpoint.check.as_text import short_path
from sparql_endpoint.check.finding import Finding
from sparql_endpoint.check.report import Figures, Report
from sparql_endpoint.graph.document import Term

__all__ = ["as_json"]


def as_json(report: Report[Figures]) -> str:
    """Return the report as JSON."""
    document = {
        "conforms": report.conforms,
        "figures": asdict(report.figures),
        "unchecked": list(report.unchecked),
        "elsewhere": report.elsewhere,
        "unlisted": [asdict(more) for more in report.unlisted],
        "findings": [_finding(finding) for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "file": short_path(finding.path) if finding.path else None,
        "line": finding.line,
        "severity": finding.severity,
        "check": finding.check,
        "rule": finding.rule,
        "focus": _name(finding.focus),
        "predicate": _name(finding.predicate),
        "value": None if finding.value is None else str(finding.value),
        "message": finding.message,
        "mend": finding.mend,
        "quote": finding.quote,
        "claims": [claim.value for claim in finding.claims],
    }


def _name(term: Term | None) -> str | None:
    if term is None:
        return None
    return term.value if isinstance(term, NamedNode) else str(term)
