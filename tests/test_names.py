"""Prefixed names, both ways."""

import pytest

from sparql_endpoint.names import PREFIXES, expand, shorten

CASES = [
    ("https://w3id.org/forumgraph/id/chile", "id:chile"),
    ("https://w3id.org/forumgraph/ontology#Forum", "dfo:Forum"),
    ("https://example.org/x", "<https://example.org/x>"),
]


@pytest.mark.parametrize(("iri", "name"), CASES)
def test_an_iri_and_its_short_name_lead_to_each_other(iri: str, name: str) -> None:
    """A name is written with the project's prefix, or in angle brackets where none fits."""
    assert (shorten(iri), expand(name)) == (name, iri)


def test_the_longest_namespace_names_an_iri() -> None:
    """Where one namespace contains another, the narrower one gives the prefix."""
    assert shorten("http://a/b/c", {"a": "http://a/", "b": "http://a/b/"}) == "b:c"


def test_prefixes_stand_in_alphabetical_order() -> None:
    """Exports and query headers take the order of the table."""
    assert list(PREFIXES) == sorted(PREFIXES)
