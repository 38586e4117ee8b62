"""Citations: plain and as BibTeX, with nothing that TeX would take for a command."""

from flask import Flask
from flask.testing import FlaskClient

from sparql_endpoint import __version__
from sparql_endpoint.site import citation
from sparql_endpoint.site.sources import Record

QUOTE = "https://w3id.org/forumgraph/quote/a-0-9"


def test_a_claim_names_who_what_and_where(client: FlaskClient) -> None:
    """The statement, the source with its day, the version and the IRI."""
    text = client.get("/page/claim/closer-partnership-2018-07").text
    cited = text[text.index('<pre class="copy"') : text.index("</pre>")]
    for part in ("Santiago", "(asserted)", "Time for closer partnership", "19 January 2018"):
        assert part in cited
    assert "https://w3id.org/forumgraph/claim/closer-partnership-2018-07" in cited
    assert f"version {__version__}" in cited


def test_a_claim_of_an_article_names_its_author_and_its_words(client: FlaskClient) -> None:
    """Who speaks, the words, and the author before the title; the year is that of the dataset."""
    text = client.get("/page/claim/closer-partnership-2018-14?lang=en").text
    cited = text[text.index('<pre class="copy"') : text.index("</pre>")]
    assert "Wang Yi: China-CELAC Forum was initiated by Xi Jinping (attributed)" in cited
    assert "at the initiative of President Xi Jinping" in cited
    assert "Wang Yi, “Time for closer partnership" in cited
    assert "year = {2024}" in text


def test_bibtex_is_safe_for_tex(project: Flask) -> None:
    """What TeX would take for a command is escaped."""
    with project.test_request_context("/"):
        made = citation.of_quote(r"50 % of {x} & \y_z ~ ^ #$", QUOTE, Record("urn:source"), 2026)
    assert made.bibtex.startswith("@misc{quote-a-0-9,\n")
    assert r"50 \% of \{x\} \& \textbackslash{}y\_z \textasciitilde{} \textasciicircum{} \#\$" in (
        made.bibtex
    )
    assert f"howpublished = {{\\url{{{QUOTE}}}}}" in made.bibtex
    assert "year = {2026}" in made.bibtex


def test_the_whole_graph_can_be_cited(project: Flask) -> None:
    """Authors, year, version, address and licence."""
    with project.test_request_context("/"):
        made = citation.of_graph(2026)
    assert made.plain == (
        f"The Forum Graph founders (2026). Forum Graph, version {__version__}."
        " https://w3id.org/forumgraph/ (CC BY 4.0)."
    )


def test_claim_and_quotation_show_their_turtle(client: FlaskClient) -> None:
    """The very triples, to be copied."""
    assert "dfo:standing dfo:asserted" in client.get("/page/claim/closer-partnership-2018-07").text
    text = client.get("/page/quote/closer-partnership-2018-86-162").text
    assert "@prefix oa:" in text
    assert "@prefix wdt:" not in text
    assert "oa:start 86" in text
    assert "Characters 86 to 162" in text
