"""Finding by name: any language, any accent, the best first."""

import json

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.site.catalogue import Name
from sparql_endpoint.site.search_index import Entry, Index, marked
from sparql_endpoint.site.searching import fold, suggest

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
        ("BOLIVAR simon", ["urn:bolivar"]),
        ("straße", ["urn:cote"]),
        ("nothing", []),
        ("", []),
        ("x" * 10_000, []),
        ('"OR" *', []),
    ],
)
def test_names_are_found(sought: str, found: list[str]) -> None:
    """The very name first, then words of names, in any script; a part of two letters too."""
    entries = [
        (Entry(iri, 0, name.text, name.language), "")
        for iri, names in NAMES.items()
        for name in names
    ]
    assert [hit.iri for hit in Index(entries, {}).search(sought)] == found


def test_things_stand_before_terms_and_by_what_leads_to_them() -> None:
    """A thing of the graph before a term of a vocabulary, more links before fewer."""
    base = "https://w3id.org/forumgraph"
    entries = [
        (Entry(f"{base}/ontology#Forum", 0, "forum", "en"), ""),
        (Entry(f"{base}/id/small", 0, "Forum of few", "en"), ""),
        (Entry(f"{base}/id/large", 0, "Forum of many states", "en"), ""),
    ]
    hits = Index(entries, {f"{base}/id/large": 90, f"{base}/id/small": 1}).search("forum")
    assert [hit.iri.rpartition("/")[2] for hit in hits] == ["large", "small", "ontology#Forum"]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("São Tomé <b>", ["sao"], "<mark>São</mark> Tomé &lt;b&gt;"),
        ("“一带一路”倡议", ["一带一路"], "“<mark>一带一路</mark>”倡议"),
        ("none", ["x"], "none"),
    ],
)
def test_words_are_marked(text: str, words: list[str], shown: str) -> None:
    """In the text as it is written, whatever its accents, and safe."""
    assert marked(text, words) == shown


def test_a_snippet_is_cut_around_the_words() -> None:
    """A long text is shown where the words stand."""
    shown = marked("a " * 400 + "needle" + " b" * 400, ["needle"])
    assert "<mark>needle</mark>" in shown
    assert len(shown) < 300


@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("beijing 2015", "id/ccf-ministerial-1"),
        ("who founded", "query/founding-dates"),
        ("一带一路", "id/belt-and-road"),
        ("Q298", "id/chile"),
        ("china-celac forum", "id/china-celac-forum"),
    ],
)
def test_searches_find_what_they_should(client: FlaskClient, sought: str, first: str) -> None:
    """As data too; claims and questions are found beside things."""
    found = client.get("/search", query_string={"q": sought, "format": "json"})
    assert json.loads(found.data)[0]["iri"] == f"https://w3id.org/forumgraph/{first}"
    assert client.get("/search", query_string={"q": sought, "format": "csv"}).mimetype == "text/csv"


def test_words_of_quotations_and_claims_are_found(client: FlaskClient) -> None:
    """A search for words leads to the quotation and to what rests on it."""
    found = client.get("/search?q=at the initiative of President Xi&format=json")
    assert any("/quote/" in hit["iri"] for hit in json.loads(found.data))
    found = client.get("/search?q=forum initiated xi jinping&format=json")
    assert any("/claim/" in hit["iri"] for hit in json.loads(found.data))


def test_a_word_that_is_nowhere_says_so(client: FlaskClient) -> None:
    """And nothing silly is suggested."""
    text = client.get("/search?q=xylophone&lang=en").text
    assert "Nothing here has these words" in text
    assert "Did you mean" not in text


def test_names_are_suggested_while_typing(client: FlaskClient) -> None:
    """The best first, as JSON, few."""
    names = json.loads(client.get("/suggest?q=boli").data)
    assert "Bolivia" in names[:3]
    assert len(names) <= 8
    assert json.loads(client.get("/suggest?q=").data) == []


def test_suggestions_are_written_nearly_so() -> None:
    """A slip of the pen is forgiven; nonsense is not."""
    assert suggest(NAMES, "bolvia")[0] in {"Bolivia", "Bolívia"}
    assert suggest(NAMES, "qqqq") == []


@pytest.mark.parametrize("sought", ["bolívia", "玻利维亚", "BOLIVIA"])
def test_bolivia_is_found_in_any_language(client: FlaskClient, sought: str) -> None:
    """First of all, with a link to its page."""
    text = client.get("/search", query_string={"q": sought}).text
    first = text[text.index('<ul class="items hits">') :]
    assert first.index('href="./page/bolivia"') < 60


def test_a_slip_gets_plain_links(client: FlaskClient) -> None:
    """Suggestions lead to the search for them."""
    text = client.get("/search?q=bolvia").text
    assert 'href="?q=Bol' in text


def test_what_was_sought_is_shown_as_text(client: FlaskClient) -> None:
    """Markup in it does nothing."""
    text = client.get("/search", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in text.partition("</head>")[2]
