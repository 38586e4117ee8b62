"""The cases in which a graph easily says more than its sources do: it says just as much."""

import rdflib
from rdflib import ORG, PROV, RDF, SDO, SKOS, XSD, Literal, Namespace, URIRef

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import DATA

CLAIM = Namespace(PREFIXES["claim"])
DFO = Namespace(PREFIXES["dfo"])
ID = Namespace(PREFIXES["id"])
OA = Namespace(PREFIXES["oa"])
SOURCE = Namespace(PREFIXES["source"])
FORUM = ID["china-celac-forum"]
SECOND, THIRD = ID["ccf-ministerial-2"], ID["ccf-ministerial-3"]
ADDRESS = ID["xi-jinping-address-ccf-ministerial-3"]
DECLARATION = ID["ccf-ministerial-3-declaration"]
DATES = [DFO.scheduledOn, DFO.scheduledUntil, DFO.heldOn, DFO.heldUntil]


def _of_articles() -> rdflib.Graph:
    graph = rdflib.Graph()
    for slug in ("china-deepens-cooperation", "closer-partnership-2018"):
        graph.parse(DATA / "claims" / f"{slug}.ttl")
    return graph


ARTICLES = _of_articles()


def _claims(subject: URIRef | None, predicate: URIRef, value: object = None) -> list[URIRef]:
    """Return the claims of the two articles with this subject, predicate and object."""
    return [
        claim
        for claim in ARTICLES.subjects(RDF.predicate, predicate)
        if isinstance(claim, URIRef)
        and subject in (None, ARTICLES.value(claim, RDF.subject))
        and value in (None, ARTICLES.value(claim, RDF.object))
    ]


def _words(claim: URIRef) -> set[str]:
    """Return the quotations of a claim."""
    return {
        str(words)
        for quote in ARTICLES.objects(claim, DFO.evidence)
        for selector in ARTICLES.objects(quote, OA.hasSelector)
        for words in ARTICLES.objects(selector, OA.exact)
    }


def test_the_founding_is_a_day_and_no_event(data_graph: rdflib.Graph) -> None:
    """The article's year gives way to a day; the credit to Xi Jinping is the writer's word."""
    assert list(data_graph.objects(FORUM, DFO.establishedIn)) == [
        Literal("2014-07-17", datatype=XSD.date)
    ]
    (year,) = _claims(FORUM, DFO.establishedIn, Literal("2014", datatype=XSD.gYear))
    assert ARTICLES.value(year, DFO.rule) == DFO.lessPrecise
    (claim,) = _claims(FORUM, DFO.initiatedBy, ID["xi-jinping"])
    assert ARTICLES.value(claim, DFO.standing) == DFO.attributed


def test_the_second_meeting_is_scheduled_by_an_inferred_year() -> None:
    """Day and month are printed, the year is that of the dateline: two quotations and a note."""
    (claim,) = _claims(SECOND, DFO.scheduledOn)
    assert ARTICLES.value(claim, RDF.object) == Literal("2018-01-22", datatype=XSD.date)
    assert ARTICLES.value(claim, DFO.basis) == DFO.inferred
    assert _words(claim) == {"On January 22", "Jan 19, 2018"}
    assert ARTICLES.value(claim, SKOS.editorialNote)


def test_no_article_reports_the_second_meeting_held() -> None:
    """An article written before the meeting is no source for the day on which it was held."""
    assert _claims(SECOND, DFO.heldOn) == []


def test_no_article_dates_the_third_meeting() -> None:
    """No date follows from "over the past seven years", and none is guessed."""
    assert [claim for date in DATES for claim in _claims(THIRD, date)] == []


def test_santiago_is_the_venue_and_nobody_the_host(data_graph: rdflib.Graph) -> None:
    """The second meeting is placed in Santiago, in Chile; the article names no host."""
    places = {ARTICLES.value(claim, RDF.object) for claim in _claims(SECOND, SDO.location)}
    assert places == {ID.santiago}
    assert list(data_graph.objects(ID.santiago, SDO.containedInPlace)) == [ID.chile]
    assert _claims(SECOND, DFO.hostedBy) == []


def test_video_is_the_mode_of_the_address_only(data_graph: rdflib.Graph) -> None:
    """The article has Xi Jinping speak by video conference, the declaration by video message."""
    (claim,) = _claims(ADDRESS, DFO.mode, DFO.byVideoConference)
    assert ARTICLES.value(claim, DFO.standing) == DFO.attributed
    assert list(data_graph.objects(ADDRESS, DFO.mode)) == [DFO.byVideoMessage]
    assert _claims(THIRD, DFO.mode) == []


def test_ministers_of_28_states_are_a_number_without_names(data_graph: rdflib.Graph) -> None:
    """One count, exactly 28; the article's misspelling stays in the quotation."""
    count = ID["count-represented-states-28"]
    assert list(data_graph.objects(count, DFO.countOf)) == [ID["kind-participating-countries"]]
    assert list(data_graph.objects(count, DFO.comparator)) == [DFO.exactly]
    assert list(data_graph.objects(count, DFO.value)) == [Literal(28)]
    (claim,) = _claims(None, DFO.hasCount, count)
    assert ARTICLES.value(claim, RDF.subject) == THIRD
    assert ARTICLES.value(claim, DFO.basis) == DFO.inferred
    assert any("Minsters of 28 member states" in words for words in _words(claim))
    assert _claims(THIRD, DFO.representedState) == []


