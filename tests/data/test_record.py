"""The record of 2011 to 2025: its sources, meetings and documents."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF, SDO, XSD, Literal, Namespace, URIRef
from rdflib.term import Node

from sparql_endpoint.names import PREFIXES

DFO = Namespace(PREFIXES["dfo"])
ID = Namespace(PREFIXES["id"])
OA = Namespace(PREFIXES["oa"])
ORG = Namespace(PREFIXES["org"])
SOURCE = Namespace(PREFIXES["source"])
DATATYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
Row = dict[str, str]


def _every(name: str, column: str) -> pytest.MarkDecorator:
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return pytest.mark.parametrize("row", rows, ids=[row[column] for row in rows])


every_source = _every("record_sources", "source")
every_meeting = _every("record_meetings", "meeting")
every_document = _every("record_documents", "document")
every_list_of_states = _every("record_represented_states", "meeting")


def _date(text: str) -> list[Node]:
    """Return the date in the precision in which it is written; no text is no date."""
    return [Literal(text, datatype=DATATYPES[len(text)])] if text else []


def _things(names: str, namespace: Namespace = ID) -> set[Node]:
    return {namespace[name] for name in names.split()}


def _languages(literals: Iterable[Node]) -> list[str]:
    return sorted({str(each.language) for each in literals if isinstance(each, Literal)})


@every_source
def test_a_source_is_described(row: Row, data_graph: rdflib.Graph) -> None:
    """Each has its tier, the party whose it is, its page and the month of reading."""
    source = SOURCE[row["source"]]
    assert list(data_graph.objects(source, DFO.tier)) == [DFO[row["tier"]]]
    assert set(data_graph.objects(source, DFO.party)) == _things(row["party"])
    assert list(data_graph.objects(source, DFO.accessed)) == _date("2026-11")
    assert len(list(data_graph.objects(source, SDO.url))) == 1


@every_source
def test_a_source_carries_claims(row: Row, data_graph: rdflib.Graph) -> None:
    """Each is the evidence of claims, and each of these says where in the source it is found."""
    claims = set(data_graph.subjects(DFO.evidence, SOURCE[row["source"]]))
    assert claims
    assert {claim for claim in claims if not data_graph.value(claim, DFO.locator)} == set()


def test_a_claim_of_the_record_names_its_rule(data_graph: rdflib.Graph) -> None:
    """What decided a standing is told of each."""
    sources = set(data_graph.subjects(DFO.accessed))
    claims = {claim for source in sources for claim in data_graph.subjects(DFO.evidence, source)}
    assert claims
    assert {claim for claim in claims if not data_graph.value(claim, DFO.rule)} == set()


COMPARING = ("contemporarySource", "equalSources", "lessPrecise", "strongestSource", "weakerSource")


@pytest.mark.parametrize("rule", COMPARING)
def test_a_rule_that_compares_has_another_value(rule: str, data_graph: rdflib.Graph) -> None:
    """A claim that stands or gives way by its source's rank has another value beside it."""
    claims = set(data_graph.subjects(DFO.rule, DFO[rule]))
    assert claims
    for claim in claims:
        subject, predicate, value = (
            data_graph.value(claim, part) for part in (RDF.subject, RDF.predicate, RDF.object)
        )
        others = set(data_graph.subjects(RDF.subject, subject))
        others &= set(data_graph.subjects(RDF.predicate, predicate))
        assert {data_graph.value(other, RDF.object) for other in others} - {value}, claim


def test_a_source_that_attests_a_membership_says_whose_it_is(data_graph: rdflib.Graph) -> None:
    """Each source by which a tenure or membership is attested has a claim of its org:member."""
    attested = set(data_graph.subject_objects(DFO.attestedIn))
    assert attested
    for membership, source in attested:
        claims = set(data_graph.subjects(RDF.subject, membership))
        claims &= set(data_graph.subjects(RDF.predicate, ORG.member))
        evidence = {each for claim in claims for each in data_graph.objects(claim, DFO.evidence)}
        quoted = {data_graph.value(quote, OA.hasSource) for quote in evidence}
        assert source in evidence | quoted, membership


