"""What the questions on disagreement and evidence must show, on Oxigraph and on rdflib alike."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, QuerySolutions

from sparql_endpoint.graph.dataset import load_project, project_files
from sparql_endpoint.names import expand
from sparql_endpoint.paths import QUERIES
from sparql_endpoint.query.run import run

Rows = list[list[str]]
Ask = Callable[[str], Rows]
HERE = Path(__file__).parent
TOPICS = [number for number in range(1, 19) if number != 12]
"""The twelfth was none: a schedule beside an event, and the numbers of forums of other names."""


def _rows(text: str) -> Rows:
    return list(csv.reader(io.StringIO(text)))


def _oxigraph() -> Ask:
    store = load_project()

    def ask(query: str) -> Rows:
        solutions = run(store, query)
        assert isinstance(solutions, QuerySolutions)
        answer = solutions.serialize(format=QueryResultsFormat.CSV)
        assert answer is not None
        return _rows(answer.decode("utf-8"))

    return ask


def _rdflib() -> Ask:
    graph = rdflib.Graph(bind_namespaces="none")
    for path in project_files():
        graph.parse(path)

    def ask(query: str) -> Rows:
        answer = graph.query(query).serialize(format="csv")
        assert answer is not None
        return _rows(answer.decode("utf-8"))

    return ask


@pytest.fixture(scope="module", params=[_oxigraph, _rdflib], ids=["oxigraph", "rdflib"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Return what asks the project's ontology and data, by one engine and by the other."""
    engine: Callable[[], Ask] = request.param
    return cache(engine())


def _question(slug: str) -> str:
    return (QUERIES / f"{slug}.rq").read_text(encoding="utf-8")


def test_each_disagreement_of_the_record_comes_out(ask: Ask) -> None:
    """Seventeen of seventeen topics: for each, both values are told of one subject and property."""
    told = defaultdict(set)
    for subject, prop, value, *_ in ask(_question("disagreements"))[1:]:
        told[subject, prop].add(value)
    found = set()
    with (HERE / "disagreements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = told[expand(f"id:{row['subject']}"), expand(row["property"])]
            assert {row["one"], row["other"]} <= values, row
            found.add(int(row["number"]))
    assert sorted(found) == TOPICS


def test_a_view_in_a_disagreement_has_its_claimant_and_its_source(ask: Ask) -> None:
    """Each row names who says so, in which source of which tier, and what the graph makes of it."""
    head, *rows = ask(_question("disagreements"))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert told
    for row in told:
        assert row["claimantName"]
        assert row["source"]
        assert row["tier"]
        assert row["standing"]
        assert row["rule"]


def test_copies_count_as_one_source(ask: Ask) -> None:
    """What a declaration and its copy alone say rests on one source, on two pages."""
    head, *rows = ask(_question("resting-on-one-source"))
    pages = {int(row[head.index("pages")]) for row in rows}
    assert pages > {1}
    corroborated = {tuple(row[:3]) for row in ask(_question("corroborated"))[1:]}
    assert corroborated
    assert corroborated.isdisjoint({tuple(row[:3]) for row in rows})


def test_what_rests_on_parties_has_no_independent_source(ask: Ask) -> None:
    """A corroborated statement rests on the parties alone where no corroborating source is free."""
    head, *rows = ask(_question("corroborated"))
    free = {tuple(row[:3]) for row in rows if row[head.index("ofNoParty")] != "0"}
    parties = {tuple(row[:3]) for row in ask(_question("resting-on-parties"))[1:]}
    assert parties
    assert free
    assert free.isdisjoint(parties)
