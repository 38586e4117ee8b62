"""Turtle files and the lines of their statements."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from sparql_endpoint.errors import DataError, NotFoundError, RdfSyntaxError
from sparql_endpoint.graph.document import Document, read_document

TURTLE = '''\
@prefix ex: <http://e/> .

# --- Section with . and ; ------
ex:s
    a ex:C ; # a comment ; , .
    ex:p "x" , "y"@en ,
        """two
lines""" ;
    ex:q 12 , 1.5
    ;
    ex:r [ ex:a 1 ;
        ex:b 2 ] ;
    ex:l ( ex:first
        ex:second ) .

# --- Another ---
@prefix ey: <http://y/> .

ex:t a ex:C
    # a comment before the end
    .
ex:u a ex:C . ey:v a ex:C .
ex:s ex:late true .
'''


def node(local: str) -> NamedNode:
    return NamedNode(f"http://e/{local}")


A = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def write(folder: Path, content: bytes) -> Path:
    path = folder / "x.ttl"
    path.write_bytes(content)
    return path


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return read_document(write(tmp_path, TURTLE.encode()))


PLACES = [
    ((node("s"), None, None), 4),
    ((node("s"), A, node("C")), 5),
    ((node("s"), node("p"), Literal("y", language="en")), 6),
    ((node("s"), node("p"), Literal("two\nlines")), 8),
    ((node("s"), node("q"), None), 9),
    ((None, None, Literal(2)), 12),
    ((node("s"), node("r"), None), 12),
    ((None, None, node("second")), 14),
    ((node("t"), None, None), 19),
    ((node("u"), A, node("C")), 22),
    ((NamedNode("http://y/v"), None, None), 22),
    ((node("s"), node("late"), None), 23),
    ((node("nobody"), None, None), None),
]


@pytest.mark.parametrize(("pattern", "line"), PLACES)
def test_a_statement_stands_on_the_line_where_it_ends(
    document: Document, pattern: tuple[NamedNode, NamedNode, NamedNode], line: int | None
) -> None:
    """Comments, lists, nested nodes and long strings do not shift the lines."""
    assert document.line(*pattern) == line


@given(st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=30))
def test_lines_hold_whatever_the_spacing(gaps: list[int]) -> None:
    """With any number of blank lines and comments before a statement, its line is where it is."""
    text, expected = "", []
    for number, gap in enumerate(gaps):
        text += "# a comment: ex:x a ex:Y .\n" * gap
        expected.append(text.count("\n") + 1)
        text += f"<http://e/{number}> <http://e/p> <http://e/o> .\n"
    content = text.encode()
    document = Document(Path("x.ttl"), content, tuple(parse(content, RdfFormat.TURTLE)))
    assert [document.line(node(str(number))) for number in range(len(gaps))] == expected


def test_a_relative_name_is_resolved_against_the_file(tmp_path: Path) -> None:
    """``<>`` is the file itself."""
    path = write(tmp_path, b"<> a <#C> .")
    assert read_document(path).statements[0].subject == NamedNode(path.as_uri())


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """The message names the path."""
    with pytest.raises(NotFoundError, match=r"gone\.ttl: no such file"):
        read_document(tmp_path / "gone.ttl")


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    """Turtle is UTF-8 (https://www.w3.org/TR/turtle/#sec-mime)."""
    path = write(tmp_path, "<a:a> <a:b>\n 'año' .".encode("latin-1"))
    with pytest.raises(DataError, match=r"x\.ttl:2: not UTF-8"):
        read_document(path)


def test_a_byte_order_mark_is_told(tmp_path: Path) -> None:
    """Nobody sees it, and Oxigraph takes it for part of a name."""
    path = write(tmp_path, b"\xef\xbb\xbf<a:a> <a:b> <a:c> .")
    with pytest.raises(DataError, match=r"x\.ttl:1: begins with a byte order mark"):
        read_document(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """What the system says of a path that cannot be read is told in one line."""
    with pytest.raises(DataError, match="Is a directory"):
        read_document(tmp_path)


def test_a_syntax_error_is_told_with_line_and_column(tmp_path: Path) -> None:
    """The place is the one that Oxigraph tells."""
    path = write(tmp_path, b"<http://e/a>\n  <http://e/b> .\n")
    with pytest.raises(RdfSyntaxError) as error:
        read_document(path)
    assert (error.value.path, error.value.line) == (path, 2)
    assert "line" not in error.value.reason
