"""FROM and FROM NAMED: the merge of graphs, in which a triple is or is not."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from sparql_endpoint.errors import QueryError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.query.evaluation import Query, QueryRunner
from sparql_endpoint.query.merge import Merges

QUADS = """\
<x:s> <x:p> "default" .
<x:s> <x:p> "one" <x:one> .
<x:s> <x:p> "both" <x:one> .
<x:s> <x:p> "both" <x:two> .
_:b <x:p> "two" <x:two> .
_:b <x:q> "apart" <x:apart> .
"""
VALUES = "SELECT ?o {from} {{ ?s <x:p> ?o }} ORDER BY ?o"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> QueryRunner:
    """Return a runner over three named graphs, two of which share a triple."""
    path = tmp_path_factory.mktemp("graphs") / "graphs.nq"
    path.write_text(QUADS)
    return QueryRunner.over(load_files([path]))


def _lines(
    runner: QueryRunner, text: str, dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None
) -> list[str]:
    body = runner.run(Query(text, dataset, "csv")).body
    return body.read().decode().split("\r\n")[1:-1]


@pytest.mark.parametrize(
    ("clauses", "values"),
    [
        ("", ["default"]),
        ("FROM <x:one>", ["both", "one"]),
        ("FROM <x:one> FROM <x:two>", ["both", "one", "two"]),
        ("FROM <x:one> FROM <x:one>", ["both", "one"]),
        ("FROM <x:one> FROM <x:apart>", ["both", "one"]),
        ("FROM <x:unknown>", []),
        ("FROM <x:unknown> FROM <x:two>", ["both", "two"]),
        ("FROM NAMED <x:one>", []),
    ],
)
def test_from_gives_the_merge(runner: QueryRunner, clauses: str, values: list[str]) -> None:
    """A triple of two graphs comes once, an unknown graph is empty, FROM NAMED alone adds nothing.

    SPARQL 1.1 Query, section 13.2: https://www.w3.org/TR/sparql11-query/#specifyingDataset.
    """
    assert _lines(runner, VALUES.replace("{from}", clauses).format()) == values


def test_from_named_limits_graph_to_its_graphs(runner: QueryRunner) -> None:
    """GRAPH sees the graphs of FROM NAMED and no others, beside a merge too."""
    text = (
        "SELECT ?g (COUNT(*) AS ?n) FROM <x:one> FROM <x:two> FROM NAMED <x:one>"
        " { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    )
    assert _lines(runner, text) == ["x:one,2"]


def test_blank_node_is_the_same_in_merge_and_named_graph(runner: QueryRunner) -> None:
    """The merge keeps a blank node's identity, so that a pattern may cross it."""
    text = (
        "SELECT ?o FROM <x:one> FROM <x:two> FROM NAMED <x:apart>"
        ' { ?s <x:p> "two" GRAPH <x:apart> { ?s <x:q> ?o } }'
    )
    assert _lines(runner, text) == ["apart"]


def test_graphs_asked_beside_the_query_win_over_from(runner: QueryRunner) -> None:
    """SPARQL 1.1 Protocol, section 2.1.4: the protocol's dataset overrides the query's."""
    text = VALUES.replace("{from}", "FROM <x:one>").format()
    assert _lines(runner, text, (("x:one", "x:two"), ())) == ["both", "one", "two"]
    assert _lines(runner, text, ((), ("x:two",))) == []


def test_graph_that_is_no_iri_is_refused(runner: QueryRunner) -> None:
    """A name that cannot be one is the client's mistake."""
    with pytest.raises(QueryError):
        _lines(runner, VALUES.replace("{from}", "").format(), (("no iri",), ()))


def test_few_merges_are_kept(tmp_path: Path) -> None:
    """A runner remembers the last four datasets, so that many do not fill its memory."""
    merges = Merges(Store())
    first = merges.dataset(("x:0",), ())
    assert merges.dataset(("x:0",), ()) is first
    for number in range(1, 5):
        merges.dataset((f"x:{number}",), ())
    assert merges.dataset(("x:0",), ()) is not first
