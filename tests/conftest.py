"""What every test may ask for."""

import os
import signal
from pathlib import Path

import pytest
import rdflib

from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import DATA

pytest_plugins = [
    "no_network",
    "own_project",
    "oxigraph_server",
    "small_endpoint",
    "wikidata_standin",
]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell
    signal.signal(signal.SIGINT, signal.default_int_handler)  # processes of tests inherit it


@pytest.fixture(scope="session")
def articles() -> Path:
    """Return the folder of the articles' texts, which are not part of the repository."""
    folder = os.environ.get("FORUMGRAPH_ARTICLES")
    if folder:
        return Path(folder)
    if os.environ.get("CI"):
        pytest.fail("CI must set FORUMGRAPH_ARTICLES to the folder of the articles' texts")
    pytest.skip("FORUMGRAPH_ARTICLES names no folder of the articles' texts")


@pytest.fixture(scope="session")
def data_graph() -> rdflib.Graph:
    """Return the merge of all files in data/; tests read it and never write to it."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for path in turtle_files([DATA]):
        graph.parse(path)
    return graph
