"""Every kind of page, as a browser shows it to readers of several kinds."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

QUERY = "sparql?query=SELECT%20%3Fmeeting%20%7B%20%3Fmeeting%20a%20dfo%3AMinisterialMeeting%20%7D"
PAGES = [
    "",
    "browse",
    "browse/dfo:Meeting",
    "browse/dfo:Claim",
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
    "search?q=bolivia",
    "sparql",
    QUERY,
    "sparql?query=SELECT",
    "nowhere",
]
"""One page of each kind; the last two are errors."""
REFUSED = ("sparql?query=SELECT", "nowhere")
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
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
RULES = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
    .filter(({impact}) => ['serious', 'critical'].includes(impact))
    .map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)} (${nodes.length})`))"""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: "-".join(map(str, reader)))
def test_every_page_is_sound(open_page: Callable[..., Any], axe: str, reader: Reader) -> None:
    """Nothing to complain of, nobody else asked, nothing to scroll sideways, no bar to anybody."""
    page, watch = open_page(
        reader.width,
        reader.scheme,
        locale=reader.language,
        java_script_enabled=reader.scripted,
    )
    wrong = []
    for path in PAGES:
        page.goto(path, wait_until="networkidle" if "sparql" in path else "load")
        assert page.locator("html").get_attribute("lang") == reader.language
        faults = [fault for fault in watch.faults if not (path in REFUSED and "40" in fault)]
        watch.faults.clear()
        if page.evaluate(TOO_WIDE) > 0:
            faults.append("wider than the window")
        if reader.scripted:
            page.evaluate(axe)
            faults += page.evaluate(RULES)
        wrong += [f"/{path}: {fault}" for fault in faults]
    assert wrong == []


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
