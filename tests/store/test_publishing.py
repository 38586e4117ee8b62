"""Loading into another server, a real one."""

from pathlib import Path

import pytest

from sparql_endpoint.errors import DataError, RdfSyntaxError, RemoteError
from sparql_endpoint.store.publishing import publish
from sparql_endpoint.store.remote import RemoteStore


def objects(server: str, where: str) -> list[str]:
    """Return the objects of the statements that a pattern finds."""
    store = RemoteStore(f"{server}/query")
    solutions = store.query(f"SELECT ?o {{ {where} }} ORDER BY ?o")
    found = [str(solution["o"]) for solution in solutions]  # type: ignore[union-attr]
    store.close()
    return found


def test_files_fill_the_graphs_they_name(oxigraph_server: str, tmp_path: Path) -> None:
    """Triples reach the default graph, quads the graphs they name."""
    triples, quads = tmp_path / "t.ttl", tmp_path / "q.nq"
    triples.write_text("<http://e/s> <http://e/p> <http://e/1> .")
    quads.write_text("<http://e/s> <http://e/p> <http://e/2> <http://e/g> .\n")
    assert publish([triples, quads], f"{oxigraph_server}/store").statements == 2
    assert objects(oxigraph_server, "?s ?p ?o") == ["<http://e/1>"]
    assert objects(oxigraph_server, "GRAPH <http://e/g> { ?s ?p ?o }") == ["<http://e/2>"]


def test_a_graph_is_replaced(oxigraph_server: str, tmp_path: Path) -> None:
    """What the graph held before is gone; other graphs stay."""
    first, second = tmp_path / "1.nq", tmp_path / "2.nq"
    first.write_text("<http://e/s> <http://e/p> <http://e/1> <http://e/r> .\n")
    second.write_text("<http://e/s> <http://e/p> <http://e/2> <http://e/r> .\n")
    publish([first], f"{oxigraph_server}/store")
    publish([second], f"{oxigraph_server}/store")
    assert objects(oxigraph_server, "GRAPH <http://e/r> { ?s ?p ?o }") == ["<http://e/2>"]


def test_a_file_that_does_not_parse_sends_nothing(oxigraph_server: str, tmp_path: Path) -> None:
    """The good file beside it is not sent either."""
    good, bad = tmp_path / "good.nq", tmp_path / "bad.nq"
    good.write_text("<http://e/s> <http://e/p> <http://e/1> <http://e/never> .\n")
    bad.write_text("<http://e/s> oops\n")
    with pytest.raises(RdfSyntaxError):
        publish([good, bad], f"{oxigraph_server}/store")
    assert objects(oxigraph_server, "GRAPH <http://e/never> { ?s ?p ?o }") == []


def test_a_graph_without_an_iri_is_refused(oxigraph_server: str, tmp_path: Path) -> None:
    """The protocol names graphs by IRI."""
    file = tmp_path / "blank.nq"
    file.write_text("<http://e/s> <http://e/p> <http://e/1> _:g .\n")
    with pytest.raises(DataError, match="has no IRI"):
        publish([file], f"{oxigraph_server}/store")


def test_a_server_that_refuses_is_told_with_what_was_done(
    oxigraph_server: str, tmp_path: Path
) -> None:
    """The message says which graphs were replaced before."""
    file = tmp_path / "t.nt"
    file.write_text("<http://e/s> <http://e/p> <http://e/1> .\n")
    with pytest.raises(RemoteError, match=r"refused the graph \(default\): 404.*nothing was"):
        publish([file], f"{oxigraph_server}/nowhere")


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The message names the address."""
    file = tmp_path / "t.nt"
    file.write_text("<http://e/s> <http://e/p> <http://e/1> .\n")
    with pytest.raises(RemoteError, match=r"http://127\.0\.0\.1:9/store cannot be reached"):
        publish([file], "http://127.0.0.1:9/store")
