"""Where findings stand, and in which order they are told."""

from pathlib import Path

import pytest
from prefixed import prefixed
from pyoxigraph import NamedNode, RdfFormat, parse

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.report import Places, order
from sparql_endpoint.graph.document import Document
from sparql_endpoint.graph.evidence import Evidence
from sparql_endpoint.names import PREFIXES, expand

FIRST = "id:a a dfo:State ;\n    rdfs:label 'A'@en ;\n    dfo:hasParty id:b .\n"
SECOND = "id:a dfo:isoAlpha2 'AA' .\nid:c a dfo:State .\n"


def name(short: str) -> NamedNode:
    return NamedNode(expand(short))


@pytest.fixture
def places() -> Places:
    documents = []
    for path, turtle in (("first.ttl", FIRST), ("second.ttl", SECOND)):
        content = prefixed(turtle).encode()
        documents.append(Document(Path(path), content, tuple(parse(content, RdfFormat.TURTLE))))
    return Places(documents, Evidence((), (), ()))


def finding(focus: str, predicate: str = "", value: str = "") -> Finding:
    return Finding(
        check="shapes",
        rule="shapes:X",
        severity=Severity.ERROR,
        message="Wrong.",
        focus=name(focus),
        predicate=name(predicate) if predicate else None,
        value=name(value) if value else None,
    )


CASES = [
    (finding("id:a", "dfo:hasParty", "id:b"), "first.ttl", 3),
    (finding("id:a", "dfo:hasParty", "id:other"), "first.ttl", 3),
    (finding("id:a", "dfo:isoAlpha2"), "second.ttl", 1),
    (finding("id:a", "dfo:isoAlpha3"), "first.ttl", 1),
    (finding("id:b", "rdfs:label"), "first.ttl", 3),
    (finding("id:nobody", "dfo:isoAlpha2", "id:a"), "second.ttl", 1),
    (finding("id:nobody"), None, None),
]


@pytest.mark.parametrize(("found", "file", "line"), CASES)
def test_a_finding_stands_where_its_statement_does(
    places: Places, found: Finding, file: str | None, line: int | None
) -> None:
    """The statement first, then its property, then the thing, then where the thing is used."""
    placed = places.place(found)
    assert placed.path == (Path(file) if file else None)
    assert placed.line == (line + len(PREFIXES) if line else None)


def test_findings_are_told_by_file_and_line(places: Places) -> None:
    """What has no place comes last."""
    placed = [places.place(found) for found, _, _ in CASES]
    told = [(found.path and found.path.name, found.line) for found in order(placed)]
    in_files = [place for place in told if place[0]]
    assert in_files == sorted(in_files)
    assert told[-1] == (None, None)
