"""Source pages: the record, the words in text order, and what nobody else says."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

PAGE = "/page/source/closer-partnership-2018"
TWO_WITNESSES = """
dfo:SourceArticle rdfs:subClassOf dfo:Source .
source:a a dfo:SourceArticle ; dcterms:title "A"@en . source:b a dfo:Source ; dcterms:title "B"@en .
quote:a-5-9 oa:hasSource source:a ; oa:hasSelector <https://w3id.org/forumgraph/quote/a-5-9#s> .
<https://w3id.org/forumgraph/quote/a-5-9#s> oa:exact "late" ; oa:start 5 ; oa:end 9 .
quote:a-0-4 oa:hasSource source:a ; oa:hasSelector <https://w3id.org/forumgraph/quote/a-0-4#s> .
<https://w3id.org/forumgraph/quote/a-0-4#s> oa:exact "soon" ; oa:start 0 ; oa:end 4 .
claim:a-01 rdf:subject id:m ; rdf:predicate dfo:ordinal ; rdf:object 1 ;
    dfo:evidence quote:a-5-9 , quote:a-0-4 .
claim:a-02 rdf:subject id:m ; rdf:predicate dfo:ordinal ; rdf:object 2 ; dfo:evidence quote:a-0-4 .
claim:b-01 rdf:subject id:m ; rdf:predicate dfo:ordinal ; rdf:object 1 ; dfo:evidence source:b ;
    dfo:locator "para. 7" .
"""


def test_words_stand_in_text_order(client: FlaskClient) -> None:
    """By their place in the text."""
    text = client.get(PAGE).text.partition('id="facts"')[0]
    starts = [
        int(start) for start in re.findall(r'<p class="words"><a href="[^"]+-(\d+)-\d+">', text)
    ]
    assert starts == sorted(starts)
    assert len(starts) > 20


def test_what_only_it_says_is_marked(client_of: Callable[[str], FlaskClient]) -> None:
    """A claim of another source with the same triple takes the mark away."""
    text = client_of(TWO_WITNESSES).get("/page/source/a").text
    assert text.count("only here") == 1
    assert "2 claims rest on it." in text
    assert "1 is made by no other source here" in text
    assert text.index("soon") < text.index("late")


def test_a_source_without_text_tells_the_place(client_of: Callable[[str], FlaskClient]) -> None:
    """A locator where there are no words."""
    text = client_of(TWO_WITNESSES).get("/page/source/b").text
    assert "para. 7" in text
    assert "only here" not in text


def test_a_source_begins_with_its_record(client: FlaskClient) -> None:
    """Publisher, day, rank and the address of the page come before what it says."""
    text = client.get("/page/source/havana-special-declaration-2014?lang=en").text
    top = text[text.index('<dl class="summary">') : text.index('id="words"')]
    for part in ("Publisher", "Xinhua", "30 January 2014", "Rank", "reputable", "Page", "http://"):
        assert part in top


def test_a_source_without_words_uses_the_whole_width(client: FlaskClient) -> None:
    """No column is kept free for quotations that are not there."""
    assert (
        'class="quotes wordless"' in client.get("/page/source/havana-special-declaration-2014").text
    )
    assert "wordless" not in client.get(PAGE).text
