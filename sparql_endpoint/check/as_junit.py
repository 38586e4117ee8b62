"""A report in the XML of JUnit, which servers of continuous integration show as tests.

The form is that of the Surefire schema, https://maven.apache.org/surefire/maven-surefire-plugin/xsd/.
"""

from collections import defaultdict
from xml.etree import ElementTree as ET  # written, never read

from sparql_endpoint.check.as_text import short_path, short_term
from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.report import Figures, Report

__all__ = ["as_junit"]


def as_junit(report: Report[Figures]) -> str:
    """Return the report as one suite: a test a file at fault, and one of the whole if none is."""
    files: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.severity is not Severity.NOTE:
            files[short_path(finding.path) if finding.path else "in no file"].append(finding)
    tests = max(len(files), 1)
    suite = ET.Element(
        "testsuite", name="forumgraph check", tests=str(tests), failures=str(len(files)), errors="0"
    )
    for name, findings in files.items():
        case = ET.SubElement(suite, "testcase", classname="forumgraph.check", name=name)
        summary = f"{len(findings)} found, first: {findings[0].message}"
        failure = ET.SubElement(case, "failure", type=findings[0].rule, message=summary)
        failure.text = "\n".join(map(_line, findings))
    if not files:
        ET.SubElement(suite, "testcase", classname="forumgraph.check", name=str(report.figures))
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


def _line(finding: Finding) -> str:
    about = short_term(finding.focus) if finding.focus is not None else ""
    place = f"line {finding.line}: " if finding.line else ""
    return f"{place}{finding.severity} {about}: {finding.message} [{finding.rule}] {finding.mend}"
