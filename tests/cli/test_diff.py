"""``forumgraph diff``: sentences or RDF, and the exit code of diff."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

Forumgraph = Callable[..., Any]
BEFORE = Path(__file__).parents[1] / "graph" / "diff" / "before.ttl"


def edited(folder: Path) -> Path:
    """Return a file in which one label of the graph is another."""
    path = folder / "after.ttl"
    path.write_text(BEFORE.read_text(encoding="utf-8").replace("Foro de los Lagos", "Foro Lagos"))
    return path


def test_each_change_is_a_line(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """The exit code is 1 where there is one, and 0 where there is none."""
    found = forumgraph("diff", BEFORE, edited(tmp_path))
    sentence = "Lakes Forum (id:lakes-forum): label is Foro Lagos, was Foro de los Lagos.\n"
    assert (found.code, found.out) == (1, sentence)
    same = forumgraph("diff", BEFORE, BEFORE)
    assert (same.code, same.out) == (0, "")


def test_changes_are_written_as_change_sets(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """One for each, with its sentence, and the statements that came and went."""
    found = forumgraph("diff", BEFORE, edited(tmp_path), "--format", "turtle")
    store = Store()
    store.load(found.out.encode(), RdfFormat.TURTLE)
    rows = store.query(
        """PREFIX cs: <http://purl.org/vocab/changeset/schema#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?subject ?new ?old { ?set a cs:ChangeSet ; cs:subjectOfChange ?subject ;
            cs:addition/rdf:object ?new ; cs:removal/rdf:object ?old }"""
    )
    assert [[str(term) for term in row] for row in rows] == [  # type: ignore[union-attr]
        [
            "<https://w3id.org/forumgraph/id/lakes-forum>",
            '"Foro Lagos"@es',
            '"Foro de los Lagos"@es',
        ]
    ]


def test_a_folder_is_a_project(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """Its ontology and data are compared; a folder without them is named."""
    for name in ("one", "two"):
        (tmp_path / name / "data").mkdir(parents=True)
    (tmp_path / "one" / "data" / "a.ttl").write_text("<urn:a> <urn:p> 1 .")
    (tmp_path / "two" / "data" / "b.ttl").write_text("<urn:a> <urn:p> 1 , 2 .")
    found = forumgraph("diff", tmp_path / "one", tmp_path / "two")
    assert found.out == "<urn:a>: <urn:p> 2 is new.\n"
    nothing = forumgraph("diff", tmp_path, tmp_path / "two")
    assert (nothing.code, "no project" in nothing.err) == (2, True)
    missing = forumgraph("diff", tmp_path / "gone.ttl")
    assert (missing.code, "gone.ttl" in missing.err) == (2, True)
