"""Every kind of page, as a browser shows it to readers of several kinds."""

from collections.abc import Callable
from itertools import cycle
from typing import Any, NamedTuple

import pytest

QUERY = "sparql?query=SELECT%20%3Fmeeting%20%7B%20%3Fmeeting%20a%20dfo%3AMinisterialMeeting%20%7D"
PAGES = [
    "",
    "browse",
    "browse/dfo:Meeting",
    "browse/dfo:Claim?claimant=id:xi-jinping&standing=dfo:attributed",
    "changes",
    "disagreements",
    "help",
    "help/first-question",
    "ontology",
    "page/ccf-ministerial-2",
    "page/ccf-ministerial-3",
    "page/ccf-ministerial-meetings",
    "page/chile",
    "page/china-celac-forum",
    "page/claim/closer-partnership-2018-07",
    "page/quote/closer-partnership-2018-86-162",
    "page/saint-kitts-and-nevis",
    "page/source/closer-partnership-2018",
    "page/xi-jinping",
    "picture",
    "picture/meetings-by-city",
    "picture/who-met-whom",
    "question",
    "question/disagreements",
    "question/who-started-the-forum",
    "search?q=bolivia",
    "sparql",
    QUERY,
    "sparql?query=SELECT",
    "nowhere",
]
"""One page of each kind; the last two are errors."""
REFUSED = ("sparql?query=SELECT", "nowhere")
PAPER = (
    "",
    "disagreements",
    "ontology",
    "page/chile",
    "page/claim/closer-partnership-2018-07",
    "page/source/closer-partnership-2018",
    QUERY,
)
PHONE, DESK = 390, 1280


class Reader(NamedTuple):
    """Who looks: how wide the window is, which colours and language, scripts or not."""

    width: int
    scheme: str
    language: str
    scripted: bool


READERS = [
    Reader(PHONE, "light", "en", scripted=True),
    Reader(PHONE, "dark", "zh", scripted=False),
    Reader(DESK, "dark", "zh", scripted=True),
    Reader(DESK, "light", "en", scripted=False),
]
RULES = """() => { window.found = axe.run(document,
    {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
     rules: {'target-size': {enabled: true}}}).then(found => found.violations
    .map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)} (${nodes.length})`)); }"""
"""What axe finds is a promise, so that the next page can be loaded meanwhile."""
NOT_FOR_PAPER = """() => [
    ...[...document.querySelectorAll('button, input, select, nav')].filter(
        e => e.checkVisibility()),
    ...[...document.querySelectorAll('pre, .scroll')].filter(e => e.scrollWidth > e.clientWidth),
    ...[...document.querySelectorAll('body')].filter(
        e => getComputedStyle(e).backgroundColor !== 'rgb(255, 255, 255)'),
].map(e => e.outerHTML.slice(0, 100))"""
"""What can be pressed, does not fit, or is not white."""
FOUND = """async () => { const {lang, scrollWidth, clientWidth} = document.documentElement;
    return [lang, scrollWidth - clientWidth, await window.found ?? []]; }"""
"""The language of a page, by how much it is wider than its window, and the rules it breaks."""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: "-".join(map(str, reader)))
def test_every_page_is_sound(open_page: Callable[..., Any], axe: str, reader: Reader) -> None:
    """Nothing to complain of, nobody else asked, nothing to scroll sideways, no bar to anybody."""
    tabs = cycle([Tab(open_page, reader, axe) for _ in range(2)])
    wrong = []
    for path in [*PAGES, "", ""]:
        tab = next(tabs)
        wrong += tab.finish()
        tab.begin(path)
    assert wrong == []


class Tab:
    """A window on one page; while its page is held to the rules, another tab loads the next."""

    def __init__(self, open_page: Callable[..., Any], reader: Reader, axe: str) -> None:
        self.page, self.watch = open_page(
            reader.width,
            reader.scheme,
            locale=reader.language,
            java_script_enabled=reader.scripted,
        )
        if reader.scripted:
            self.page.add_init_script(axe)
        self.reader = reader
        self.path: str | None = None

    def begin(self, path: str) -> None:
        """Open a page; begin to hold it to the rules where there is JavaScript."""
        self.path = path
        self.page.goto(path)
        if self.reader.scripted:
            if "sparql" in path:
                self.page.locator(".editor .CodeMirror").wait_for()
            self.page.evaluate(RULES)

    def finish(self) -> list[str]:
        """Return what is wrong with the page that was begun, if one was."""
        if self.path is None:
            return []
        language, excess, broken = self.page.evaluate(FOUND)
        assert language == self.reader.language
        faults = [f for f in self.watch.faults if not (self.path in REFUSED and "40" in f)]
        self.watch.faults.clear()
        if excess > 0:
            faults.append("wider than the window")
        return [f"/{self.path}: {fault}" for fault in [*faults, *broken]]


def test_a_reader_without_javascript_gets_an_answer(open_page: Callable[..., Any]) -> None:
    """The form is sent as it is, and the answer is a table."""
    page, _ = open_page(PHONE, java_script_enabled=False)
    page.goto("sparql")
    page.locator("#query").fill(
        "SELECT ?name { id:celac rdfs:label ?name FILTER (lang(?name) = 'es') }"
    )
    page.get_by_role("button", name="Run").click()
    assert "Comunidad de Estados Latinoamericanos" in page.locator("table").inner_text()


def test_the_keyboard_alone_reaches_a_fact(open_page: Callable[..., Any]) -> None:
    """From the front page: skip link, then every stop has a sign that it is there."""
    page, _ = open_page(DESK)
    page.goto("")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_has_nothing_to_press_and_cuts_nothing_off(
    open_page: Callable[..., Any], scheme: str
) -> None:
    """Black on white at the width of A4, every text whole, and the query beside its answer."""
    page, _ = open_page(794, scheme)
    page.emulate_media(media="print")
    wrong = []
    for path in PAPER:
        page.goto(path)
        wrong += [f"/{path}: {fault}" for fault in page.evaluate(NOT_FOR_PAPER)]
    assert wrong == []
    assert page.locator("#query").is_visible()
