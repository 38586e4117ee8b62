"""Who says so, in one line; a claim as a sentence; and where a source is opened at its words."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.site.provenance import at_words

DATA = """
dfo:Source a owl:Class .
id:f rdfs:label "F"@en ; dfo:initiatedBy id:x . id:x a foaf:Person ; rdfs:label "X"@en .
id:w a foaf:Person ; rdfs:label "W"@en . id:p rdfs:label "Paper"@en .
id:party rdfs:label "Land"@en .
source:a a dfo:Source ; dcterms:title "A"@en ; dcterms:creator id:w ; dfo:party id:party ;
    dcterms:issued "2018-01-19"^^xsd:date ; schema:url <https://example.org/a> .
source:b a dfo:Source ; dcterms:title "B"@en ; dcterms:publisher id:p .
quote:a-0-4 a oa:SpecificResource ; oa:hasSource source:a ;
    oa:hasSelector <https://w3id.org/forumgraph/quote/a-0-4#s> .
<https://w3id.org/forumgraph/quote/a-0-4#s> oa:exact "X, and Y-Z" ; oa:start 0 ; oa:end 10 .
claim:a a dfo:Claim ; rdf:subject id:f ; rdf:predicate dfo:initiatedBy ; rdf:object id:x ;
    dfo:claimant source:a ; dfo:standing dfo:asserted ; dfo:evidence quote:a-0-4 .
claim:b a dfo:Claim ; rdf:subject id:f ; rdf:predicate dfo:initiatedBy ; rdf:object id:x ;
    dfo:claimant id:p ; dfo:standing dfo:asserted ; dfo:evidence source:b .
"""


def test_evidence_stands_in_one_line(client_of: Callable[[str], FlaskClient]) -> None:
    """How many sources, how many independent ones, how many of a party."""
    text = client_of(DATA).get("/page/f").text
    assert "2 sources say so, 1 independent, 1 of a party</summary>" in text
    assert "party: Land" in text


def test_a_claim_is_a_sentence_with_its_author(client_of: Callable[[str], FlaskClient]) -> None:
    """A source's own words are its author's, else its publisher's."""
    client = client_of(DATA)
    for name, words in {"a": ["F", "W", "A", "19 January 2018"], "b": ["F", "Paper", "B"]}.items():
        text = client.get(f"/page/claim/{name}").text
        title = text[text.index("<h1") : text.index("</h1>")]
        assert " was initiated by " in title
        assert ", says " in title
        assert all(f">{word}<" in title for word in words)


def test_a_claim_without_words_is_marked(client_of: Callable[[str], FlaskClient]) -> None:
    """What carries no quotation does not look as if it did."""
    client = client_of(DATA)
    for name, marked in {"a": False, "b": True}.items():
        text = client.get(f"/page/claim/{name}").text
        own = text[text.index('<div class="says">') : text.index("</div>")]
        assert ("words not recorded" in own) is marked


def test_a_quotation_opens_its_source_at_the_words(client_of: Callable[[str], FlaskClient]) -> None:
    """By a text fragment, in which dash, comma and ampersand are coded."""
    text = client_of(DATA).get("/page/claim/a").text
    assert 'href="https://example.org/a#:~:text=X%2C%20and%20Y%2DZ"' in text


@pytest.mark.parametrize(
    ("url", "words", "address"),
    [
        ("https://a.org/", "one & two", "https://a.org/#:~:text=one%20%26%20two"),
        ("https://a.org/#b", "中拉", "https://a.org/#b:~:text=%E4%B8%AD%E6%8B%89"),
    ],
)
def test_text_fragments_are_coded(url: str, words: str, address: str) -> None:
    """https://wicg.github.io/scroll-to-text-fragment/#syntax."""
    assert at_words(url, words) == address


def test_long_words_are_found_by_their_ends() -> None:
    """Beginning and end, with a comma between."""
    words = "alpha beta gamma delta epsilon " + "in the middle " * 8 + "one two three four five"
    directive = at_words("https://a.org/", words).partition("#:~:text=")[2]
    assert [unquote(end) for end in directive.split(",")] == [
        "alpha beta gamma delta epsilon",
        "one two three four five",
    ]
