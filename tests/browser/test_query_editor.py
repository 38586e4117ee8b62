"""The query editor: the form of the query page, made better by JavaScript."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

MEETING = (
    "SELECT ?meeting { ?meeting a dfo:MinisterialMeeting ; dfo:ofForum id:china-celac-forum }"
    " ORDER BY ?meeting LIMIT 3"
)


@pytest.fixture
def editor(open_editor: Callable[..., Page]) -> Page:
    """Return the query page with its editor ready, in English on a wide screen."""
    return open_editor()


def write(page: Page, query: str) -> None:
    """Put ``query`` into the editor in place of what is there, by the keyboard."""
    page.locator(".editor .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)
    expect(page.locator("#query")).to_have_value(query)


def run(page: Page) -> None:
    """Press the button that asks."""
    page.get_by_role("button", name="Run").click()


def test_a_property_of_ours_is_completed(editor: Page) -> None:
    """What was begun is offered with its label, and Enter takes it over."""
    write(editor, "SELECT * { ?meeting ")
    editor.keyboard.type("dfo:heldO")
    expect(editor.locator(".CodeMirror-hint").first).to_have_text("dfo:heldOn held on")
    editor.keyboard.press("Enter")
    expect(editor.locator("#query")).to_have_value("SELECT * { ?meeting dfo:heldOn")


def test_a_property_is_found_by_its_label(editor: Page) -> None:
    """Who knows no name of ours finds one by a word."""
    write(editor, "SELECT * { ?meeting ")
    editor.keyboard.type("scheduled")
    expect(editor.locator(".CodeMirror-hint").first).to_contain_text("dfo:scheduled")


def test_a_class_of_ours_is_completed(editor: Page) -> None:
    """After ``a``, classes are offered and properties are not."""
    write(editor, "SELECT * { ?meeting a ")
    editor.keyboard.type("dfo:Minist")
    expect(editor.locator(".CodeMirror-hint")).to_have_count(1)
    expect(editor.locator(".CodeMirror-hint")).to_contain_text("dfo:MinisterialMeeting")


def test_an_answer_is_a_table_that_leads_to_our_pages(editor: Page) -> None:
    """Things stand under their names; a click on one opens its page."""
    write(editor, MEETING)
    run(editor)
    link = editor.locator(".yasr table a").filter(
        has_text="First Ministerial Meeting of the China-CELAC"
    )
    expect(link).to_have_attribute("href", "./page/ccf-ministerial-1")
    link.click()
    expect(editor.locator("h1")).to_contain_text("First Ministerial Meeting")


def test_an_answer_is_shown_as_it_came_and_taken_away_as_csv(editor: Page) -> None:
    """Beside the table stand the answer's own text and a file."""
    write(editor, MEETING)
    run(editor)
    with editor.expect_download() as download:
        editor.get_by_role("button", name="Download").click()
    assert download.value.path().read_text().splitlines()[0].strip('"') == "meeting"
    editor.get_by_role("button", name="As it came", exact=True).click()
    expect(editor.locator(".yasr .CodeMirror")).to_contain_text('"bindings"')


def test_a_query_is_shared_by_its_address(editor: Page, open_editor: Callable[..., Page]) -> None:
    """The address after asking, and the link beside the button, ask the same of anybody."""
    write(editor, MEETING)
    run(editor)
    expect(editor.locator(".yasr table")).to_be_visible()
    shared = editor.get_by_role("link", name="Link to this query").get_attribute("href") or ""
    assert parse_qs(urlsplit(editor.url).query) == {"query": [MEETING]}
    assert parse_qs(urlsplit(shared).query) == {"query": [MEETING]}
    other = open_editor(editor.url)
    expect(other.locator("#query")).to_have_value(MEETING)
    expect(other.locator("main table")).to_contain_text("First Ministerial Meeting")


def test_a_mistake_is_shown_where_it_is(editor: Page) -> None:
    """The message names line and column, and the place is marked in the text."""
    write(editor, "# a remark\nSELECT * { ?a ?b ?c } LIMIT many")
    run(editor)
    expect(editor.get_by_role("alert")).to_contain_text("line 2, column 29")
    expect(editor.locator(".editor .wrong")).to_have_text("many")
    editor.keyboard.type(" ")
    expect(editor.locator(".editor .wrong")).to_have_count(0)


def test_an_answer_cut_off_is_told(editor: Page) -> None:
    """Where the service says that there is more, so does the page."""
    editor.route(
        "**/sparql?*",
        lambda route: route.fulfill(
            headers={"X-Result-Complete": "false"},
            content_type="application/sparql-results+json",
            body='{"head": {"vars": ["a"]}, "results": {"bindings":'
            ' [{"a": {"type": "literal", "value": "one"}}]}}',
        ),
    )
    run(editor)
    expect(editor.get_by_role("alert")).to_contain_text("not the whole answer")
    expect(editor.locator(".yasr table")).to_contain_text("one")


