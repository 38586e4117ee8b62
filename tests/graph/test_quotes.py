"""Quotes: their names, and the spans they are found at."""

import pytest

from sparql_endpoint.graph.quotes import (
    Span,
    find_exact,
    find_loosely,
    parse_quote_iri,
    quote_iri,
)

TEXT = "The “first” word,\nthe   last word \u2013 Xi's."
IRI = "https://w3id.org/forumgraph/quote/some-paper-2018-4-11"


def test_a_quote_is_named_after_source_and_offsets() -> None:
    """The name can be read back, though slugs have hyphens and numbers too."""
    assert quote_iri("some-paper-2018", 4, 11) == IRI
    assert parse_quote_iri(IRI) == ("some-paper-2018", 4, 11)


@pytest.mark.parametrize("end", ["x", "x-1", "x-1-", "x-1-2#selector"])
def test_another_name_is_no_quote(end: str) -> None:
    """A name needs a source and two offsets, and nothing after them."""
    assert parse_quote_iri(f"https://w3id.org/forumgraph/quote/{end}") is None


def test_words_are_found_wherever_they_stand() -> None:
    """Every place is told, in order, with offsets in code points."""
    assert find_exact("s", TEXT, "word") == [Span("s", 12, 16, "word"), Span("s", 29, 33, "word")]


def test_places_may_overlap() -> None:
    """No occurrence is missed because another begins before it ends."""
    assert [span.start for span in find_exact("s", "aaa", "aa")] == [0, 1]


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ('the "first" word', "The “first” word"),
        ("word, the last", "word,\nthe   last"),
        ("word - xi\u2019s", "word \u2013 Xi's"),
        ("LAST WORD", "last word"),
    ],
)
def test_words_are_found_with_other_marks_spaces_hyphens_and_case(words: str, exact: str) -> None:
    """The span has the words as printed, which is what a quote must have."""
    assert find_exact("s", TEXT, words) == []
    assert [span.exact for span in find_loosely("s", TEXT, words)] == [exact]


@pytest.mark.parametrize("words", ["", "  "])
def test_no_words_are_found_nowhere(words: str) -> None:
    """An empty search has no span."""
    assert find_loosely("s", TEXT, words) == []


def test_a_pattern_is_taken_by_its_letters() -> None:
    """What is special in a regular expression is nothing special in words."""
    assert find_loosely("s", "a.c abc", "a.c") == [Span("s", 0, 3, "a.c")]
