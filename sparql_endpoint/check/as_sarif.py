"""A report in SARIF, which code hosts show as annotations of lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Mapping
from typing import Any

from sparql_endpoint import __version__
from sparql_endpoint.check.as_text import short_path, short_term
from sparql_endpoint.check.finding import Finding
from sparql_endpoint.check.report import Figures, Report

__all__ = ["as_sarif"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_sarif(report: Report[Figures]) -> str:
    """Return the report as SARIF 2.1.0: one run, a result a finding, paths as relative URIs."""
    rules = sorted({finding.rule for finding in report.findings})
    driver = {
        "name": "forumgraph check",
        "version": __version__,
        "rules": [{"id": rule} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules) for finding in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(finding: Finding, rules: list[str]) -> Mapping[str, Any]:
    about = short_term(finding.focus) if finding.focus is not None else ""
    text = " ".join(filter(None, (f"{about}:" if about else "", finding.message, finding.mend)))
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": str(finding.severity),
        "message": {"text": text},
    }
    if finding.path is not None:
        place: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding)}}
        if finding.line is not None:
            place["region"] = {"startLine": finding.line}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(finding: Finding) -> str:
    assert finding.path is not None  # noqa: S101  # the caller has looked
    short = short_path(finding.path)
    return finding.path.absolute().as_uri() if short.startswith("/") else short
