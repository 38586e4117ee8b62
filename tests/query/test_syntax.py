"""What a writer of a query is told when the engine does not parse it."""

from pathlib import Path
from typing import Any

import pytest
from case_files import cases
from pyoxigraph import Store

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.query.grammar import departure
from sparql_endpoint.query.run import run
from sparql_endpoint.query.syntax import explain

HERE = Path(__file__).parent
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
