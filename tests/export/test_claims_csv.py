"""The table of claims."""

import csv
import io

import pytest
from pyoxigraph import NamedNode, Quad, Store

from sparql_endpoint.export.claims_csv import COLUMNS
from sparql_endpoint.export.render import CSV, Wanted, export


@pytest.fixture
def rows(store: Store) -> list[dict[str, str]]:
    """Return the claims of the small graph."""
    text = export(store, Wanted(CSV)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_claim_is_a_row_with_labels_quotes_and_offsets(rows: list[dict[str, str]]) -> None:
    """Two quotes share a cell, and their offsets stand in the same order."""
    assert rows[0] == {
        "claim": "https://w3id.org/forumgraph/claim/s-01",
        "subject": "https://w3id.org/forumgraph/id/meeting",
        "subject_label": "Meeting",
        "predicate": "https://w3id.org/forumgraph/ontology#heldOn",
        "predicate_label": "dfo:heldOn",
        "object": "2018-01-22",
        "object_type": "xsd:date",
        "object_label": "",
        "claimant": "https://w3id.org/forumgraph/source/s",
        "claimant_label": 'A "report"',
        "voiced_in": "",
        "standing": "asserted",
        "basis": "inferred",
        "source": "https://w3id.org/forumgraph/source/s",
        "source_title": 'A "report"',
        "locator": "",
        "quote": "on the 22 | 2018",
        "start": "0 | 20",
        "end": "9 | 24",
        "note": "Year by dateline.",
        "rule": "",
        "conflicts_with": "",
    }


def test_a_claim_without_a_quote_has_its_locator(rows: list[dict[str, str]]) -> None:
    """The source is the evidence itself; a label in another language is better than none."""
    assert rows[1]["locator"] == "para. 2"
    assert rows[1]["source"] == "https://w3id.org/forumgraph/source/s"
    assert rows[1]["quote"] == rows[1]["start"] == rows[1]["end"] == ""
    assert rows[1]["object_type"] == "iri"
    assert rows[1]["object_label"] == "id:count-9"
    assert rows[1]["claimant_label"] == "CELAC"
    assert rows[1]["voiced_in"] == "https://w3id.org/forumgraph/id/speech"


def test_labels_come_from_graphs_that_are_not_exported(store: Store) -> None:
    """The claims of one graph still read in words."""
    text = export(store, Wanted(CSV, graphs=["data/claims/s"])).decode()

    assert "Meeting" in text
    assert text.count("\r\n") == 3


def test_the_header_is_there_without_any_claim(store: Store) -> None:
    """A graph of things is an empty table."""
    text = export(store, Wanted(CSV, graphs=["data/things"])).decode()

    assert text == ",".join(COLUMNS) + "\r\n"


def test_every_claim_of_the_project_has_its_row(project: list[Quad]) -> None:
    """As many rows as there are claims, each with source, standing and basis."""
    text = export(project, Wanted(CSV)).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    is_a = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    kind = NamedNode("https://w3id.org/forumgraph/ontology#Claim")
    claims = {str(q.subject)[1:-1] for q in project if (q.predicate, q.object) == (is_a, kind)}

    assert [row["claim"] for row in rows] == sorted(claims)
    assert {row["standing"] for row in rows} == {"asserted", "attributed"}
    assert {row["basis"] for row in rows} == {"stated", "paraphrased", "inferred"}
    assert all(row["source"] and row["claimant"] and row["object"] for row in rows)
