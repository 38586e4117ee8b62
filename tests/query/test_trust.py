"""The graph under policies of trust: the written rules, among the claims that are trusted."""

from io import BytesIO

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from sparql_endpoint.errors import DataError, UsageError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.evidence import objects, read_evidence
from sparql_endpoint.graph.ranking import triple_of
from sparql_endpoint.names import PREFIXES, expand
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.evaluation import Query, QueryRunner
from sparql_endpoint.query.trust import (
    DEFAULT,
    Policy,
    difference,
    facts,
    find,
    policies,
    under,
)

NAMES = [*policies()]
NEVER = {expand(f"dfo:{name}") for name in ("characterization", "speakersStake", "announcement")}
SMALL = """
dfo:place a owl:DatatypeProperty ; dfo:singleValued true .
dfo:official dfo:rank 1 . dfo:reputable dfo:rank 2 . dfo:weak dfo:rank 4 .
source:office a dfo:Source ; dfo:tier dfo:official .
source:paper a dfo:Source ; dfo:tier dfo:reputable .
source:daily a dfo:Source ; dfo:tier dfo:reputable .
source:blog a dfo:Source ; dfo:tier dfo:weak .
id:talks dfo:place "North" ; dfo:theme "water" .
"""
CLAIMS = """
claim:{name} a dfo:Claim ;
    rdf:subject id:talks ; rdf:predicate dfo:{property} ; rdf:object "{value}" ;
    dfo:claimant source:{source} ; dfo:evidence source:{source} ;
    dfo:standing dfo:{standing} ; dfo:rule dfo:{rule} .
"""
PLACE = (
    ("1", "place", "North", "office", "asserted", "strongestSource"),
    ("2", "place", "South", "paper", "attributed", "weakerSource"),
)
BLOG = ("4", "place", "East", "blog", "attributed", "weakerSource")
DAILY = ("5", "place", "West", "daily", "attributed", "weakerSource")
CONTEMPORARY = ("5", "place", "West", "daily", "attributed", "contemporarySource")


@pytest.fixture(scope="module")
def project() -> Store:
    """Return the project's graph."""
    return load_project()


def small(*claims: tuple[str, ...]) -> Store:
    """Return a graph of a few claims, each by name, property, value, source, standing and rule."""
    keys = ("name", "property", "value", "source", "standing", "rule")
    text = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + SMALL
    text += "".join(CLAIMS.format(**dict(zip(keys, claim, strict=True))) for claim in claims)
    store = Store()
    store.load(BytesIO(text.encode()), RdfFormat.TURTLE)
    return store


def without(source: str) -> Policy:
    """Return a policy that trusts every source but one."""
    query = f"SELECT ?claim {{ ?claim dfo:evidence ?s FILTER (?s != source:{source}) }}"
    return Policy("p", "P", "all but one", query)


def values(store: Store, policy: Policy) -> set[str]:
    """Return the values that are facts."""
    return {getattr(value, "value", "") for _, _, value in facts(store, policy)}


def test_the_default_policy_is_the_graph_as_it_is(project: Store) -> None:
    """Triple for triple, in every graph."""
    assert set(under(project, facts(project, find(DEFAULT)))) == set(project)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_answered_under_every_policy(project: Store, name: str) -> None:
    """None fails, and what needs no claim is there as before."""
    runner = QueryRunner.over(project)
    for question in catalogue().values():
        assert runner.run(Query(question.text, trust=name)).complete, question.slug
    states = Query("SELECT ?s { ?s a dfo:State }", result_format="csv", trust=name)
    assert len(runner.run(states).body.read().splitlines()) > 30