def test_the_united_states_and_canada_are_no_members_of_celac(data_graph: rdflib.Graph) -> None:
    """That is stated; that they are members of the OAS is implied by "unlike in the OAS"."""
    for state in (ID.canada, ID["united-states"]):
        (stated,) = _claims(state, DFO.isNotMemberOf, ID.celac)
        (implied,) = _claims(state, ORG.memberOf, ID.oas)
        assert ARTICLES.value(stated, DFO.basis) == DFO.stated
        assert ARTICLES.value(implied, DFO.basis) == DFO.inferred
        assert (state, DFO.isNotMemberOf, ID.celac) in data_graph
        assert (state, ORG.memberOf, ID.oas) in data_graph
        assert (state, ORG.memberOf, ID.celac) not in data_graph


def test_figures_are_as_printed_and_only_the_writer_s_word(data_graph: rdflib.Graph) -> None:
    """17 sessions exactly, over 10 areas, more than 80 projects, over 20 countries."""
    measures = ID["china-financing-measures-lac"]
    expected = {
        (FORUM, ID["kind-subforum-sessions"], DFO.exactly, 17),
        (FORUM, ID["kind-areas-of-cooperation"], DFO.moreThan, 10),
        (measures, ID["kind-supported-projects"], DFO.moreThan, 80),
        (measures, ID["kind-supported-countries"], DFO.moreThan, 20),
    }
    found = set()
    for claim in _claims(None, DFO.hasCount):
        subject, count = (ARTICLES.value(claim, part) for part in (RDF.subject, RDF.object))
        if subject in (FORUM, measures):
            assert ARTICLES.value(claim, DFO.standing) == DFO.attributed
            assert (subject, DFO.hasCount, count) not in data_graph
            value = data_graph.value(count, DFO.value)
            assert isinstance(value, Literal)
            kind, how = (data_graph.value(count, part) for part in (DFO.countOf, DFO.comparator))
            found.add((subject, kind, how, value.toPython()))
    assert found == expected


def test_seventeen_sessions_are_no_seventeen_nodes() -> None:
    """No article names a session of a subforum, so no claim is about one."""
    subjects = set(ARTICLES.objects(None, RDF.subject))
    assert [subject for subject in subjects if "subforum" in str(subject)] == []


def test_the_declaration_speaks_second_hand() -> None:
    """What the declaration says is claimed by the Forum, voiced in it, quoted from the article."""
    claims = list(ARTICLES.subjects(DFO.voicedIn, DECLARATION))
    assert len(claims) == 2
    for claim in claims:
        assert ARTICLES.value(claim, DFO.claimant) == FORUM
        assert ARTICLES.value(claim, DFO.standing) == DFO.attributed
        quotes = list(ARTICLES.objects(claim, DFO.evidence))
        assert [q for q in quotes if "china-deepens-cooperation" not in str(q)] == []


def test_what_xi_says_is_claimed_by_him_in_his_address() -> None:
    """Every claim of Xi Jinping is voiced in the address, and there is at least one."""
    claims = list(ARTICLES.subjects(DFO.claimant, ID["xi-jinping"]))
    assert claims
    assert [claim for claim in claims if ARTICLES.value(claim, DFO.voicedIn) != ADDRESS] == []


def test_the_author_of_an_article_speaks_in_it() -> None:
    """What the op-ed says is claimed by Wang Yi, voiced in it; its title is the page's."""
    source = SOURCE["closer-partnership-2018"]
    claims = set(ARTICLES.subjects(DFO.claimant, ID["wang-yi"]))
    assert claims
    assert {ARTICLES.value(claim, DFO.voicedIn) for claim in claims} == {source}
    own = set(ARTICLES.subjects(DFO.claimant, source))
    assert {ARTICLES.value(claim, RDF.subject) for claim in own} == {source}


def test_whose_word_it_is_that_celac_is_an_alternative_to_the_oas() -> None:
    """The article's own: it quotes nobody, and "interventionist" is its word as well."""
    said = _claims(ID.celac, DFO.characterizedAs) + _claims(ID.oas, DFO.characterizedAs)
    assert len(said) == 3
    for claim in said:
        assert ARTICLES.value(claim, DFO.claimant) == SOURCE["china-deepens-cooperation"]
        assert ARTICLES.value(claim, DFO.standing) == DFO.attributed


def test_what_a_text_does_not_tell_of_itself_is_absent() -> None:
    """Neither article names author or publisher, and the second prints no date."""
    told = [rdflib.DCTERMS.creator, rdflib.DCTERMS.publisher, SDO.author, PROV.wasAttributedTo]
    for slug in ("china-deepens-cooperation", "closer-partnership-2018"):
        assert [term for term in told if (SOURCE[slug], term, None) in ARTICLES] == []
    assert (SOURCE["china-deepens-cooperation"], rdflib.DCTERMS.issued, None) not in ARTICLES
