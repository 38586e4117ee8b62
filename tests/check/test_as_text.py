"""Reports for people."""

from pathlib import Path

import click
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from sparql_endpoint.check.as_json import as_json
from sparql_endpoint.check.as_text import as_text, short_path, short_term
from sparql_endpoint.check.as_turtle import as_turtle
from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.report import Report
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import expand

FIGURES = Checked(
    files=2, statements=1234, shapes=1, focus_nodes=5, claims=1, quotes=3, texts=1, compared=2
)
TERMS = [
    (NamedNode(expand("id:chile")), "id:chile"),
    (NamedNode("http://e/x"), "<http://e/x>"),
    (BlankNode("b"), "_:b"),
    (Literal(5), "5"),
    (Literal("x", language="en"), '"x"@en'),
    (Literal("plain"), '"plain"'),
    (Literal("2018", datatype=NamedNode(expand("xsd:gYear"))), '"2018"^^xsd:gYear'),
    (Literal("x" * 81), '"' + "x" * 80 + '…"'),
]


@pytest.mark.parametrize(("term", "text"), TERMS)
def test_terms_are_written_short(term: Term, text: str) -> None:
    """As in Turtle with the project's prefixes, long texts cut."""
    assert short_term(term) == text


def test_files_are_named_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file elsewhere has its whole path."""
    monkeypatch.chdir(tmp_path)
    assert short_path(tmp_path / "data" / "x.ttl") == str(Path("data", "x.ttl"))
    assert short_path(Path("/elsewhere/x.ttl")) == str(Path("/elsewhere/x.ttl"))


def test_a_good_report_is_its_last_line() -> None:
    """Numbers have separators of thousands, and nouns their number."""
    assert click.unstyle(as_text(Report((), FIGURES))) == (
        "conforms: 1,234 statements in 2 files, 1 shape on 5 nodes, 1 claim, "
        "2 quotes of 3 compared with 1 text"
    )


def test_what_was_left_out_is_told() -> None:
    """What could not be checked, and what was found in files not asked for."""
    text = click.unstyle(as_text(Report((), FIGURES, ("texts not given",), elsewhere=1)))
    assert text.splitlines()[:2] == [
        "not checked: texts not given",
        "not shown: 1 finding in other files of the project",
    ]


def test_a_note_is_shown_but_does_not_fail() -> None:
    """Only errors and warnings do; SHACL's own report knows no such difference."""
    report = Report((Finding("shapes", "shapes:X", Severity.NOTE, "Worth knowing."),), FIGURES)
    text = click.unstyle(as_text(report))
    assert report.conforms
    assert "note" in text
    assert "in no file" in text
    assert "conforms: 1,234" in text
    assert '"conforms": true' in as_json(report)
    assert "sh:conforms false" in as_turtle(report)
    assert "sh:resultSeverity sh:Info" in as_turtle(report)


def test_colours_mark_severity() -> None:
    """They are there for terminals; ``click.echo`` drops them elsewhere."""
    report = Report((Finding("links", "r", Severity.ERROR, "Wrong."),), FIGURES)
    assert click.style("error  ", fg="red") in as_text(report)
