"""Graphs as text that is always the same."""

import random

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from sparql_endpoint.query.graph_text import graph_text

PREFIXES = {"ex": "https://example.org/", "unused": "https://unused.org/", "x": "https://x.org/a/"}
TURTLE = """\
@prefix ex: <https://example.org/> .
@prefix x:  <https://x.org/a/> .

ex:a a ex:Thing ;
    <http://www.w3.org/2000/01/rdf-schema#label> "tab\\tand\\nline .\\n"@en ;
    ex:knows ex:b , ex:c .

ex:b a x:Thing .
"""
TRIG = """\
@prefix ex: <https://example.org/> .

ex:a ex:p 1 .

ex:g {
    ex:a ex:p 2 .

    ex:b ex:p 3 .
}

ex:h {
    ex:a ex:p 4 .
}
"""


@pytest.mark.parametrize(("text", "fmt"), [(TURTLE, RdfFormat.TURTLE), (TRIG, RdfFormat.TRIG)])
def test_statements_are_sorted_and_set_out_to_be_read(text: str, fmt: RdfFormat) -> None:
    """In any order and twice over, the same statements give these very lines."""
    statements: list[Triple | Quad] = list(parse(text.encode(), fmt))
    if fmt == RdfFormat.TURTLE:
        statements = [quad.triple for quad in statements if isinstance(quad, Quad)]
    random.Random(7).shuffle(statements)

    assert graph_text(statements * 2, fmt, PREFIXES).decode() == text


def test_line_ends_within_a_literal_are_left_alone() -> None:
    """Characters that some readers take for line ends are no layout."""
    literal = Literal("a\u2028b\x85c\x1c .\n\t}\n")
    triple = Triple(NamedNode("a:s"), NamedNode("a:p"), literal)

    (read,) = parse(graph_text([triple], RdfFormat.TURTLE), RdfFormat.TURTLE)

    assert read.object == literal


def test_no_statement_gives_an_empty_text() -> None:
    """An empty graph is an empty file, with nothing but its line end."""
    assert graph_text([], RdfFormat.TURTLE) == b"\n"
    assert graph_text([], RdfFormat.N_TRIPLES) == b""
