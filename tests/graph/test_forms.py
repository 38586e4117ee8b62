"""Literals that the store keeps by value are counted and shown."""

from collections.abc import Sequence

import pytest
from hostile_terms import literals
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from sparql_endpoint.graph.dataset import project_quads
from sparql_endpoint.graph.forms import Forms, stored, stored_quad

PREFIXES = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <http://e/> .\n"


def quads(turtle: str) -> list[Quad]:
    """Return the statements of Turtle."""
    return list(parse((PREFIXES + turtle).encode(), RdfFormat.TURTLE))


def watched(statements: Sequence[Quad]) -> tuple[Forms, list[Quad]]:
    """Return the counter after these statements, and those that it kept."""
    kept: list[Quad] = []
    forms = Forms(kept.append)
    assert list(forms.watch(statements)) == list(statements)
    return forms, kept


@settings(deadline=None, max_examples=500)
@given(literals)
def test_a_form_is_that_of_the_store(literal: Literal) -> None:
    """Whether it was looked up or known by its pattern, a store gives back just this."""
    store = Store()
    quad = Quad(NamedNode("a:s"), NamedNode("a:p"), literal)
    store.add(quad)

    assert [stored_quad(quad)] == list(store)
    assert [stored(literal)] == [found.object for found in store]


@pytest.mark.parametrize(
    ("turtle", "notice"),
    [
        (':s :p 7 , 1.5 , "2018-01-22"^^xsd:date , "text" , true .', ""),
        (':s :p "007" , "2020-13"^^xsd:gYearMonth .', ""),
        (
            ":s :p 007 .",
            '1 literal is stored by value and not as written ("007"^^xsd:integer',
        ),
        (':s :p "5"^^xsd:int , 5 , 1.50 .', "2 literals are stored by value"),
        (":s :p <<( :s :p 007 )>> .", '"007"^^xsd:integer becomes "7"^^xsd:integer'),
    ],
)
def test_what_changes_is_told_with_an_example(turtle: str, notice: str) -> None:
    """How many, and the first of them before and after."""
    forms, _ = watched(quads(turtle))

    assert notice in forms.notice
    assert bool(forms.notice) == bool(notice)


def test_nothing_of_the_project_changes_in_the_store() -> None:
    """So that its dumps, which come out of the store, are what export writes."""
    forms, _ = watched(list(project_quads()))

    assert forms.notice == ""
