"""Reports for code hosts and for servers of continuous integration."""

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from sparql_endpoint.check.as_junit import as_junit
from sparql_endpoint.check.as_sarif import as_sarif

Check = Callable[..., Any]


def test_sarif_has_a_result_a_finding_with_rule_level_and_line(check_changed: Check) -> None:
    """The fields are those that a code host reads for its annotations."""
    report = check_changed("opened in", "opened at")
    (finding,) = (each for each in report.findings if each.rule == "quote-text")
    document = json.loads(as_sarif(report))
    (run,) = document["runs"]
    assert document["version"] == "2.1.0"
    results = {result["ruleId"]: result for result in run["results"]}
    result = results["quote-text"]
    rules = run["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == "quote-text"
    assert result["level"] == "error"
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": finding.line}
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("changed.ttl")
    assert finding.message in result["message"]["text"]


def test_a_good_graph_has_no_result_in_sarif(check_changed: Check) -> None:
    """The run is there all the same, so that a code host closes old annotations."""
    (run,) = json.loads(as_sarif(check_changed()))["runs"]
    assert run["results"] == []


def test_junit_has_a_failed_test_a_file_with_its_findings(check_changed: Check) -> None:
    """The text of the failure tells line, rule and mend of each."""
    suite = ET.fromstring(as_junit(check_changed("opened in", "opened at")))  # our own
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    (case,) = suite.findall("testcase")
    failure = case.find("failure")
    assert (case.get("name") or "").endswith("changed.ttl")
    assert failure is not None
    assert "[quote-text]" in (failure.text or "")


def test_junit_of_a_good_graph_is_one_test_that_passes(check_changed: Check) -> None:
    """A server shows that the check ran."""
    suite = ET.fromstring(as_junit(check_changed()))  # our own
    assert suite.get("failures") == "0"
    (case,) = suite.findall("testcase")
    assert case.find("failure") is None


def test_words_that_are_not_at_their_place_are_elsewhere_changed_or_nowhere(
    check_changed: Check,
) -> None:
    """Each says what an editor needs to mend it."""
    cases = {
        ("oa:start 61", "oa:start 60"): "Elsewhere: ",
        ("opened in", "opened - in"): "Changed, but for quotation marks, dashes or spaces: ",
        ("opened in", "opened at"): "Changed: the text has ",
        (
            "On January 22, 2018, the second meeting opened in Santiago",
            "Zzz qqq xxx www",
        ): "Nowhere:",
    }
    for (old, new), message in cases.items():
        found = [each for each in check_changed(old, new).findings if each.rule == "quote-text"]
        assert [each.message.startswith(message) for each in found] == [True], (new, found)


def test_an_inferred_value_with_a_note_and_two_quotes_is_no_warning(check_changed: Check) -> None:
    """The day that the words imply stands in neither quotation; the note tells the step."""
    head = "rdf:object {} ;\n    dfo:claimant source:paper ;\n    dfo:standing dfo:attributed ;\n"
    old = f"{head.format('id:count-sessions')}    dfo:basis dfo:stated ;\n"
    old += "    dfo:evidence quote:paper-61-79 ."
    new = f'{head.format(18)}    dfo:basis dfo:inferred ;\n    skos:editorialNote "So."@en ;\n'
    for quotes, rules in (
        ("quote:paper-61-79", {"quote-carries-fact"}),
        ("quote:paper-61-79 , quote:paper-0-58", set()),
    ):
        report = check_changed(old, f"{new}    dfo:evidence {quotes} .")
        assert {each.rule for each in report.findings} == rules
