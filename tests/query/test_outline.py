"""The outline of a query, on which the endpoint's safety rests."""

from pathlib import Path
from typing import Any

import pytest
from case_files import cases
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.query.outline import Form, outline

HERE = Path(__file__).parent
UNBOUND_SERVICE = "The variable encoding the service name is unbound"

PIECES = (
    "SERVICE ?x {}",
    "SERVICE?x{}",
    "SERVICE SILENT ?x {}",
    "trueSERVICE?x{}",
    "SERVICE:x {}",
    "SERVICE:x",
    "FILTER(?a<?b#>",
    "FILTER(?a<'>')",
    "FILTER(1<",
    "FILTER ex:f(?a<",
    "FILTER EXISTS {",
    "FILTER(EXISTS {}<",
    "BIND(?a<?b#> AS ?c)",
    "{ SELECT (?a<?b#>",
    "{ SELECT * {}",
    "ORDER BY ?x (?x<",
    "VALUES (?x ?y) {",
    "VALUES ?x {",
    "(?x<a:b#>",
    "(1<a:b'>",
    "?s ?p",
    "?o .",
    "?s",
    "a<a:b>",
    "<a:b>",
    "<a:b#'>",
    "'",
    "'''",
    '"',
    "#",
    "\n",
    "\r",
    "?",
    "true",
    "ex:a",
    ":b",
    "1",
    ".",
    ";",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<<(",
    ")>>",
    " ",
    "\\",
    "@en",
)
QUERIES = st.tuples(
    st.sampled_from(
        ["ASK {", "SELECT * {", "PREFIX : <a:> PREFIX ex: <b:> ASK {", "SELECT (?a<?b#>\n AS ?c) {"]
    ),
    st.lists(st.sampled_from(PIECES), max_size=8),
    st.sampled_from(["}", "} ORDER BY (?x<?y#>\n)", "} VALUES ?x {1}"]),
).map(lambda parts: f"{parts[0]} {' '.join(parts[1])} {parts[2]}")


@pytest.mark.parametrize("case", cases(HERE / "outlines.toml"), ids=lambda case: case["name"])
def test_an_outline_tells_form_dataset_services_and_depth(case: dict[str, Any]) -> None:
    """Each query of outlines.toml has the outline that stands beside it."""
    told = outline(case["query"])

    assert told.form == Form(case["form"])
    assert list(told.default_graphs) == case.get("default", [])
    assert list(told.named_graphs) == case.get("named", [])
    assert [service.target or "*" for service in told.services] == case.get("services", [])
    assert told.depth == case.get("depth", 1)


@pytest.mark.parametrize("case", cases(HERE / "bad_queries.toml"), ids=lambda case: case["name"])
def test_a_text_that_is_no_query_is_refused_with_place_and_reason(case: dict[str, Any]) -> None:
    """Each text of bad_queries.toml is refused where and as it says."""
    with pytest.raises(QuerySyntaxError) as refused:
        outline(case["query"])

    error = refused.value
    assert [error.place.line, error.place.column] == case["at"]
    assert error.reason.startswith(case["reason"])
    assert case.get("hint", "") in error.hint


@given(QUERIES)
def test_no_service_that_the_engine_calls_is_missed(query: str) -> None:
    """Where running a query calls a service, its outline shows one, or refuses the query."""
    try:
        Store().query(query)
    except RuntimeError as fault:
        if UNBOUND_SERVICE not in str(fault):
            raise
    except (SyntaxError, OSError):
        return
    else:
        return
    try:
        services = outline(query).services
    except QuerySyntaxError as refusal:
        assert "two ways" in refusal.reason  # noqa: PT017  # either of two outcomes is right
    else:
        assert services


@given(QUERIES.filter(lambda query: "SERVICE" not in query))
def test_no_query_that_the_engine_takes_is_refused(query: str) -> None:
    """Whatever the engine parses has an outline, and one without the word has no service."""
    try:
        Store().query(query)
    except (SyntaxError, RuntimeError):
        return

    assert outline(query).services == ()


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("{", "}"), ("[", "]"), ("<<( ?s ?p ", ")>>")],
)
def test_a_hundred_thousand_nested_brackets_are_measured(opening: str, closing: str) -> None:
    """Depth costs neither recursion nor more than linear time."""
    told = outline(f"ASK {{ {opening * 100_000} {closing * 100_000} }}")

    assert told.depth == 100_001


@pytest.mark.parametrize("text", ["a.", "a-", "<a", "?a<", "ex:a.", "1.", "#\n", "'' ", "a:b."])
def test_time_grows_with_length_alone(text: str) -> None:
    """What invites a reader to look far ahead again and again is read once: no test hangs."""
    told = outline(f"ASK {{ {text * 50_000} \n}}")

    assert told.form is Form.ASK


def test_a_form_knows_whether_it_gives_a_graph() -> None:
    """CONSTRUCT and DESCRIBE give triples, the others do not."""
    assert [form for form in Form if form.gives_graph] == [Form.CONSTRUCT, Form.DESCRIBE]


def test_the_dataset_of_a_query_without_from_is_none() -> None:
    """A query without FROM leaves the dataset to whoever runs it; one with any FROM sets all."""
    assert outline("ASK {}").dataset is None
    assert outline("ASK FROM NAMED <a:b> {}").dataset == ((), ("a:b",))


def test_a_service_says_where_it_stands_and_whether_it_is_silent() -> None:
    """The place leads an error message to the keyword."""
    (service,) = outline("ASK {\n  SERVICE SILENT <a:b> {} }").services

    assert service.silent
    assert (service.place.line, service.place.column) == (2, 3)
