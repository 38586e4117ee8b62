"""Claims, quotes and sources read from a graph."""

import pytest
from prefixed import prefixed
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from sparql_endpoint.graph.evidence import Evidence, read_evidence
from sparql_endpoint.names import PREFIXES

TURTLE = """
claim:p-01 a dfo:Claim ;
    rdf:subject id:chile ; rdf:predicate rdfs:label ; rdf:object "Chile" ;
    dfo:claimant source:p ; dfo:standing dfo:asserted ; dfo:basis dfo:stated ;
    dfo:evidence quote:p-0-5 , quote:p-9-14 .
claim:p-02 a dfo:Claim ; dfo:evidence source:q .
quote:p-0-5 a oa:SpecificResource ; oa:hasSource source:p ; oa:hasSelector quote:p-0-5-selector .
quote:p-0-5-selector oa:exact "Chile" ; oa:start 0 ; oa:end 5 .
quote:p-9-14 a oa:SpecificResource ; oa:hasSelector "none" .
source:p a dfo:Source , schema:Article ; schema:sha256 "abc" ; dfo:bodyEnd 90 .
source:q a dfo:Source ; dfo:bodyEnd "soon" .
"""


def name(short: str) -> NamedNode:
    prefix, _, local = short.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    store = Store()
    store.load(prefixed(TURTLE), RdfFormat.TURTLE)
    return read_evidence(store)


def test_a_claim_has_its_triple_claimant_standing_and_evidence(evidence: Evidence) -> None:
    """Evidence comes in the order of its names."""
    claim = evidence.claims[0]
    assert (claim.subject, claim.predicate) == (name("id:chile"), name("rdfs:label"))
    assert claim.object == Literal("Chile")
    assert (claim.claimant, claim.standing) == (name("source:p"), name("dfo:asserted"))
    assert claim.evidence == (name("quote:p-0-5"), name("quote:p-9-14"))


def test_what_a_broken_graph_lacks_is_none(evidence: Evidence) -> None:
    """A claim without a triple, a quote without offsets and a source without a text are read."""
    assert evidence.claims[1].subject is None
    assert (evidence.quotes[1].start, evidence.quotes[1].exact) == (None, None)
    assert [(source.sha256, source.body_end) for source in evidence.sources] == [
        ("abc", 90),
        (None, None),
    ]


def test_a_quote_has_its_words_and_offsets(evidence: Evidence) -> None:
    """They stand on the selector."""
    quote = evidence.quotes[0]
    assert (quote.source, quote.exact) == (name("source:p"), "Chile")
    assert (quote.start, quote.end) == (0, 5)


def test_claims_are_found_by_what_they_rest_on(evidence: Evidence) -> None:
    """A quote and a source alike can carry claims; what is unknown carries none."""
    assert evidence.claims_on(name("quote:p-0-5")) == (name("claim:p-01"),)
    assert evidence.claims_on(name("source:q")) == (name("claim:p-02"),)
    assert evidence.claims_on(name("quote:other")) == ()


def test_the_words_of_a_claim_are_those_of_its_quotes(evidence: Evidence) -> None:
    """A quote without words adds none."""
    assert [evidence.words(claim) for claim in evidence.claims] == [("Chile",), ()]
