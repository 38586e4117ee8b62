"""Clients that people have: rdflib's SPARQLStore, by each of its ways to ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import serving
from werkzeug.serving import make_server

from sparql_endpoint.app import create_app
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.server.data_source import DataSource, load

TRIG = """
PREFIX ex: <https://example.org/>
ex:a ex:label "A"@en , "Á"@es ; ex:size 3 .
GRAPH ex:g1 { ex:one ex:knows ex:two }
"""


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an endpoint."""
    path = tmp_path_factory.mktemp("data") / "few.trig"
    path.write_text(TRIG, encoding="utf-8")
    about = DataSource((Path(path),)).dataset().about
    server = make_server("127.0.0.1", 0, create_app(QueryRunner.over(load([path])), about))
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}/sparql"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_takes_the_endpoint_for_a_store(endpoint: str, method: str) -> None:
    """Triples, solutions, a truth, a graph, and a named graph of it."""
    graph = Graph(SPARQLStore(endpoint, method=method))
    assert {str(o) for o in graph.objects(None, URIRef("https://example.org/label"))} == {"A", "Á"}
    assert len(list(graph.query("SELECT * { ?s ?p ?o }"))) == 3
    assert graph.query("ASK { ?s ?p 3 }").askAnswer is True
    assert len(graph.query("CONSTRUCT WHERE { ?s ?p ?o }").graph or ()) == 3
    named = Graph(SPARQLStore(endpoint, method=method), identifier="https://example.org/g1")
    assert len(list(named.query("SELECT * { ?s ?p ?o }"))) == 1