def test_a_ready_question_is_put_into_the_editor(editor: Page) -> None:
    """Choosing a title shows its question and its query, which has an answer."""
    editor.get_by_label("Ready questions").select_option(label="When the Forum was founded")
    expect(editor.locator(".question")).to_contain_text("?")
    run(editor)
    expect(editor.locator(".yasr table tbody tr").first).to_be_visible()


def test_an_answer_to_ask_and_describe_is_shown(editor: Page) -> None:
    """Yes or no, and triples, are answers too."""
    write(editor, "ASK { id:celac a dfo:Bloc }")
    run(editor)
    expect(editor.locator(".yasr")).to_contain_text("Yes")
    write(editor, "DESCRIBE id:celac")
    run(editor)
    expect(editor.locator(".yasr")).to_contain_text("CELAC")


def test_a_value_is_never_markup(editor: Page) -> None:
    """A script in a literal, in an IRI or in a variable's place is shown as text."""
    write(
        editor,
        'SELECT * { VALUES (?a ?b) { ("<img src=x onerror=alert(1)><b>bold</b>"'
        " <javascript:alert(1)>) } }",
    )
    run(editor)
    table = editor.locator(".yasr table")
    expect(table).to_contain_text("<b>bold</b>")
    assert table.locator("img, b").count() == 0
    assert table.locator("a").count() == 0
    assert editor.watch.faults == []  # type: ignore[attr-defined]  # set above


def test_the_keyboard_gets_out_of_the_editor(editor: Page) -> None:
    """Tab goes on to the button, and Ctrl+Enter asks."""
    write(editor, MEETING)
    editor.keyboard.press("Tab")
    expect(editor.get_by_role("button", name="Run")).to_be_focused()
    editor.keyboard.press("Shift+Tab")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator(".yasr table")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme", "tag"), [(390, "dark", "zh"), (1280, "light", "en")])
def test_an_answer_is_open_to_everybody(
    open_editor: Callable[..., Page], axe: str, width: int, scheme: str, tag: str
) -> None:
    """No fault, nothing wider than the window, no serious finding, while an answer is shown."""
    page = open_editor(width=width, scheme=scheme, locale=tag)
    page.locator("button[type=submit]:visible").last.click()
    expect(page.locator(".yasr table")).to_be_visible()
    page.evaluate(axe)
    found = page.evaluate(
        "() => axe.run(document).then(({violations}) => violations"
        ".filter(({impact}) => ['serious', 'critical'].includes(impact))"
        ".map(({id, nodes}) => `${id}: ${nodes[0].html}`))"
    )
    assert found == []
    assert page.watch.faults == []  # type: ignore[attr-defined]  # set above
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_editor_speaks_the_language_of_the_page(
    open_editor: Callable[..., Page],
) -> None:
    """Where the page is Chinese, so are names of things in an answer and the words of the table."""
    page = open_editor(locale="zh")
    write(page, "SELECT ?meeting { VALUES ?meeting { id:ccf-ministerial-1 } }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".yasr table a")).to_contain_text("会议")
    page.locator(".tableFilter").press_sequentially("nothing")
    expect(page.locator(".yasr table tbody")).to_have_text("没有找到任何内容。")
    expect(page.locator(".tableSizer")).to_contain_text("全部")
    write(page, "ASK { id:celac a dfo:Forum }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".yasr .booleanResult")).to_have_text("否")


def test_a_running_query_shows_so_and_can_be_cancelled(editor: Page) -> None:
    """The answer to the query before goes away at once; a button stops the one that runs."""
    write(editor, "SELECT ?x { ?x a dfo:Nothing }")
    run(editor)
    expect(editor.locator(".answer")).to_contain_text("Nothing found.")
    write(editor, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    run(editor)
    expect(editor.locator(".answer .running")).to_be_visible()
    expect(editor.locator(".answer")).not_to_contain_text("Nothing found.")
    editor.get_by_role("button", name="Cancel").click()
    expect(editor.locator(".answer")).to_contain_text("Cancelled.")


def test_an_answer_says_how_long_it_took_and_numbers_its_rows(editor: Page) -> None:
    """In seconds; numbers of three digits are whole."""
    write(editor, "SELECT ?s { ?s ?p ?o } LIMIT 130")
    run(editor)
    expect(editor.locator(".answer .count")).to_contain_text(" s")
    number = editor.locator(".yasr .rowNumber").first
    assert number.evaluate("e => e.scrollWidth <= e.parentElement.clientWidth")
