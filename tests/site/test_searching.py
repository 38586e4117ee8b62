"""Finding by name: any language, any accent, the best first."""

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.site.catalogue import Name
from sparql_endpoint.site.searching import fold, search, suggest

NAMES = {
    "urn:bolivia": (Name("Bolivia", "en"), Name("Bolívia", "pt"), Name("玻利维亚", "zh")),
    "urn:minister": (Name("Foreign Minister of Bolivia", "en"),),
    "urn:bolivar": (Name("Simón Bolívar", "es"),),
    "urn:cote": (Name("Côte d'Ivoire", "fr"), Name("STRASSE", "de")),
}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bolívia", "bolivia"),
        ("  São   Tomé ", "sao tome"),
        ("Straße", "strasse"),
        ("\uff23\uff25\uff2c\uff21\uff23", "celac"),
        ("玻利维亚", "玻利维亚"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    """Case, accents, width and doubled spaces do not matter."""
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("bolívia", ["urn:bolivia", "urn:minister"]),
        ("玻利维亚", ["urn:bolivia"]),
        ("利维", ["urn:bolivia"]),
        ("boliv", ["urn:bolivia", "urn:bolivar", "urn:minister"]),
        ("BOLIVAR simon", ["urn:bolivar"]),
        ("straße", ["urn:cote"]),
        ("oliv", ["urn:bolivia", "urn:bolivar", "urn:minister"]),
        ("nothing", []),
        ("", []),
        ("x" * 10_000, []),
    ],
)
def test_search(sought: str, found: list[str]) -> None:
    """The very name, then its beginning, then words, then parts of words; short names first."""
    assert [hit.iri for hit in search(NAMES, sought)] == found


def test_suggestions_are_written_nearly_so() -> None:
    """A slip of the pen is forgiven; nonsense is not."""
    assert suggest(NAMES, "bolvia")[0] in {"Bolivia", "Bolívia"}
    assert suggest(NAMES, "qqqq") == []


@pytest.mark.parametrize("sought", ["bolívia", "玻利维亚", "BOLIVIA"])
def test_bolivia_is_found_in_any_language(client: FlaskClient, sought: str) -> None:
    """First of all, with a link to its page."""
    text = client.get("/search", query_string={"q": sought}).text
    first = text[text.index('<ul class="items">') :]
    assert first.index('href="./page/bolivia"') < 60


def test_a_slip_gets_plain_links(client: FlaskClient) -> None:
    """Suggestions lead to the search for them."""
    text = client.get("/search?q=bolvia").text
    assert 'href="?q=Bol' in text


def test_what_was_sought_is_shown_as_text(client: FlaskClient) -> None:
    """Markup in it does nothing."""
    text = client.get("/search", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in text
