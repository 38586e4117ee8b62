"""What holds for every kind of page: whole, light, few queries, links that lead somewhere."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import html5rdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.site.addresses import page_path

PAGES = {
    "/": 1,
    "/browse": 0,
    "/browse/dfo:Meeting": 3,
    "/browse/dfo:Meeting?kind=dfo:MinisterialMeeting&sort=date": 0,
    "/browse/dfo:Claim": 3,
    "/browse/dfo:Claim?standing=dfo:attributed&page=2": 0,
    "/browse/dfo:Source": 3,
    "/changes": 0,
    "/disagreements": 3,
    "/help": 0,
    "/help/add-article": 0,
    "/help/assistants": 0,
    "/help/cite": 0,
    "/help/deviations": 0,
    "/help/first-question": 0,
    "/help/own-store": 0,
    "/help/settings": 0,
    "/help/spreadsheet": 0,
    "/ontology": 2,
    "/page/ccf-ministerial-2": 7,
    "/page/ccf-ministerial-3": 6,
    "/page/ccf-ministerial-meetings": 8,
    "/page/celac": 6,
    "/page/chile": 7,
    "/page/china-celac-forum": 6,
    "/page/claim/closer-partnership-2018-07": 7,
    "/page/link/chile-Q298": 5,
    "/page/quote/closer-partnership-2018-86-162": 6,
    "/page/saint-kitts-and-nevis": 7,
    "/page/santiago": 7,
    "/page/source/celac-members-list": 7,
    "/page/source/closer-partnership-2018": 7,
    "/page/president-of-china": 6,
    "/page/xi-jinping": 6,
    "/picture": 1,
    "/picture/china-celac-forum.establishedIn": 2,
    "/picture/meetings-by-city": 3,
    "/picture/who-met-whom": 2,
    "/question": 0,
    "/question/celac-presidencies?state=Chile": 1,
    "/question/meetings": 1,
    "/question/who-started-the-forum": 2,
    "/search": 0,
    "/search?q=bolivia": 0,
    "/search?q=bolvia": 0,
    "/trust": 0,
    "/trust/official": 0,
    "/thing?iri=https://w3id.org/forumgraph/dataset": 5,
}
"""A page of each kind, and the queries that it may ask once the catalogue is there."""
BROWSER = {"Accept": "text/html"}
HEAVIEST = 150_000
SCRIPTS = r"<script(?! type=\"(?:module\" src=|application/ld\+json\"))|<style|\sstyle=|\son[a-z]+="
"""What no page has: scripts and styles within it, other than data for search engines."""


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/sparql"])
@pytest.mark.parametrize("tag", ["en", "zh"])
def test_every_page_is_valid_html(client: FlaskClient, path: str, tag: str) -> None:
    """A strict parser of HTML finds no error; nothing is in the text that the policy forbids."""
    response = client.get(path, headers={**BROWSER, "Accept-Language": tag})
    assert response.mimetype == "text/html"
    html5rdf.HTMLParser(strict=True).parse(response.data, transport_encoding="utf-8")
    text = response.text
    assert f'<html lang="{tag}">' in text
    assert not re.search(SCRIPTS, text)
    assert len(re.findall("<h1", text)) == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("path", "most"), PAGES.items())
def test_a_page_asks_few_queries(
    uncached_project: Flask, asked: list[str], path: str, most: int
) -> None:
    """A fixed number, however much there is to show; and the page is light."""
    client = uncached_project.test_client()
    for prepared in (
        "/",
        "/page/chile",
        "/page/source/celac-members-list",
        "/search?q=forum",
        "/question/meetings",
        "/question/celac-presidencies",
        "/browse/dfo:Meeting",
        "/browse/dfo:Claim",
    ):
        client.get(prepared)
    asked.clear()
    response = client.get(path, query_string=None)
    assert response.status_code == 200
    assert len(response.data) < HEAVIEST
    assert len(asked) <= most


def test_a_page_is_made_once(client: FlaskClient, asked: list[str]) -> None:
    """The second reader of a page gets it as it is; who has it already gets nothing."""
    first = client.get("/page/brazil")
    asked.clear()
    again = client.get("/page/brazil")
    assert (again.data, again.headers["Link"]) == (first.data, first.headers["Link"])
    assert asked == []
    unchanged = client.get("/page/brazil", headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_a_page_wanted_only_as_it_was_is_a_412(client: FlaskClient) -> None:
    """RFC 9110, section 13.1.1: it is not sent, on its first request and on a repeated one."""
    for _ in range(2):
        other = client.get("/page/brazil", headers={"If-Match": '"other"'})
        assert (other.status_code, other.mimetype) == (412, "application/problem+json")
    assert client.get("/page/brazil", headers={"If-Match": "*"}).status_code == 200


def test_a_page_is_kept_by_host(client: FlaskClient) -> None:
    """Nobody gets a page made for the Host that somebody else sent."""
    client.get("/help/own-store", headers={"Host": "evil.example"})
    assert "evil.example" not in client.get("/help/own-store").text


def test_a_page_is_compressed_for_who_takes_it(client: FlaskClient) -> None:
    """As the answers of the endpoint are."""
    response = client.get("/page/china", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]


def test_every_internal_link_resolves(client: FlaskClient) -> None:
    """Each link on each kind of page leads to something, fragments included."""
    texts: dict[str, str] = {}

    def text_of(path: str) -> str:
        if path not in texts:
            response = client.get(path, headers=BROWSER, follow_redirects=True, buffered=True)
            assert response.status_code == 200, path
            texts[path] = response.text if response.mimetype == "text/html" else ""
        return texts[path]

    found: dict[str, str] = {}
    for page in PAGES:
        for link in re.findall(r'\s(?:href|action|src)="([^"]+)"', text_of(page)):
            target = urljoin(f"http://localhost{page}", unescape(link))
            if target.startswith("http://localhost/"):
                found.setdefault(target, page)
    assert len(found) > 500
    fragments = [target for target in found if urlsplit(target).fragment]
    for target in fragments:
        parts = urlsplit(target)
        assert f'id="{parts.fragment}"' in text_of(f"{parts.path}?{parts.query}"), target
    kinds: dict[str, list[str]] = {}
    for target in sorted(found):
        parts = urlsplit(target)
        kind = parts.path.rpartition("/")[0] + ("?" if parts.query else "")
        kinds.setdefault(kind, []).append(f"{parts.path}?{parts.query}")
    for targets in kinds.values():
        for target in targets[:40]:
            text_of(target)


@pytest.mark.parametrize("path", ["/", "/browse/dfo:Claim", "/disagreements", "/ontology"])
def test_what_is_the_same_in_every_language_is_asked_once(
    client: FlaskClient, asked: list[str], path: str
) -> None:
    """A page over the whole dataset is made anew of what is kept for it."""
    client.get(path, query_string={"lang": "en"}, headers=BROWSER)
    asked.clear()
    assert client.get(path, query_string={"lang": "pt"}, headers=BROWSER).status_code == 200
    assert asked == []


def test_every_thing_has_a_page_that_leads_to_others(client: FlaskClient) -> None:
    """Each thing and source, a fourth of claims and quotations; no link leads to nothing."""
    ours = {quad.subject.value for quad in load_project() if isinstance(quad.subject, NamedNode)}
    pages = {f"/{path}" for path in map(page_path, ours) if path.startswith("page/")}
    assert len(pages) > 1000
    many = ("/page/claim/", "/page/quote/", "/page/link/")  # of which a fourth stands for all
    looked_at = [page for page in sorted(pages) if not page.startswith(many)]
    looked_at += [page for page in sorted(pages) if page.startswith(many)][::4]
    for page in looked_at:
        response = client.get(page, headers=BROWSER)
        assert response.status_code == 200, page
        assert len(response.data) < HEAVIEST, page
        for link in re.findall(r'\shref="([^"]+)"', response.text):
            target = urlsplit(urljoin(f"http://localhost{page}", unescape(link)))
            if target.netloc == "localhost" and target.path.startswith("/page/"):
                assert target.path in pages, (page, link)
