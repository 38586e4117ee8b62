"""What a claim's quotes must have, by the kind of its value."""

import pytest
from prefixed import prefixed
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.check.wording import what_is_missing
from sparql_endpoint.graph.evidence import read_evidence

GRAPH = """
id:forum rdfs:label "China-CELAC Forum"@en ; skos:altLabel "CCF"@en .
id:third rdfs:label "A gathering"@en ; dfo:ordinal 3 .
id:nameless a dfo:State .
id:count dfo:value 17 ; rdfs:label "Sessions"@en .
id:period dcat:startDate "2022"^^xsd:gYear ; dcat:endDate "2024"^^xsd:gYear .
"""
CASES = [
    ("id:forum", "id:nameless", "stated", "The CCF is there.", ""),
    ("id:nameless", "id:forum", "stated", "the China-CELAC forum", ""),
    ("id:nameless", "id:third", "stated", "the third meeting", ""),
    ("id:forum", "id:nameless", "stated", "It is there.", "any name of id:forum or id:nameless"),
    ("id:forum", "id:nameless", "inferred", "It is there.", ""),
    (
        '"CCF"',
        "id:nameless",
        "stated",
        "It is.",
        "any name of a thing without a name or id:nameless",
    ),
    ("id:forum", "[]", "stated", "It is.", "any name of id:forum or a thing without a name"),
    ("id:forum", "id:count", "stated", "Seventeen sessions", ""),
    ("id:forum", "id:count", "stated", "The CCF held", "the number 17, in digits or words"),
    ("id:forum", "id:period", "stated", "(2022-2024)", ""),
    ("id:forum", "id:period", "stated", "since 2022", "the date 2024"),
    ("id:forum", '"2014"^^xsd:gYear', "stated", "The CCF", "the date 2014"),
    ("id:forum", '"an important milestone"@en', "stated", "a milestone so important", ""),
    ("id:forum", '"a milestone"@en', "stated", "The CCF", "the words 'a milestone'"),
]


@pytest.mark.parametrize(("subject", "value", "basis", "quote", "missing"), CASES)
def test_what_quotes_lack_is_named(
    subject: str, value: str, basis: str, quote: str, missing: str
) -> None:
    """Numbers, dates and texts must be there; of things any name will do."""
    store = Store()
    claim = (
        f"claim:x-01 a dfo:Claim ; rdf:subject {subject} ; rdf:object {value} ; "
        f"dfo:basis dfo:{basis} ."
    )
    store.load(prefixed(GRAPH + claim), RdfFormat.TURTLE)
    (record,) = read_evidence(store).claims
    assert what_is_missing(store, record, [quote]) == missing
