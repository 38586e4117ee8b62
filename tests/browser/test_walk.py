"""What a new reader wants, walked from the front page: a fact, who says so, and all of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pyoxigraph import RdfFormat, parse

from sparql_endpoint.names import BASE

TAGS = {
    "en": ("China-CELAC Forum", "initiated by", "claim", "How to cite this"),
    "zh": ("中国—拉美和加勒比国家共同体论坛", "发起者", "说法", "如何引用"),
}


@pytest.fixture
def front(open_page: Callable[..., Any]) -> Page:
    """Return the front page in English, on a phone."""
    page: Page = open_page(390, locale="en")[0]
    page.goto("")
    return page


@pytest.mark.parametrize(("tag", "scripted"), [("en", True), ("zh", False)])
def test_who_started_the_forum_is_found_and_cited(
    open_page: Callable[..., Any], tag: str, *, scripted: bool
) -> None:
    """One click leads to who started it and who says so, the second to how that is cited."""
    forum, initiated_by, claim, how_to_cite = TAGS[tag]
    page: Page = open_page(390, locale=tag, java_script_enabled=scripted)[0]
    page.goto("")
    page.locator("main").get_by_role("link", name=forum, exact=True).first.click()
    said = page.locator(".property", has=page.locator("dt", has_text=initiated_by))
    statement = said.locator(".statement", has=page.locator('.value a[href$="xi-jinping"]'))
    statement.locator(".proof > summary").click()
    expect(statement.locator("q").first).to_contain_text("initiative of President Xi Jinping")
    assert statement.locator(".standing").count() == statement.locator(".says").count() > 0
    says = statement.locator(".says", has=page.locator("q")).first
    says.get_by_role("link", name=claim).last.click()
    expect(page.get_by_role("heading", name=how_to_cite)).to_be_visible()
    citation = page.locator("pre.copy").first
    iri = page.locator(".iri code").inner_text()
    assert iri.startswith(f"{BASE}claim/")
    expect(citation).to_contain_text(iri)
    expect(citation).to_contain_text("Time for closer partnership")


def test_a_ready_question_is_one_click_away(front: Page) -> None:
    """Its answer is a table with the same name in it."""
    front.locator(".asked").get_by_role("link", name="At whose initiative the Forum began").click()
    expect(front.locator("main table")).to_contain_text("Xi Jinping")


def test_the_graph_is_one_click_away(front: Page) -> None:
    """As a file that any tool reads, with what was just read in it."""
    with front.expect_download() as download:
        front.get_by_role("link", name="Turtle").click()
    triples = parse(path=download.value.path(), format=RdfFormat.TURTLE)
    subjects = {str(quad.subject) for quad in triples}
    assert f"<{BASE}id/china-celac-forum>" in subjects
    assert len(subjects) > 1000


def test_a_search_in_any_language_leads_to_the_thing(front: Page) -> None:
    """Without its accents too."""
    front.locator(".find.big input").fill("bolívia")
    front.keyboard.press("Enter")
    front.locator("main").get_by_role("link", name="Bolivia", exact=False).first.click()
    expect(front.locator("h1")).to_contain_text("Bolivia")
