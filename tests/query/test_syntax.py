"""What a writer of a query is told when the engine does not parse it."""

from pathlib import Path
from typing import Any

import pytest
from case_files import cases
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from sparql_endpoint.errors import Place, QueryError, QuerySyntaxError
from sparql_endpoint.query.grammar import departure
from sparql_endpoint.query.run import run
from sparql_endpoint.query.syntax import explain

HERE = Path(__file__).parent
SOUP = (
    *(
        "?s",
        "?o",
        "a",
        "id:x",
        "x:y",
        "<a:b>",
        "<b>",
        "1",
        "'t'",
        "_:b",
        "true",
        ".",
        ";",
        ",",
        "\n",
    ),
    *("{", "}", "(", ")", "[", "]", "<", ">", "=", "+", "-", "*", "/", "|", "^", "!", "&&", "||"),
    *("FILTER", "OPTIONAL", "UNION", "BIND", "AS", "VALUES", "SELECT", "WHERE", "COUNT", "GROUP"),
    *(
        "BY",
        "ORDER",
        "LIMIT",
        "HAVING",
        "MINUS",
        "GRAPH",
        "EXISTS",
        "NOT",
        "STRLEN",
        "REGEX",
        "wat",
    ),
    *("}", ")", "} GROUP BY ?o {", "} VALUES ?x { 1", "BIND(1 AS ?s)", "<<(", ")>>", "~", "@en"),
)
GOOD = [
    case["query"]
    for case in cases(HERE / "outlines.toml")
    if case["form"] != "UPDATE"
    and "keywords" not in case["name"]
    and "without a space" not in case["name"]
    and "grown together" not in case["name"]
]


@pytest.mark.parametrize("case", cases(HERE / "syntax_errors.toml"), ids=lambda case: case["name"])
def test_a_fault_is_told_with_its_place_reason_and_hint(case: dict[str, Any]) -> None:
    """Each query of syntax_errors.toml is refused where and as it says."""
    with pytest.raises(QuerySyntaxError) as refused:
        run(Store(), case["query"])

    error = refused.value
    assert [error.place.line, error.place.column] == case["at"]
    assert error.reason.startswith(case["reason"])
    assert case.get("hint", "") in error.hint


@pytest.mark.parametrize("query", GOOD)
def test_the_grammar_takes_what_the_engine_takes(query: str) -> None:
    """No query with an outline, keywords apart from each other, leaves the grammar."""
    assert departure(query) is None


def test_a_pointer_sets_a_caret_below_the_fault() -> None:
    """The line and the caret are what a terminal shows."""
    with pytest.raises(QuerySyntaxError) as refused:
        run(Store(), "SELECT ?x {\r\n  ?x a }\r\n")

    assert refused.value.place.pointer() == "  ?x a }\n       ^"


def test_a_pointer_into_a_long_line_shows_what_stands_around_it() -> None:
    """A line of a hundred thousand characters is no use on a terminal."""
    place = Place(1, 501, "a" * 500 + "b" + "c" * 500)

    shown, caret = place.pointer().split("\n")

    assert shown == f"…{'a' * 60}b{'c' * 60}…"
    assert shown[len(caret) - 1] == "b"


def test_a_pointer_stands_right_behind_tabs() -> None:
    """However wide a terminal shows a tab, the caret is below the fault."""
    assert Place(1, 3, "\t\tx y").pointer() == "  x y\n  ^"


@given(st.lists(st.sampled_from(SOUP), min_size=1, max_size=12).map(" ".join))
def test_every_text_that_does_not_parse_is_told_as_a_fault_of_the_query(text: str) -> None:
    """Whatever the engine says, a writer gets a place and a reason."""
    places = []
    try:
        run(Store(), f"SELECT ?s {{ {text} }}")
    except QuerySyntaxError as error:
        places.append(error.place)
    except QueryError:
        pass

    assert [place for place in places if place.line < 1 or place.column < 1] == []


def test_a_very_long_query_is_not_searched_by_grammar() -> None:
    """Beyond twenty thousand tokens the engine's own place is told."""
    query = "ASK { " + "?s ?p ?o . " * 6000 + "?s ?p }"

    error = explain(query, SyntaxError("error at 1:66013: expected OPTIONAL"))

    assert error.reason == "the engine cannot parse this, up to here"
    assert error.place.column == 66013


def test_a_message_of_the_engine_without_a_place_points_to_the_start() -> None:
    """Should the engine's words change, the error still has a place."""
    error = explain("ASK {}", SyntaxError("something new"))

    assert (error.place.line, error.place.column) == (1, 1)
