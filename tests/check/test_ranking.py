"""Whether the rule of a claim follows from the claims beside it."""

import pytest
from prefixed import prefixed
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.check.ranking import check_ranking
from sparql_endpoint.graph.evidence import read_evidence

GRAPH = """
dfo:heldOn dfo:singleValued true .
dfo:Declaration rdfs:subClassOf dfo:OutcomeDocument .
id:declaration a dfo:Declaration .
dfo:official dfo:rank 1 . dfo:reputable dfo:rank 2 . dfo:weak dfo:rank 4 .
source:official a dfo:Source ; dfo:tier dfo:official .
source:reputable a dfo:Source ; dfo:tier dfo:reputable .
source:weak a dfo:Source ; dfo:tier dfo:weak .
"""
OTHER = "another claim gives another value"
NONE = "no other claim gives another value"
HIGHER = "no source of another value ranks higher"
AS_HIGH = "a source of another value ranks as high or higher"
UNEQUAL = "the sources of other values rank higher or lower"
CASES = [
    ("undisputed", "weak", "", ""),
    ("undisputed", "official", "weak", OTHER),
    ("strongestSource", "official", "weak", ""),
    ("strongestSource", "official", "official", AS_HIGH),
    ("strongestSource", "weak", "declaration", AS_HIGH),
    ("strongestSource", "declaration", "official", ""),
    ("strongestSource", "official", "", NONE),
    ("weakerSource", "weak", "official", ""),
    ("weakerSource", "weak", "", ""),
    ("weakerSource", "reputable", "", NONE),
    ("weakerSource", "reputable", "weak", HIGHER),
    ("equalSources", "reputable", "reputable", ""),
    ("equalSources", "reputable", "official", UNEQUAL),
    ("contemporarySource", "official", "official", ""),
    ("contemporarySource", "official", "weak", UNEQUAL),
    ("announcement", "official", "", ""),
    ("lessPrecise", "official", "weak", ""),
]


def _claim(number: int, day: str, place: str) -> str:
    source, voiced = place, ""
    if place == "declaration":
        source, voiced = "weak", " ; dfo:voicedIn id:declaration"
    return (
        f"claim:x-0{number} a dfo:Claim ; rdf:subject id:x ; rdf:predicate dfo:heldOn ;"
        f' rdf:object "2018-01-{day}"^^xsd:date ; dfo:evidence source:{source}{voiced} .\n'
    )


@pytest.mark.parametrize(("rule", "own", "rival", "fault"), CASES)
def test_a_rule_that_does_not_hold_is_told_with_the_reason(
    rule: str, own: str, rival: str, fault: str
) -> None:
    """Sources are ranked by tier, and what a document says comes before all, wherever printed."""
    text = GRAPH + _claim(1, "21", own) + (_claim(2, "22", rival) if rival else "")
    store = Store()
    store.load(prefixed(f"{text} claim:x-01 dfo:rule dfo:{rule} ."), RdfFormat.TURTLE)
    found = list(check_ranking(read_evidence(store), store))
    expected = [f"The rule dfo:{rule} does not hold: {fault}."] if fault else []
    assert [finding.message for finding in found] == expected


def test_a_value_ranks_by_its_best_source() -> None:
    """A weak source may repeat a strong one."""
    text = GRAPH + _claim(1, "21", "weak") + _claim(2, "21", "official") + _claim(3, "22", "weak")
    store = Store()
    store.load(prefixed(f"{text} claim:x-01 dfo:rule dfo:strongestSource ."), RdfFormat.TURTLE)
    assert list(check_ranking(read_evidence(store), store)) == []
