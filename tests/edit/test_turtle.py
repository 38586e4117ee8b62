"""Changes of a Turtle file in the house style."""

import re

import pyoxigraph
import pytest

from sparql_endpoint.edit.turtle import add_block, add_triple, block_of, term_turtle
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.paths import DATA

TEXT = """# Things.
@prefix id:   <https://w3id.org/forumgraph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:a
    a id:Kind ;
    rdfs:label "one; two, three."@en ;
    id:many
        id:b ,
        id:c ;
    rdfs:comment "A note. With \\"marks\\" ."@en .

id:b
    a id:Kind .
"""


def _triples(text: str) -> set[str]:
    return {str(quad) for quad in pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.TURTLE)}


def test_one_triple_is_added_to_any_block_of_the_data_and_nothing_else_changes() -> None:
    """In every file, for the first and last properties of its first block and for a new one."""
    for path in turtle_files([DATA]):
        text = path.read_text(encoding="utf-8")
        subject = re.search(r"^([^\s@#]\S*)", text, re.MULTILINE)
        assert subject
        for predicate in ("rdfs:label", "dfo:tier", "schema:name", "skos:editorialNote"):
            added = _triples(add_triple(text, subject[1], predicate, "id:new"))
            assert added > _triples(text)
            assert len(added - _triples(text)) == 1


def test_a_value_joins_those_that_are_there() -> None:
    """On the same line where they stand on one, on a line of its own where they have lines."""
    assert '"one; two, three."@en , "uno"@es ;' in add_triple(
        TEXT, "id:a", "rdfs:label", '"uno"@es'
    )
    assert "        id:c ,\n        id:d ;\n" in add_triple(TEXT, "id:a", "id:many", "id:d")


def test_a_new_property_comes_last_but_above_notes() -> None:
    """Labels come first, notes last, as CONTRIBUTING asks."""
    assert "    id:x id:y ;\n    rdfs:comment" in add_triple(TEXT, "id:a", "id:x", "id:y")
    assert add_triple(TEXT, "id:b", "id:x", "id:y").endswith("    a id:Kind ;\n    id:x id:y .\n")


def test_prefixes_are_declared_where_they_are_used_sorted_and_aligned() -> None:
    """A prefix that the new value needs gets its line."""
    added = add_triple(TEXT, "id:b", "dcterms:temporal", '"2014"^^xsd:gYear')
    assert re.findall(r"^@prefix (\S+ +)<", added, re.MULTILINE) == [
        "dcterms: ",
        "id:      ",
        "rdfs:    ",
        "xsd:     ",
    ]


def test_a_block_comes_below_another_or_at_the_end() -> None:
    """One empty line stands between two blocks, and none at the end of the file."""
    block = "id:c\n    a id:Kind ."
    assert add_block(TEXT, block).endswith(f"id:b\n    a id:Kind .\n\n{block}\n")
    assert f"\n\n{block}\n\nid:b\n" in add_block(TEXT, block, "id:a")


def test_a_block_is_found_by_its_whole_subject() -> None:
    """No subject is taken for one that begins alike."""
    assert block_of(TEXT, "id:") is None
    assert block_of(TEXT, "id:b") == (TEXT.index("id:b\n    a"), len(TEXT))


def test_a_subject_without_a_block_is_an_error() -> None:
    """The message says to describe it."""
    with pytest.raises(DataError, match="id:z: describe it"):
        add_triple(TEXT, "id:z", "id:x", "id:y")


@pytest.mark.parametrize(
    ("term", "written"),
    [
        (pyoxigraph.Literal(7), "7"),
        (pyoxigraph.Literal("a “b”", language="en"), '"a “b”"@en'),
        (pyoxigraph.NamedNode("https://w3id.org/forumgraph/id/a"), "id:a"),
        (pyoxigraph.NamedNode("https://w3id.org/forumgraph/id/a#b"), None),
        (pyoxigraph.NamedNode("http://example.org/"), "<http://example.org/>"),
    ],
)
def test_a_term_is_written_as_the_house_style_has_it(
    term: pyoxigraph.Literal | pyoxigraph.NamedNode, written: str | None
) -> None:
    """A name that Turtle cannot shorten stands in angle brackets."""
    assert term_turtle(term) == (written or str(term))
