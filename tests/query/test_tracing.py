"""The claims that carry each row: every row follows from its evidence alone."""

import json
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Quad, Store

from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.evaluation import Query, QueryRunner
from sparql_endpoint.query.outline import Form, outline
from sparql_endpoint.query.tracing import trace

SELECTS = [slug for slug, item in catalogue().items() if outline(item.text).form is Form.SELECT]


@pytest.fixture(scope="module")
def runner() -> QueryRunner:
    """Return a runner over the project's graph."""
    return QueryRunner.over(load_project())


def answer(runner: QueryRunner, query: Query) -> dict[str, Any]:
    """Return an answer as SPARQL Results JSON is read."""
    read: dict[str, Any] = json.loads(runner.run(query).body.read())
    return read


@pytest.mark.parametrize("slug", SELECTS)
def test_every_row_of_every_question_follows_from_its_evidence(
    runner: QueryRunner, slug: str
) -> None:
    """A graph of a row's statements, and of nothing else that is traced, has the row again."""
    query = Query(catalogue()[slug].text)
    whole = answer(runner, query)
    found = trace(runner, query, whole)
    untraced = [
        Quad(q.subject, q.predicate, q.object)
        for q in runner.store.quads_for_pattern(None, None, None, DefaultGraph())
        if q.predicate.value in found.predicates
    ]
    assert bool(untraced) <= bool(found.untraced)
    rows = whole["results"]["bindings"]
    assert len(rows) == len(found.rows) > 0
    for row, statements in zip(rows, found.rows, strict=True):
        small = Store()
        small.extend(untraced)
        small.extend(Quad(*parts(statement.triple)) for statement in statements)
        assert row in answer(QueryRunner.over(small), query)["results"]["bindings"]


def parts(triple: Any) -> tuple[Any, Any, Any]:
    """Return subject, predicate and object."""
    return triple.subject, triple.predicate, triple.object


@pytest.mark.parametrize(
    ("query", "claims", "untraced"),
    [
        ("SELECT ?d { id:ccf-ministerial-2 dfo:heldOn ?d }", True, []),
        ("SELECT ?n { id:chile rdfs:label ?n } LIMIT 1", False, []),
        ("SELECT (COUNT(?d) AS ?n) { id:ccf-ministerial-2 dfo:heldOn ?d }", True, ["sums"]),
        ("SELECT ?d { id:ccf-ministerial-2 dfo:heldOn ?d MINUS { ?d a dfo:Forum } }", True,
         ["MINUS"]),
        ("SELECT ?d { id:ccf-ministerial-2 dfo:heldOn ?d FILTER NOT EXISTS { ?d a ?x } }", True,
         ["NOT EXISTS"]),
        ("SELECT ?c { id:chile a/rdfs:subClassOf* ?c }", False, ["path"]),
        ("SELECT ?d { { SELECT ?d { id:ccf-ministerial-2 dfo:heldOn ?d } } }", False, ["subquery"]),
        ("SELECT ?d ?x { id:ccf-ministerial-2 dfo:heldOn ?d OPTIONAL { ?d a ?x } }", True, []),
        ("SELECT ?d { { id:ccf-ministerial-2 dfo:heldOn ?d } UNION { ?d a dfo:Nothing } }", True,
         []),
        ("SELECT DISTINCT ?o { [] a dfo:Forum ; dfo:hasParty ?o } ORDER BY ?o LIMIT 2", True, []),
    ],
)  # fmt: skip
def test_what_is_not_traced_is_named(
    runner: QueryRunner, query: str, claims: object, untraced: list[str]
) -> None:
    """A path, a negation and a subquery have no triple of a row; a count rests on all of its."""
    asked = Query(query)
    found = trace(runner, asked, answer(runner, asked))
    assert any(s.claims for row in found.rows for s in row) is claims
    assert len(found.untraced) == len(untraced)
    for word in untraced:
        assert any(word in text for text in found.untraced)


def test_a_statement_about_a_claim_rests_on_the_claim(runner: QueryRunner) -> None:
    """Who asks for claims is given these."""
    asked = Query("SELECT ?who { claim:closer-partnership-2018-07 dfo:claimant ?who }")
    found = trace(runner, asked, answer(runner, asked))
    names = [claim.value.rpartition("/")[2] for claim in found.rows[0][0].claims]
    assert names == ["closer-partnership-2018-07"]


@pytest.mark.parametrize("query", ["ASK {}", "SELECT ?x { ?x a ?y FILTER(?x <<>> ?y) }"])
def test_what_has_no_rows_has_no_evidence(runner: QueryRunner, query: str) -> None:
    """The message says what has."""
    with pytest.raises(UsageError, match=r"evidence|traced"):
        trace(runner, Query(query), {"head": {}, "results": {"bindings": []}})
