"""What changed between two releases: a sentence for each edit, none for another spelling."""

import tomllib
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from sparql_endpoint.graph.comparison import changes
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.names import PREFIXES

FOLDER = Path(__file__).parent / "diff"
EDITS = tomllib.loads((FOLDER / "edits.toml").read_text(encoding="utf-8"))["edit"]


def graph() -> Store:
    """Return the graph that is edited."""
    store = Store()
    store.load((FOLDER / "before.ttl").read_bytes(), RdfFormat.TURTLE)
    return store


def test_there_are_thirty_edits() -> None:
    """Of claims, their words and standing, of sources, and of things."""
    assert len(EDITS) == 30


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["sentence"][:60])
def test_an_edit_is_told_in_one_sentence(edit: dict[str, Any]) -> None:
    """Back and forth it is one change, with the triples that came and went."""
    before, after = graph(), graph()
    after.update(edit["update"], prefixes=dict(PREFIXES))
    found = changes(before, after)
    assert len(found) == 1
    assert found[0].sentence == edit["sentence"]
    assert found[0].added or found[0].removed
    back = changes(after, before)
    assert [(c.added, c.removed) for c in back] == [(c.removed, c.added) for c in found]


def test_another_spelling_is_no_change() -> None:
    """Order, prefixes, graphs, files and labels of blank nodes mean nothing."""
    quads = list(parse((FOLDER / "before.ttl").read_bytes(), RdfFormat.TURTLE))
    Random(3).shuffle(quads)
    text = serialize([quad.triple for quad in quads], format=RdfFormat.N_TRIPLES)
    assert isinstance(text, bytes)
    other = Store()
    for number, quad in enumerate(parse(text, RdfFormat.N_TRIPLES, rename_blank_nodes=True)):
        name = NamedNode(f"https://example.org/{number % 3}")
        other.add(Quad(quad.subject, quad.predicate, quad.object, name))
    assert changes(graph(), other) == []


def test_the_project_does_not_differ_from_itself() -> None:
    """All of our own data, loaded twice."""
    assert changes(load_project(), load_project()) == []
