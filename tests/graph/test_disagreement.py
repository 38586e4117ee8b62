"""What is a disagreement, in the code and in the competency question alike."""

import pytest
from prefixed import prefixed
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.disagreement import rivals, topics
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.query.catalogue import catalogue

ONTOLOGY = """
dfo:heldOn dfo:singleValued true . dfo:ordinal a owl:FunctionalProperty .
id:day a dfo:Nothing .
id:six dfo:countOf id:kind ; dfo:comparator dfo:exactly ; dfo:value 6 .
id:seven dfo:countOf id:kind ; dfo:comparator dfo:exactly ; dfo:value 7 .
id:over-six dfo:countOf id:kind ; dfo:comparator dfo:moreThan ; dfo:value 6 .
id:over-five dfo:countOf id:kind ; dfo:comparator dfo:moreThan ; dfo:value 5 .
id:six-then dfo:countOf id:kind ; dfo:comparator dfo:exactly ; dfo:value 6 ; dfo:asOf "2001" .
id:seven-now dfo:countOf id:kind ; dfo:comparator dfo:exactly ; dfo:value 7 ; dfo:asOf "2002" .
id:seven-others dfo:countOf id:other-kind ; dfo:comparator dfo:exactly ; dfo:value 7 .
"""
CASES = [
    ("dfo:heldOn", '"2018-01-21"^^xsd:date', '"2018-01-22"^^xsd:date', True),
    ("dfo:heldOn", '"2018"^^xsd:gYear', '"2018-01-22"^^xsd:date', False),
    ("dfo:heldOn", '"one"@en', '"uno"@es', False),
    ("dfo:heldOn", '"one"@en', '"two"@en', True),
    ("dfo:heldOn", '"one"@en', '"one"@en', False),
    ("dfo:heldOn", "id:six", "id:seven", True),
    ("dfo:ordinal", "1", "2", True),
    ("schema:location", "id:six", "id:seven", False),
    ("dfo:hasCount", "id:six", "id:seven", True),
    ("dfo:hasCount", "id:six", "id:over-six", True),
    ("dfo:hasCount", "id:six", "id:over-five", False),
    ("dfo:hasCount", "id:over-five", "id:over-six", False),
    ("dfo:hasCount", "id:six-then", "id:seven-now", False),
    ("dfo:hasCount", "id:six", "id:seven-now", True),
    ("dfo:hasCount", "id:six", "id:seven-others", False),
    ("dfo:hasCount", "id:six", "id:kind", False),
    ("dfo:hasCount", "id:six", '"seven"', False),
]


@pytest.mark.parametrize(("predicate", "one", "other", "disagree"), CASES)
def test_values_that_exclude_each_other_disagree(
    predicate: str,
    one: str,
    other: str,
    disagree: bool,  # noqa: FBT001
) -> None:
    """Both ways, and what only differs in precision, language, date or kind does not."""
    claims = "".join(
        f"claim:x-0{n} a dfo:Claim ; rdf:subject id:x ; rdf:predicate {predicate} ;"
        f" rdf:object {value} .\n"
        for n, value in enumerate((one, other), start=1)
    )
    store = Store()
    store.load(prefixed(ONTOLOGY + claims), RdfFormat.TURTLE)
    found = rivals(store, read_evidence(store).claims)
    assert len(found) == (2 if disagree else 0)


def test_claims_conflict_where_an_editor_says_so() -> None:
    """Both ways, and with claims only."""
    store = Store()
    text = (
        "claim:x-01 a dfo:Claim ; rdf:subject id:x ; dfo:conflictsWith claim:x-02 , claim:x-03 .\n"
        "claim:x-02 a dfo:Claim ; rdf:subject id:x ."
    )
    store.load(prefixed(text), RdfFormat.TURTLE)
    found = rivals(store, read_evidence(store).claims)
    assert {iri.value[-2:]: len(others) for iri, others in found.items()} == {"01": 1, "02": 1}


def test_the_question_on_disagreements_finds_the_same() -> None:
    """One definition: the things and properties that the query returns are those counted here."""
    store = load_project()
    found = topics(rivals(store, read_evidence(store).claims))
    rows = store.query(catalogue()["disagreements"].text)
    assert {(row["subject"], row["property"]) for row in rows} == found  # type: ignore[union-attr]
    assert found