@pytest.mark.parametrize("name", NAMES)
def test_each_fact_has_a_claim_that_is_trusted_and_is_no_opinion(project: Store, name: str) -> None:
    """No policy makes a fact of what a speaker has a stake in, foretells or finds."""
    trusted = {
        row["claim"]
        for row in project.query(find(name).query, prefixes=dict(PREFIXES))  # type: ignore[union-attr]
    }
    by_triple: dict[object, list[NamedNode]] = {}
    for claim in read_evidence(project).claims:
        by_triple.setdefault(triple_of(claim), []).append(claim.iri)
    accepted = facts(project, find(name))
    assert accepted
    for triple in accepted:
        claims = trusted.intersection(by_triple[triple])
        assert claims, triple
        rules = {
            str(rule)[1:-1] for claim in claims for rule in objects(project, claim, "dfo:rule")
        }
        assert rules - NEVER, triple


@pytest.mark.parametrize(
    ("claims", "distrusted", "expected"),
    [
        (PLACE, "paper", {"North"}),
        (PLACE, "office", {"South"}),
        ((*PLACE, BLOG), "paper", {"North"}),
        ((PLACE[0], BLOG), "office", set()),
        ((*PLACE, DAILY), "office", set()),
        ((*PLACE, CONTEMPORARY), "office", {"West"}),
        ((*PLACE, BLOG), "office", {"South"}),
        ((("3", "theme", "water", "paper", "asserted", "undisputed"),), "paper", set()),
        ((("3", "theme", "great", "paper", "attributed", "characterization"),), "blog", set()),
    ],
    ids=[
        "the strongest stays", "the next takes its place", "one of others goes",
        "a weak source alone makes no fact", "equals make no fact", "the contemporary of equals",
        "the stronger of two", "a fact goes with its claim", "an opinion is none",
    ],
)  # fmt: skip
def test_facts_follow_the_rules_among_what_is_trusted(
    claims: tuple[tuple[str, ...], ...], distrusted: str, expected: set[str]
) -> None:
    """The rules are those of CONTRIBUTING.md, "The rule of asserted and attributed"."""
    assert values(small(*claims), without(distrusted)) == expected


def test_a_fact_that_appears_stands_in_the_graph(project: Store) -> None:
    """It is in the default graph and in a graph of its own; what went is in none."""
    del project
    store = small(*PLACE)
    copy = under(store, facts(store, without("office")))
    subject, place = NamedNode(expand("id:talks")), NamedNode(expand("dfo:place"))
    assert {str(q.object) for q in copy.quads_for_pattern(subject, place, None)} == {'"South"'}
    graphs = {str(q.graph_name) for q in copy.quads_for_pattern(subject, place, None)}
    assert graphs == {str(DefaultGraph()), "<https://w3id.org/forumgraph/graph/trust>"}
    theme = NamedNode(expand("dfo:theme"))
    assert [quad.object for quad in copy.quads_for_pattern(subject, theme, None)] == objects(
        store, subject, "dfo:theme"
    )


def test_a_difference_goes_both_ways() -> None:
    """What appears one way goes the other."""
    store = small(*PLACE)
    before, after = facts(store, find(DEFAULT)), facts(store, without("office"))
    there, back = difference(before, after), difference(after, before)
    assert (there.appears, there.goes) == (back.goes, back.appears)
    assert [value.value for _, _, value in there.appears] == ["South"]  # type: ignore[union-attr]


def test_a_policy_with_a_slip_is_named() -> None:
    """The message says what was probably meant, or what there is."""
    with pytest.raises(UsageError, match="did you mean 'official'"):
        find("offical")
    with pytest.raises(UsageError, match="available: default, "):
        find("zzzzzz")


@pytest.mark.parametrize(
    ("query", "message"),
    [("SELECT ?c { ?c a ?d }", "does not select"), ("SELECT", "is not SPARQL")],
)
def test_a_policy_that_selects_no_claims_is_refused(
    project: Store, query: str, message: str
) -> None:
    """It names the policy at fault."""
    with pytest.raises(DataError, match=f"the policy 'mine' {message}"):
        facts(project, Policy("mine", "Mine", "nothing", query))