@every_meeting
def test_a_meeting_has_its_days_in_the_precision_of_the_sources(
    row: Row, data_graph: rdflib.Graph
) -> None:
    """A year stays a year and a month a month; what no source tells is absent."""
    meeting = ID[row["meeting"]]
    ordinal = [Literal(int(row["ordinal"]))] if row["ordinal"] else []
    assert list(data_graph.objects(meeting, DFO.ordinal)) == ordinal
    assert list(data_graph.objects(meeting, DFO.heldOn)) == _date(row["first"])
    assert list(data_graph.objects(meeting, DFO.heldUntil)) == _date(row["last"])


@every_meeting
def test_a_meeting_has_its_place_its_mode_and_its_chairs(
    row: Row, data_graph: rdflib.Graph
) -> None:
    """City and venue, the way of meeting, those in the chair, and the theme as sources print it."""
    meeting = ID[row["meeting"]]
    assert set(data_graph.objects(meeting, SDO.location)) == _things(row["place"])
    assert set(data_graph.objects(meeting, DFO.mode)) == _things(row["mode"], DFO)
    assert set(data_graph.objects(meeting, DFO.chairedBy)) == _things(row["chairs"])
    themes = data_graph.objects(meeting, DFO.theme)
    if row["languages"] or row["ordinal"]:
        assert set(row["languages"].split()) <= set(_languages(themes))


@every_list_of_states
def test_a_meeting_has_the_states_whose_leaders_or_ministers_are_named(
    row: Row, data_graph: rdflib.Graph
) -> None:
    """Those whom sources name as present show their states; a state that none names is absent."""
    states = set(data_graph.objects(ID[row["meeting"]], DFO.representedState))
    assert states == _things(row["states"])


@every_document
def test_a_document_has_the_titles_and_the_period_of_the_sources(
    row: Row, data_graph: rdflib.Graph
) -> None:
    """A title stands in the languages that a source shows; the date is that of its adoption."""
    document = ID[row["document"]]
    assert (ID[row["meeting"]], DFO.outcome, document) in data_graph
    titles = data_graph.objects(document, DCTERMS.title)
    assert _languages(titles) == row["languages"].split()
    assert list(data_graph.objects(document, DCTERMS.issued)) == _date(row["issued"])
    period = data_graph.value(document, DCTERMS.temporal)
    bounds = ((DCAT.startDate, "first"), (DCAT.endDate, "last"))
    for bound, column in bounds:
        dates = [data_graph.value(period, bound)] if period else []
        assert dates == _date(row[column])


def test_ministerial_meetings_follow_one_another(data_graph: rdflib.Graph) -> None:
    """From the fourth each meeting names the one before, down to the first."""
    chain: list[Node] = [ID["ccf-ministerial-4"]]
    while before := data_graph.value(chain[-1], DFO.previousMeeting):
        chain.append(before)
    assert chain == [ID[f"ccf-ministerial-{number}"] for number in (4, 3, 2, 1)]


def test_the_forum_has_three_mechanisms(data_graph: rdflib.Graph) -> None:
    """The ministerial meeting, the dialogue with the Quartet, and the national coordinators."""
    mechanisms = ("ccf-ministerial-meetings", "ccf-quartet-dialogue")
    for name in (*mechanisms, "ccf-national-coordinators-meeting"):
        assert (ID[name], RDF.type, DFO.MeetingSeries) in data_graph
        assert (ID[name], DFO.ofForum, ID["china-celac-forum"]) in data_graph


def test_brazil_is_back_and_whether_it_had_left_is_disputed(data_graph: rdflib.Graph) -> None:
    """The graph states the month of the return; that the membership ended is only a view."""
    before, after = (ID[f"brazil-celac-membership-{number}"] for number in (1, 2))
    period = data_graph.value(after, ORG.memberDuring)
    assert list(data_graph.objects(period, DCAT.startDate)) == _date("2023-01")
    assert list(data_graph.objects(before, ORG.memberDuring)) == []
    views = [
        claim
        for claim in data_graph.subjects(RDF.subject, before)
        if data_graph.value(claim, RDF.predicate) == ORG.memberDuring
    ]
    assert len(views) == 2
    assert {data_graph.value(view, DFO.standing) for view in views} == {DFO.attributed}


def test_copies_of_a_text_are_the_same_text_and_not_the_same_page(
    data_graph: rdflib.Graph,
) -> None:
    """Pages joined by dfo:sameTextAs are different pages."""
    copies = list(data_graph.subject_objects(DFO.sameTextAs))
    assert copies
    for one, other in copies:
        assert isinstance(other, URIRef)
        urls = (data_graph.value(one, SDO.url), data_graph.value(other, SDO.url))
        assert urls[0] != urls[1]
