"""Queries that join our states to Wikidata, against a server on this machine."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store
from rdflib import Graph
from wikidata_standin import WikidataStandIn

from sparql_endpoint.errors import ServiceRefusedError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.paths import QUERIES
from sparql_endpoint.query.catalogue import read
from sparql_endpoint.query.checks import check

_WIKIDATA = "https://query.wikidata.org/sparql"
_QUERIES = sorted((QUERIES / "federated").glob("*.rq"))
_STATES = Path(__file__).parent / "federation" / "states.ttl"
_EXPECTED = Path(__file__).parent / "federation"


@pytest.fixture
def states() -> Store:
    """Return a few states, one of them linked to a wrong item on purpose."""
    return load_files([_STATES])


def _local(path: Path, standin: WikidataStandIn) -> str:
    """Return the query with the stand-in for Wikidata's query service."""
    text = path.read_text("utf-8")
    assert text.count(f"<{_WIKIDATA}>") == 1
    return text.replace(_WIKIDATA, f"{standin.url}/sparql")


def _expected(path: Path) -> list[list[str]]:
    with (_EXPECTED / f"{path.stem}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _oxigraph(store: Store, text: str) -> Iterator[list[str]]:
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    yield names
    for solution in solutions:
        terms = [solution[name] for name in names]
        yield [getattr(term, "value", "") for term in terms]


def _rdflib(text: str) -> Iterator[list[str]]:
    graph = Graph().parse(_STATES, format="turtle")
    result = graph.query(text)
    yield [str(name) for name in result.vars or ()]
    for row in result:
        assert isinstance(row, tuple)
        yield ["" if term is None else str(term) for term in row]


def test_there_are_queries_and_each_names_its_question() -> None:
    """A federated query is a competency question like the others."""
    assert [path.stem for path in _QUERIES] == [
        "capitals-of-states",
        "links-that-codes-contradict",
        "members-that-wikidata-lacks",
    ]
    for path in _QUERIES:
        assert "federation" in read(path).keywords


@pytest.mark.parametrize("path", _QUERIES, ids=lambda path: path.stem)
def test_oxigraph_joins_across_servers(
    wikidata_standin: WikidataStandIn, states: Store, path: Path
) -> None:
    """Oxigraph asks the other server and joins its answer with ours."""
    assert list(_oxigraph(states, _local(path, wikidata_standin))) == _expected(path)
    assert set(wikidata_standin.paths()) == {"/sparql"}


@pytest.mark.parametrize("path", _QUERIES, ids=lambda path: path.stem)
def test_rdflib_gives_the_same_answer(wikidata_standin: WikidataStandIn, path: Path) -> None:
    """The answers do not hang on one engine."""
    assert list(_rdflib(_local(path, wikidata_standin))) == _expected(path)


@pytest.mark.parametrize("path", _QUERIES, ids=lambda path: path.stem)
def test_they_run_only_where_the_list_of_services_names_wikidata(path: Path) -> None:
    """A server without that entry refuses, and says which there are; one with it lets it run."""
    text = path.read_text("utf-8")
    with pytest.raises(ServiceRefusedError, match="none is allowed here"):
        check(text, 200, ())
    with pytest.raises(ServiceRefusedError, match=r"there are https://other\.example/sparql"):
        check(text, 200, ("https://other.example/sparql",))
    found = check(text, 200, (_WIKIDATA,))
    assert found is not None
    (service,) = found.services
    assert (service.target, service.silent) == (_WIKIDATA, False)
