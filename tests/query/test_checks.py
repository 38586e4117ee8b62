"""Queries that are refused for their text."""

import pytest

from sparql_endpoint.errors import (
    QueryTooDeepError,
    ServiceRefusedError,
    UpdateRefusedError,
)
from sparql_endpoint.query.checks import check

ALLOWED = "https://query.example/sparql"


def test_query_within_the_limits_is_let_through() -> None:
    """A query with a dataset of its own has its outline returned."""
    found = check("ASK FROM <https://example.org/g> { ?s ?p ?o }", 200, ())
    assert found is not None
    assert found.dataset == (("https://example.org/g",), ())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ASK { ?s ?p ?o }", True),
        ("SELECT ?o { ?s ?p ?o } # " + "(" * 197, True),
        ("SELECT ?o { ?s ?p ?o } # " + "(" * 200, False),
        ("SELECT ?o FroM <https://example.org/g> { ?s ?p ?o }", False),
        ("SELECT ?platform { ?s ?p ?platform }", True),
        ("SELECT ?from { ?s ?p ?from }", False),
        ("SELECT ?address { ?s ?p ?address }", False),
    ],
)
def test_a_text_without_telling_words_is_left_to_the_engine(text: str, plain: bool) -> None:  # noqa: FBT001  # a case
    """Where a word could tell of a dataset, a service or an update, the text is read."""
    assert (check(text, 200, ()) is None) == plain


def test_query_nested_deeper_than_the_limit_is_refused() -> None:
    """100,000 parentheses never reach the engine."""
    text = f"SELECT ({'(' * 100_000}1{')' * 100_000} AS ?x) {{}}"
    with pytest.raises(QueryTooDeepError, match="100,001 brackets, and may nest 200"):
        check(text, 200, ())


def test_update_is_refused() -> None:
    """Nothing that changes data is run."""
    with pytest.raises(UpdateRefusedError):
        check("LOAD <file:///etc/passwd>", 200, ())


def test_service_is_refused_unless_allowed() -> None:
    """Without a list no endpoint is asked, and the error says where and which."""
    with pytest.raises(ServiceRefusedError, match=r"line 1, column 11: .*none is allowed"):
        check("SELECT * {SERVICE <https://query.example/sparql> {?s ?p ?o}}", 200, ())
    with pytest.raises(ServiceRefusedError, match=r"there are https://query\.example/sparql"):
        check("ASK {SERVICE <https://other.example/> {}}", 200, (ALLOWED,))


def test_service_on_the_list_is_let_through() -> None:
    """An IRI on the list may be asked, also by prefix."""
    text = "PREFIX q: <https://query.example/> ASK {SERVICE SILENT q:sparql {?s ?p ?o}}"
    found = check(text, 200, (ALLOWED,))
    assert found is not None
    assert found.services[0].target == ALLOWED


def test_service_named_by_a_variable_is_refused() -> None:
    """What only running the query would tell cannot be on a list."""
    with pytest.raises(ServiceRefusedError, match="by an IRI"):
        check("ASK {?s ?p ?x SERVICE ?x {?s ?p ?o}}", 200, (ALLOWED,))
