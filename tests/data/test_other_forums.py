"""The Forum on China-Africa Cooperation and the China-Arab States Cooperation Forum."""

import pytest
import rdflib
from rdflib import ORG, RDF, SDO, Literal, Namespace
from rdflib.term import Node

from sparql_endpoint.names import PREFIXES

DFO = Namespace(PREFIXES["dfo"])
ID = Namespace(PREFIXES["id"])
FOCAC = ID["forum-on-china-africa-cooperation"]
CASCF = ID["china-arab-states-cooperation-forum"]

PLEDGES = [
    ("china-loans-africa-2006", 5 * 10**9, "USD"),
    ("china-loans-africa-2009", 10 * 10**9, "USD"),
    ("china-credit-line-africa-2012", 20 * 10**9, "USD"),
    ("china-financing-africa-2015", 60 * 10**9, "USD"),
    ("china-financing-africa-2018", 60 * 10**9, "USD"),
    ("china-financing-africa-2018", 50 * 10**9, "USD"),
    ("china-financing-africa-2024", 360 * 10**9, "CNY"),
]


def _claims(graph: rdflib.Graph, subject: Node, predicate: Node) -> set[tuple[Node, Node]]:
    """Return object and standing of each claim of one subject and predicate."""
    claims = set(graph.subjects(RDF.subject, subject))
    claims &= set(graph.subjects(RDF.predicate, predicate))
    return {
        (value, standing)
        for claim in claims
        for value in graph.objects(claim, RDF.object)
        for standing in graph.objects(claim, DFO.standing)
    }


def test_a_commission_and_a_league_are_parties(data_graph: rdflib.Graph) -> None:
    """A party is a state, a bloc or the commission of a union; new members are parties too."""
    new = {"burkina-faso", "gambia", "sao-tome-and-principe"}
    parties = {ID[name] for name in {"china", "african-union-commission", *new}}
    assert set(data_graph.objects(FOCAC, DFO.hasParty)) == parties
    leagues = {ID["china"], ID["league-of-arab-states"]}
    assert set(data_graph.objects(CASCF, DFO.hasParty)) == leagues


@pytest.mark.parametrize(("measure", "value", "currency"), PLEDGES)
def test_an_amount_has_its_currency_and_is_only_promised(
    measure: str, value: int, currency: str, data_graph: rdflib.Graph
) -> None:
    """The sum that a source prints stands in a claim that is attributed, and in no fact."""
    claims = _claims(data_graph, ID[measure], DFO.hasCount)
    assert {standing for _, standing in claims} == {DFO.attributed}
    sums = {
        (data_graph.value(count, DFO.value), data_graph.value(count, SDO.currency))
        for count, _ in claims
    }
    assert (Literal(value), Literal(currency)) in sums


def test_a_summit_is_a_ministerial_conference_too(data_graph: rdflib.Graph) -> None:
    """The meetings of 2006, 2015, 2018 and 2024 were of leaders and of ministers; Dakar was not."""
    both = set(data_graph.subjects(RDF.type, DFO.LeadersMeeting))
    both &= set(data_graph.subjects(RDF.type, DFO.MinisterialMeeting))
    assert both == {ID[f"focac-ministerial-{number}"] for number in (3, 6, 7, 9)}


def test_when_the_commission_became_a_member_is_disputed(data_graph: rdflib.Graph) -> None:
    """The Commission's own day is the graph's; that of another page stays a claim."""
    claims = _claims(data_graph, ID["african-union-commission-focac"], ORG.memberDuring)
    assert claims == {
        (ID["period-from-2011-10-26"], DFO.asserted),
        (ID["period-from-2012-07"], DFO.attributed),
    }


def test_three_states_came_in_on_one_day(data_graph: rdflib.Graph) -> None:
    """Burkina Faso, The Gambia, and Sao Tome and Principe are members from 2 September 2018."""
    day = ID["period-from-2018-09-02"]
    assert set(data_graph.subjects(ORG.memberDuring, day)) == {
        ID[f"{state}-focac"] for state in ("burkina-faso", "gambia", "sao-tome-and-principe")
    }


def test_the_founding_of_the_arab_forum_has_several_dates(data_graph: rdflib.Graph) -> None:
    """The graph states the day of the announcement; other days and bare years stay claims."""
    claims = _claims(data_graph, CASCF, DFO.establishedIn)
    asserted = {str(value) for value, standing in claims if standing == DFO.asserted}
    attributed = {str(value) for value, standing in claims if standing == DFO.attributed}
    assert asserted == {"2004-01-30"}
    assert attributed == {"2003-09", "2004", "2004-09-14"}


def test_a_conference_that_is_announced_is_not_held(data_graph: rdflib.Graph) -> None:
    """The tenth conference has a year for which it is announced, and neither day nor host."""
    conference = ID["focac-ministerial-10"]
    assert [str(day) for day in data_graph.objects(conference, DFO.scheduledOn)] == ["2027"]
    for fact in (DFO.heldOn, DFO.hostedBy, SDO.location):
        assert list(data_graph.objects(conference, fact)) == []
