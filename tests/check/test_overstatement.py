"""Whether a claim says more than its words, in English, Spanish, Portuguese and Chinese.

The overstatements were written before the marks that find them, and the marks collected with every
second one put aside; see CONTRIBUTING.md for what was found at first sight.
"""

import csv
from collections import Counter
from pathlib import Path

from pyoxigraph import NamedNode, Store

from sparql_endpoint.check.overstatement import doubtful_number, says_less, weakened
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.names import expand

_ENOUGH = 90
_FALSE_ALARMS = 2


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _found(row: dict[str, str]) -> bool:
    """Tell whether a claim of this property and value is found to say more than these words."""
    prop, value, words = row["property"], row["value"], row["words"]
    if weakened(expand(prop), value if prop == "dfo:characterizedAs" else "", words):
        return True
    if prop != "dfo:hasCount":
        return False
    comparator, number = value.split()
    return bool(doubtful_number(number, expand(f"dfo:{comparator}"), words))


def test_nine_of_ten_overstatements_are_found_in_each_language(cases: Path) -> None:
    """Of a hundred, a quarter in each language."""
    rows = _rows(cases / "overstatements.csv")
    languages = Counter(row["language"] for row in rows)
    assert languages == dict.fromkeys(("en", "es", "pt", "zh"), 25)
    found = Counter(row["language"] for row in rows if _found(row))
    assert found.total() >= _ENOUGH
    assert all(found[language] * 100 >= 25 * _ENOUGH for language in languages)


def test_what_says_as_much_as_its_words_is_left_alone(cases: Path) -> None:
    """Among forty faithful claims there are at most two false alarms."""
    rows = _rows(cases / "faithful.csv")
    assert len(rows) == 40
    assert sum(map(_found, rows)) <= _FALSE_ALARMS


def test_the_quotations_of_the_articles_raise_no_more_than_two_false_alarms() -> None:
    """The claims with words were read by a person, and what is inferred has its note."""
    store = load_project()
    evidence = read_evidence(store)
    quoted = [claim for claim in evidence.claims if evidence.words(claim)]
    inferred = NamedNode(expand("dfo:inferred"))
    alarms = [
        claim.iri
        for claim in quoted
        if claim.basis != inferred and says_less(store, claim, evidence.words(claim))
    ]
    assert len(quoted) > 100
    assert len(alarms) <= _FALSE_ALARMS, alarms


def test_a_claim_without_a_predicate_is_none_to_judge() -> None:
    """The shapes say what it lacks."""
    store = Store()
    store.update("INSERT DATA { <urn:c> a <https://w3id.org/forumgraph/ontology#Claim> }")
    (claim,) = read_evidence(store).claims
    assert says_less(store, claim, ["It will be."]) == ""
