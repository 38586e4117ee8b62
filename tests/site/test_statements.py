"""Values with their claims, and when values contradict each other."""

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.statistics import statistics
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.site.asking import Term
from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.statements import contradict, group

DATE = f"{PREFIXES['xsd']}date"
HELD = f"{PREFIXES['dfo']}heldOn"
SUBJECT = Term("iri", "urn:m")


def day(text: str) -> Term:
    """Return a day, month or year."""
    return Term("literal", text, datatype=DATE)


def claim(iri: str, value: Term, standing: str = "asserted", *, conflicting: bool = False) -> Claim:
    """Return a claim on the day of a meeting."""
    return Claim(
        iri,
        SUBJECT,
        HELD,
        value,
        standing=f"{PREFIXES['dfo']}{standing}",
        conflicting=conflicting,
    )


@pytest.mark.parametrize(
    ("one", "other", "contradicting"),
    [
        (day("2014-07-17"), day("2014-07-18"), True),
        (day("2014"), day("2014-07-17"), False),
        (day("2014-07-17"), day("2014-07"), False),
        (day("2014"), day("2015"), True),
        (Term("literal", "Plan", "en"), Term("literal", "Otro", "es"), False),
        (Term("literal", "Plan", "en"), Term("literal", "Other", "en"), True),
        (Term("iri", "urn:a"), Term("iri", "urn:b"), True),
    ],
)
def test_contradictions(one: Term, other: Term, contradicting: bool) -> None:  # noqa: FBT001  # a case
    """Not where one is the other in less precision, nor across languages."""
    assert contradict(one, other) is contradicting


def test_facts_come_first_and_keep_their_claims() -> None:
    """A value that the graph states stands before one that is only said."""
    first, second = day("2018-01-22"), day("2018-01-01")
    claims = [claim("urn:2", second, "attributed"), claim("urn:1", first)]
    (entry,) = group([(HELD, first)], claims, frozenset({HELD}))
    assert [(item.value, item.stated) for item in entry.statements] == [
        (first, True),
        (second, False),
    ]
    assert [item.iri for item in entry.facts[0].claims] == ["urn:1"]
    assert (entry.stated, entry.disputed) == (True, True)


def test_several_values_are_no_dispute_unless_an_editor_says_so() -> None:
    """A property of many values is disputed only by a claim that conflicts."""
    values = [day("2018-01-22"), day("2018-01-23")]
    stated = [(HELD, value) for value in values]
    (entry,) = group(stated, [], frozenset())
    assert not entry.disputed
    told = [claim("urn:1", values[0], conflicting=True)]
    (entry,) = group(stated, told, frozenset())
    assert entry.disputed


def test_the_page_of_disagreements_has_as_many_as_are_counted(client: FlaskClient) -> None:
    """The pages together, the question and the README count by one definition."""
    counted = statistics(load_project()).disagreements
    shown, number = 0, 1
    while new := client.get(f"/disagreements?page={number}").text.count(
        '<section class="disagreement"'
    ):
        shown, number = shown + new, number + 1
    assert number > 2
    assert shown == counted
