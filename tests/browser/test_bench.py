"""The bench in Chromium: an article becomes claims by marking words and typing names."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_project import ARTICLE, TEXTS, Project
from playwright.sync_api import Browser, Page, expect

SLOW = 120_000
"""Milliseconds that a check of the whole project may take on a machine that is busy."""
MEETING = "First Ministerial Meeting of the Lakes Forum"
MARK = """(words) => {
    const text = document.getElementById('text'), at = text.textContent.indexOf(words);
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node, done = 0; (node = walker.nextNode()); done += node.length) {
        for (const [edge, place] of [['setStart', at], ['setEnd', at + words.length]]) {
            if (place >= done && place <= done + node.length) range[edge](node, place - done);
        }
    }
    text.focus();
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""
CLAIMS: list[dict[str, str]] = [
    {"words": "joins the League of Northern Lakes", "subject": "Lakes Forum",
     "subject-class": "dfo:Forum", "predicate": "has party",
     "object": "League of Northern Lakes", "object-class": "dfo:Bloc"},
    {"words": "joins the League of Northern Lakes and the Union of Southern Rivers",
     "subject": "Lakes Forum", "predicate": "has party", "object": "Union of Southern Rivers",
     "object-class": "dfo:Bloc"},
    {"words": "held its First Ministerial Meeting in Lakeport on March 4, 2025",
     "subject": MEETING, "subject-class": "dfo:MinisterialMeeting", "predicate": "held on",
     "object": "2025-03-04"},
    {"words": "held its First Ministerial Meeting in Lakeport on March 4, 2025",
     "subject": MEETING, "predicate": "location", "object": "Lakeport",
     "object-class": "schema:Place"},
    {"words": "The meeting in Lakeport was chaired by Ada Lund", "subject": MEETING,
     "predicate": "chaired by", "object": "Ada Lund", "object-class": "foaf:Person"},
    {"words": "Lakes Forum named clean water as the theme of the First Ministerial Meeting",
     "subject": MEETING, "predicate": "theme", "object": "clean water"},
    {"words": "Ada Lund and Omar Reyes attended the First Ministerial Meeting",
     "subject": MEETING, "predicate": "schema:attendee", "object": "Omar Reyes",
     "object-class": "foaf:Person"},
    {"words": "Twelve ministers attended the First Ministerial Meeting", "subject": MEETING,
     "predicate": "has count", "object": "twelve ministers of the Lakes Forum",
     "object-class": "dfo:Count", "dfo:countOf": "id:kind-ministers",
     "dfo:comparator": "dfo:exactly", "dfo:value": "12"},
    {"words": "First Ministerial Meeting adopted the Lakeport Declaration", "subject": MEETING,
     "predicate": "outcome", "object": "Lakeport Declaration", "object-class": "dfo:Declaration"},
    {"words": "adopted the Lakeport Declaration", "subject": "Lakeport Declaration",
     "predicate": "dcterms:title", "object": "Lakeport Declaration"},
    {"words": "Omar Reyes called the Lakes Forum a bridge between two shores",
     "subject": "Lakes Forum", "predicate": "characterized as",
     "object": "a bridge between two shores", "claimant": "Omar Reyes", "standing": "attributed"},
    {"words": "Ada Lund called the Lakeport Declaration a great success",
     "subject": "Lakeport Declaration", "predicate": "characterized as",
     "object": "a great success", "claimant": "Ada Lund", "standing": "attributed"},
    {"words": "The Lakes Forum was established in 2024", "subject": "Lakes Forum",
     "predicate": "established in", "object": "2024"},
    {"words": "established in 2024 on the initiative of the League of Northern Lakes",
     "subject": "Lakes Forum", "predicate": "initiated by", "object": "League of Northern Lakes"},
]  # fmt: skip


@pytest.fixture
def bench(project: Project) -> Iterator[str]:
    """Return the address of the bench over a project of one's own."""
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "sparql_endpoint", "edit", "--sources", str(TEXTS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "FORUMGRAPH_PROJECT": str(project.top)},
    )
    assert server.stdout is not None
    found = re.search(r"http://\S+/", server.stdout.readline())
    assert found
    yield found[0]
    server.terminate()
    server.communicate(timeout=20)


