"""Reviewed rows become links."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.link.accept import accept_rows, accepted_turtle
from sparql_endpoint.link.links import Link, read_links
from sparql_endpoint.link.sssom import Row

_ID = "https://w3id.org/forumgraph/id/"
_WD = "http://www.wikidata.org/entity/"
_HEAD = """\
@prefix id:     <https://w3id.org/forumgraph/id/> .
@prefix link:   <https://w3id.org/forumgraph/link/> .
@prefix owl:    <http://www.w3.org/2002/07/owl#> .
@prefix rdfs:   <http://www.w3.org/2000/01/rdf-schema#> .
@prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix skos:   <http://www.w3.org/2004/02/skos/core#> .
@prefix sssom:  <https://w3id.org/sssom/> .
@prefix wd:     <http://www.wikidata.org/entity/> .
@prefix xsd:    <http://www.w3.org/2001/XMLSchema#> .

# by hand
id:chile   skos:exactMatch wd:Q298 .
"""


@pytest.fixture
def dominica(candidate_row: Row) -> Row:
    """Return a row that a reviewer accepted."""
    return replace(
        candidate_row,
        subject_id="id:dominica",
        object_id="wd:Q784",
        reviewer_label='B. "Bee" Reviewer',
        comment="class fits; code agrees.",
    )


def test_only_reviewed_rows_that_are_new_become_links(
    graph: Store, candidate_row: Row, dominica: Row
) -> None:
    """Rows not reviewed, rejected or known are counted and left."""
    rows = [
        dominica,
        replace(candidate_row, subject_id="id:santiago", object_id="wd:Q2887"),
        replace(candidate_row, reviewer_label="B", predicate_modifier="Not"),
        replace(candidate_row, reviewer_label="B"),
    ]
    accepted = accept_rows(rows, graph)
    assert accepted.rows == (dominica,)
    assert (accepted.unreviewed, accepted.rejected, accepted.known) == (1, 1, 1)


@pytest.mark.parametrize(
    "changes",
    [{"object_id": "sssom:NoTermFound"}, {"object_id": "<https://w3id.org/sssom/NoTermFound>"}],
)
def test_a_row_that_finds_no_term_is_no_link(
    graph: Store, changes: dict[str, str], dominica: Row
) -> None:
    """https://w3id.org/sssom/NoTermFound: a reviewer says that there is no such item."""
    accepted = accept_rows([replace(dominica, **changes)], graph)
    assert (accepted.rows, accepted.rejected) == ((), 1)


@pytest.mark.parametrize("confidence", ["0", "1", "1.0", "0.85", "9e-1", ".5"])
def test_a_confidence_is_from_0_to_1(graph: Store, confidence: str, dominica: Row) -> None:
    """https://w3id.org/sssom/confidence."""
    row = replace(dominica, confidence=confidence)
    assert accept_rows([row], graph).rows == (row,)


def test_a_link_is_written_with_its_reason(tmp_path: Path, dominica: Row) -> None:
    """The file keeps what it held byte for byte and reads back with the new link and its reason."""
    text = accepted_turtle(_HEAD, [dominica])
    assert text.startswith(_HEAD)
    path = tmp_path / "wikidata.ttl"
    path.write_text(text, encoding="utf-8")
    assert read_links(load_files([path])) == [
        Link(f"{_ID}chile", "skos:exactMatch", f"{_WD}Q298"),
        Link(
            f"{_ID}dominica",
            "skos:exactMatch",
            f"{_WD}Q784",
            ('class fits; code agrees. Reviewed by B. "Bee" Reviewer.',),
        ),
    ]


def test_a_link_keeps_its_confidence_where_the_row_has_one(dominica: Row) -> None:
    """The confidence of the row is written as a double; a row without one writes none."""
    assert 'sssom:confidence "0.95"^^xsd:double ;' in accepted_turtle(_HEAD, [dominica])
    assert "confidence" not in accepted_turtle(_HEAD, [replace(dominica, confidence="")])


def test_later_links_join_the_same_section(dominica: Row) -> None:
    """The section of accepted links has one heading, however often links are added."""
    once = accepted_turtle(_HEAD, [dominica])
    other = replace(dominica, subject_id="id:santiago", object_id="wd:Q2887")
    twice = accepted_turtle(once, [other])
    assert twice.startswith(once)
    assert twice.count("# --- Accepted candidates") == 1


def test_a_file_without_the_prefixes_is_refused(dominica: Row) -> None:
    """Blocks are written with prefixes that the file must declare."""
    with pytest.raises(DataError, match="does not declare the prefix sssom"):
        accepted_turtle(_HEAD.replace("@prefix sssom:", "@prefix other:"), [dominica])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"predicate_id": "skos:related"}, "skos:related does not link to Wikidata"),
        ({"object_id": "wd:P31"}, "a link goes from an entity"),
        ({"subject_id": "wd:Q1"}, "a link goes from an entity"),
        ({"comment": ""}, "id:dominica: a link needs its reason in the column 'comment'"),
        ({"mapping_date": "yesterday"}, "mapping_date 'yesterday' is no YYYY-MM-DD"),
        ({"mapping_date": "2025-02-30"}, "mapping_date '2025-02-30' is no YYYY-MM-DD"),
        ({"confidence": "1.9"}, "confidence '1.9' is no number from 0 to 1"),
        ({"confidence": "-0.1"}, "confidence '-0.1' is no number"),
        ({"confidence": "nan"}, "confidence 'nan' is no number"),
        ({"confidence": "0,9"}, "confidence '0,9' is no number"),
        ({"confidence": '0.9" ; rdfs:comment "x'}, "is no number"),
        ({"object_id": "wd:Q1> . <urn:x> <urn:y> <urn:z"}, "a link goes from an entity"),
        ({"subject_id": "<http://other.example/x>"}, "a link goes from an entity"),
        ({"subject_id": "id:chile , id:peru"}, "a link goes from an entity"),
        ({"mapping_justification": "semapv:X ; a owl:Class"}, "is no term of semapv:"),
        ({"object_id": "wd:Q298"}, "dominica cannot be Q298: chile is Q298 already"),
        ({"subject_id": "id:chile"}, "chile cannot be Q784: chile is Q298 already"),
    ],
)
def test_a_row_that_cannot_be_a_link_is_refused(
    graph: Store, changes: dict[str, str], message: str, dominica: Row
) -> None:
    """Neither strange rows nor a second identity go into the data."""
    with pytest.raises(DataError, match=message):
        accept_rows([replace(dominica, **changes)], graph)


def test_two_rows_cannot_contradict_each_other(graph: Store, dominica: Row) -> None:
    """One item cannot become two entities within one file."""
    other = replace(dominica, subject_id="id:dominican-republic")
    with pytest.raises(DataError, match="dominican-republic cannot be Q784: dominica is Q784"):
        accept_rows([dominica, other], graph)


def test_a_loose_link_may_stand_beside_an_identity(graph: Store, dominica: Row) -> None:
    """Only identity is one to one."""
    loose = replace(dominica, predicate_id="skos:closeMatch", object_id="wd:Q298")
    assert accept_rows([loose], graph).rows == (loose,)
