"""The project's shapes, and what they find in the broken graphs of tests/bad."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from broken_graphs import BROKEN_GRAPHS
from pyoxigraph import NamedNode, Store
from rdflib import Graph

from sparql_endpoint.check.finding import Finding
from sparql_endpoint.check.shapes import check_shapes, read_shapes
from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.graph.document import Term, read_document
from sparql_endpoint.names import BASE
from sparql_endpoint.paths import DATA, ONTOLOGY, SHAPES

_WHOLE_GRAPH = NamedNode(f"{BASE}ontology")


@pytest.fixture(scope="session")
def shapes() -> Graph:
    """Return the project's shapes as one graph."""
    return read_shapes(map(read_document, turtle_files([SHAPES])))


@pytest.fixture(scope="session")
def findings(shapes: Graph) -> Mapping[Term | None, list[Finding]]:
    """Return what is found in all broken graphs and what they need, by the thing at fault.

    They are checked in one go because that takes two seconds instead of a minute.
    """
    store = Store()
    for document in map(read_document, turtle_files([ONTOLOGY, DATA / "countables.ttl"])):
        store.extend(document.statements)
    for broken in BROKEN_GRAPHS:
        store.extend(broken.document.statements)
    found = defaultdict(list)
    for finding in check_shapes(store, shapes):
        found[finding.value if finding.focus == _WHOLE_GRAPH else finding.focus].append(finding)
    return found
