"""The forms that evidence takes in an export."""

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from sparql_endpoint.export.content import content
from sparql_endpoint.export.evidence import EvidenceForm, with_evidence
from sparql_endpoint.names import expand

REIFIES = NamedNode(expand("rdf:reifies"))


def iri(name: str) -> NamedNode:
    """Return the node of a short name."""
    return NamedNode(expand(name))


def triples(quads: list[Quad]) -> set[Triple]:
    """Return what is said, in whichever graph."""
    return {quad.triple for quad in quads}


def test_claims_leave_every_statement_as_it_is(store: Store) -> None:
    """The default form is that of the project's files."""
    assert set(with_evidence(content(store), EvidenceForm.CLAIMS)) == set(content(store))


def test_facts_have_no_trace_of_claims_quotes_and_sources(store: Store) -> None:
    """What tells of evidence or refers to it is gone, the facts are there."""
    facts = triples(with_evidence(content(store), EvidenceForm.NONE))

    assert Triple(iri("id:appeal"), iri("dfo:callsFor"), Literal("unity", language="en")) in facts
    assert not [fact for fact in facts if "/claim/" in str(fact) or "/quote/" in str(fact)]
    assert not [fact for fact in facts if "/source/" in str(fact)]


def test_a_count_that_is_only_claimed_is_no_fact(store: Store) -> None:
    """A count goes unless some endorsed statement has it."""
    subjects = {fact.subject for fact in triples(with_evidence(content(store), EvidenceForm.NONE))}

    assert iri("id:count-33") in subjects
    assert iri("id:count-9") not in subjects


def test_a_claim_becomes_the_reifier_of_its_triple(store: Store) -> None:
    """The node keeps all it says of the claim, and its triple stands in one triple term."""
    reified = with_evidence(content(store), EvidenceForm.RDF12)
    found = [quad for quad in reified if quad.predicate == REIFIES]

    assert {(quad.subject, quad.object) for quad in found} == {
        (
            iri("claim:s-01"),
            Triple(
                iri("id:meeting"),
                iri("dfo:heldOn"),
                Literal("2018-01-22", datatype=iri("xsd:date")),
            ),
        ),
        (iri("claim:s-02"), Triple(iri("id:meeting"), iri("dfo:hasCount"), iri("id:count-9"))),
    }
    assert {str(quad.graph_name) for quad in found} == {str(iri("graph:data/claims/s"))}
    assert not [quad for quad in reified if quad.predicate == iri("rdf:subject")]
    assert Triple(iri("claim:s-02"), iri("dfo:claimant"), iri("id:celac")) in triples(reified)


def test_an_attributed_triple_is_not_asserted_by_its_reifier(store: Store) -> None:
    """RDF 1.2, section 1.5: a triple term says nothing about whether its triple holds."""
    said = triples(with_evidence(content(store), EvidenceForm.RDF12))

    assert Triple(iri("id:meeting"), iri("dfo:hasCount"), iri("id:count-9")) not in said


def test_a_claim_without_its_triple_keeps_what_it_has() -> None:
    """A broken claim of somebody's data is exported as it stands."""
    claim = iri("claim:broken")
    for parts in (
        [Quad(claim, iri("rdf:subject"), iri("id:x"))],
        [
            Quad(claim, iri("rdf:subject"), iri("id:x")),
            Quad(claim, iri("rdf:predicate"), iri("dfo:theme")),
        ],
    ):
        broken = [Quad(claim, iri("rdf:type"), iri("dfo:Claim")), *parts]
        assert set(with_evidence(broken, EvidenceForm.RDF12)) == set(broken)
