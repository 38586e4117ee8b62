"""Small things that a first visitor meets."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html"}
RAW = re.compile(r">(?:<bdi>)?(?:owl|rdf|rdfs|skos|sh|void|wikibase|dcterms|org|oa):\w+<")


@pytest.mark.parametrize(
    "path", ["/page/china-celac-forum", "/search?q=forum", "/search?q=founder", "/page/chile"]
)
def test_no_raw_name_stands_as_a_heading_or_a_kind(client: FlaskClient, path: str) -> None:
    """Terms of other vocabularies are called by words."""
    text = client.get(path).text.partition('<dl class="codes">')[0]
    assert not RAW.findall(text)


def test_quotations_are_listed_by_their_words(client: FlaskClient) -> None:
    """Not by their addresses."""
    text = client.get("/browse/oa:SpecificResource").text
    assert "at the initiative of President Xi Jinping" in text
    assert "quote:" not in text.partition("<tbody>")[2]


def test_a_list_without_facets_has_the_whole_width(client_of: Callable[[str], FlaskClient]) -> None:
    """It does not fall into the column of the facets."""
    client = client_of('id:a a foaf:Person ; rdfs:label "A"@en . foaf:Person a owl:Class .')
    text = client.get("/browse/foaf:Person").text
    assert 'class="shelf alone"' in text
    assert '<nav class="facets"' not in text


def test_sentences_of_a_claim_are_parted_by_a_space(client: FlaskClient) -> None:
    """The rule does not stick to the sentence before it."""
    for tag in ("en", "es", "pt"):
        text = client.get(f"/page/claim/closer-partnership-2018-14?lang={tag}").text
        lead = text[text.index('<p class="lead">') : text.index('<div class="says">')]
        assert not re.search(r"\.[A-Z]", re.sub(r"<[^>]+>|\n", "", lead))


@pytest.mark.parametrize("path", ["/", "/page/chile", "/question/meetings", "/browse/dfo:Meeting"])
def test_a_shared_link_has_a_title_a_text_and_one_address(client: FlaskClient, path: str) -> None:
    """A description, Open Graph, the canonical address, and the same in other languages."""
    text = client.get(f"{path}?lang=es", headers=BROWSER).text.partition("</head>")[0]
    assert re.search(r'<meta name="description" content="[^"]{20,}">', text)
    assert '<meta property="og:title" content="' in text
    assert f'<link rel="canonical" href="http://localhost{path}">' in text
    assert '<link rel="alternate" hreflang="zh" href="?lang=zh">' in text


def test_the_description_of_a_thing_says_what_its_page_begins_with(client: FlaskClient) -> None:
    """Name, kind, and the first lines of the summary."""
    text = client.get("/page/ccf-ministerial-2?lang=en").text
    described = re.search(r'<meta name="description" content="([^"]+)">', text)
    assert described is not None
    for part in ("Second Ministerial Meeting", "ministerial meeting", "Where", "Santiago"):
        assert part in described[1]


def test_crawlers_find_where_to_begin(client: FlaskClient) -> None:
    """A robots.txt that names the site map, which names the pages; and an icon."""
    robots = client.get("/robots.txt")
    assert robots.mimetype == "text/plain"
    assert "Sitemap: http://localhost/sitemap.xml" in robots.text
    listed = re.findall("<loc>([^<]+)</loc>", client.get("/sitemap.xml").text)
    assert {
        "http://localhost/",
        "http://localhost/page/chile",
        "http://localhost/question/meetings",
    } <= set(listed)
    assert client.get("/favicon.ico").location == "./static/icon.svg"


def test_the_timeline_begins_at_its_end_on_a_phone(client: FlaskClient) -> None:
    """It names the ministerial meetings and shows documents over their years."""
    text = client.get("/?lang=en").text
    timeline = text[text.index('class="scroll picture from-the-end"') : text.index("</svg>")]
    assert ">Santiago 2018</text>" in timeline
    assert "Documents and the years they cover" in timeline
    assert 'href="./page/ccf-cooperation-plan-2015-2019"' in timeline


def test_the_words_for_standing_are_those_of_a_newspaper(client: FlaskClient) -> None:
    """What the graph accepts does not sound like an unproved assertion."""
    page = "/page/claim/closer-partnership-2018-07"
    assert "已采信" in client.get(f"{page}?lang=zh").text
    assert "confirmado" in client.get(f"{page}?lang=es").text


def test_disagreements_show_who_says_what_side_by_side(client: FlaskClient) -> None:
    """The first claims of each side stand open, with their speakers and the party of the source."""
    text = client.get("/disagreements?lang=en").text
    first = text[text.index('class="side"') : text.index("</section>")]
    assert first.count('class="says"') >= 2
    assert 'class="who"' in first
