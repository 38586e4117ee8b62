"""What a reader sees without scrolling, and that a source opens at the words."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sparql_endpoint.site.provenance import at_words

WORDS = "Established at the initiative of A-B, C & D, the Forum"
TALLEST = 2_500


@pytest.mark.parametrize("meeting", range(1, 5))
def test_a_meeting_s_page_is_short(open_page: Callable[..., Any], meeting: int) -> None:
    """At most 2,500 pixels at a width of 1,280, with everything folded."""
    page: Page = open_page(1280, locale="en")[0]
    page.goto(f"page/ccf-ministerial-{meeting}")
    assert page.evaluate("document.documentElement.scrollHeight") <= TALLEST


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("page/ccf-ministerial-2", "Where"),
        ("page/celac", "Members"),
        ("page/xi-jinping", "Posts"),
        ("page/china-celac-forum", "Founded"),
        ("page/ccf-cooperation-plan-2015-2019", "Areas"),
        ("page/chile", "Member of"),
    ],
)
@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_reader_came_for_is_on_the_first_screen(
    open_page: Callable[..., Any], path: str, name: str, width: int
) -> None:
    """The line of the summary stands above the fold."""
    page: Page = open_page(width, locale="en")[0]
    page.goto(path)
    line = page.locator(".summary dt", has_text=name).first.bounding_box()
    assert line is not None
    assert line["y"] + line["height"] < 900


def test_a_source_opens_at_the_words(chromium: Browser) -> None:
    """Chromium scrolls to the words of a text fragment on a page far longer than its window."""

    class Article(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the library calls
            filler = "<p>Other words.</p>" * 400
            text = f"<!doctype html><title>a</title>{filler}<p>{WORDS.replace('&', '&amp;')}</p>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"{text}{filler}".encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as inherited
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Article)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    page = chromium.new_page()
    try:
        page.goto(at_words(f"http://127.0.0.1:{server.server_port}/", WORDS))
        page.wait_for_function("scrollY > 1000")
        place = page.get_by_text("Established at").bounding_box()
        assert place is not None
        assert 0 <= place["y"] < 900
    finally:
        page.close()
        server.shutdown()
        thread.join()
        server.server_close()