def _claim(page: Page, given: dict[str, str]) -> None:
    """Mark the words, take them with Enter, fill the form in, and save."""
    expect(page.locator("#text")).to_contain_text("Lakes Forum", timeout=SLOW)
    page.evaluate(MARK, given["words"])
    page.keyboard.press("Enter")
    for name, value in given.items():
        if name in {"subject", "predicate", "object", "claimant"}:
            page.locator(f"#{name}").fill(value)
        elif name == "standing":
            page.locator(f"[name=standing][value={value}]").check()
    for of in ("subject", "object"):
        if f"{of}-class" in given:
            box = page.locator(f".new[data-of={of}]")
            expect(box).to_be_visible(timeout=SLOW)
            box.locator("select").select_option(given[f"{of}-class"])
            for name, value in given.items():
                if name.startswith("dfo:"):
                    box.locator(f"[data-property='{name}']").fill(value)
    page.locator("#save").click()


@pytest.fixture
def page(chromium: Browser, bench: str) -> Iterator[Page]:
    """Return the page of the article, and see that nothing fails in it."""
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(bench)
    page.get_by_role("link", name=ARTICLE).click()
    yield page
    assert faults == []
    context.close()


def test_an_article_becomes_claims_without_an_offset_a_number_or_an_iri_of_ours(
    page: Page, project: Project
) -> None:
    """Its claims conform, and each was saved by the form alone."""
    for number, given in enumerate(CLAIMS, start=3):
        _claim(page, given)
        expect(page.locator("#status")).to_contain_text(
            f"claim:{ARTICLE}-{number:02} saved", timeout=SLOW
        )
    assert len(CLAIMS) + 2 >= 15
    checked = project.run("check")
    assert checked.returncode == 0, checked.stdout


def test_a_fault_stands_beside_its_field_while_typing_and_two_browsers_lose_nothing(
    page: Page, project: Project, bench: str, chromium: Browser
) -> None:
    """The second to save is told, sees what the first saved, and may save again."""
    before = project.files()
    expect(page.locator("#text")).to_contain_text("Lakes Forum", timeout=SLOW)
    page.evaluate(MARK, "Twelve ministers attended the First Ministerial Meeting")
    page.keyboard.press("Enter")
    page.locator("#subject").fill("CELAC")
    page.locator("#predicate").fill("established in")
    page.locator("#object").fill("2011-12-03")
    expect(page.locator("[data-field=words]")).to_contain_text("Quote the words", timeout=SLOW)
    page.locator("#save").click()
    expect(page.locator("#status")).to_contain_text("Nothing was written", timeout=SLOW)
    assert project.files() == before

    other = chromium.new_context().new_page()
    other.goto(f"{bench}{ARTICLE}/")
    praise = {"words": "Lakes Forum a bridge between two shores", "subject": "Lakes Forum",
              "predicate": "characterized as", "object": "a bridge between two shores",
              "standing": "attributed"}  # fmt: skip
    page.reload()
    expect(other.locator("#claims li")).to_have_count(2, timeout=SLOW)
    expect(page.locator("#claims li")).to_have_count(2, timeout=SLOW)
    _claim(page, {**praise, "subject-class": "dfo:Forum"})
    expect(page.locator("#status")).to_contain_text("-03 saved", timeout=SLOW)
    _claim(other, {**praise, "object": "a bridge"})
    expect(other.locator("#status")).to_contain_text("Somebody else saved", timeout=SLOW)
    expect(other.locator("#claims li")).to_have_count(3, timeout=SLOW)
    other.locator("#save").click()
    expect(other.locator("#status")).to_contain_text("-04 saved", timeout=SLOW)
    other.context.close()


def test_the_bench_takes_no_request_of_others(project: Project) -> None:
    """Not without the token, by another name of the machine, or from another page."""
    from sparql_endpoint.edit.bench import bench as application  # noqa: PLC0415  # needs a project

    assert project.top.is_dir()
    client = application(Path(TEXTS), "secret").test_client()
    host = {"base_url": "http://127.0.0.1:8000"}
    assert client.get("/secret/", **host).status_code == 200
    assert client.get("/other/", **host).status_code == 404
    assert client.get("/secret/", base_url="http://evil.example").status_code == 403
    foreign = {"Origin": "http://evil.example"}
    answer = client.post(f"/secret/{ARTICLE}/check", json={}, headers=foreign, **host)
    assert answer.status_code == 403
    form = client.post(f"/secret/{ARTICLE}/check", data={"words": "1"}, **host)
    assert form.status_code == 415
    assert (
        "frame-ancestors 'none'"
        in client.get("/secret/", **host).headers["Content-Security-Policy"]
    )
