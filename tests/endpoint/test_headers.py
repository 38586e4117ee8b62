"""Headers of every answer, validators, and what stands in front of the application."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store
from query_runners import FailingRunner

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.query.evaluation import QueryRunner

ASK = "/sparql?query=ASK%7B%7D"
OURS = {
    *("Accept-Ranges", "Allow", "Content-Range", "ETag", "Link", "Location", "Repr-Digest"),
    *("Retry-After", "X-Query-Engine", "X-Query-Id", "X-Query-Warning", "X-Result-Complete"),
}
"""Headers that a script reads only if told: https://fetch.spec.whatwg.org/#http-cors-protocol."""
EVERYWHERE = ["/healthz", "/sparql", ASK, "/nowhere", "/static/style.css"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_any_page_of_anybody_may_read(client: FlaskClient, path: str) -> None:
    """CORS: every origin, never with credentials, and our own headers may be read."""
    headers = client.get(path, headers={"Origin": "https://e.example"}, buffered=True).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert set(headers["Access-Control-Expose-Headers"].split(", ")) >= OURS


def test_a_preflight_allows_what_the_protocol_needs(client: FlaskClient) -> None:
    """CORS: a POST of application/sparql-query from a page is asked for first."""
    response = client.options("/sparql", headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    allowed = set(response.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"Content-Type", "If-None-Match", "If-Range", "Range"} <= allowed
    assert int(response.headers["Access-Control-Max-Age"]) > 0


def test_a_preflight_allows_headers_of_the_clients_own(client: FlaskClient) -> None:
    """The service is public: a header that it does not read does no harm, and is named in Vary."""
    asked = {"Access-Control-Request-Headers": "queryid,authorization, range, b\u00e4d, x y"}
    response = client.options("/sparql", headers={"Origin": "https://e.example", **asked})
    names = response.headers["Access-Control-Allow-Headers"].split(", ")

    assert {"queryid", "authorization"} <= set(names)
    assert names.count("range") + names.count("Range") == 1
    assert "x y" not in names
    assert "Access-Control-Request-Headers" in response.headers["Vary"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_is_safe_to_show(client: FlaskClient, path: str) -> None:
    """No script but our own files, no frame, no guessing of types, no referrer."""
    headers = client.get(path, buffered=True).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_each_request_has_an_id_of_its_own(client: FlaskClient) -> None:
    """Also an answer that was given before."""
    assert len({client.get(ASK).headers["X-Query-Id"] for _ in range(4)}) == 4


def test_an_answer_known_to_the_client_is_a_304(client: FlaskClient) -> None:
    """RFC 9110, section 13.1.2: the answer's tag, or any tag, in If-None-Match."""
    first = client.get(ASK)
    etag = first.headers["ETag"]
    for known in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = client.get(ASK, headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
        assert "Content-Type" not in again.headers
    assert client.get(ASK, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_304_needs_no_query(app: Flask, about: About) -> None:
    """The tag follows from dataset, query and format alone, so a fresh server knows it too."""
    etag = app.test_client().get(ASK).headers["ETag"]
    unused = FailingRunner(AssertionError("a query was asked"))
    fresh = create_app(unused, about).test_client()
    assert fresh.get(ASK, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    "other",
    [
        "/sparql?query=ASK%7B+%7D",
        f"{ASK}&format=xml",
        f"{ASK}&default-graph-uri=https://example.org/g1",
    ],
)
def test_another_question_has_another_tag(client: FlaskClient, other: str) -> None:
    """Query, format and graphs are part of the tag."""
    assert client.get(other).headers["ETag"] != client.get(ASK).headers["ETag"]


def test_another_dataset_has_another_tag(client: FlaskClient, store: Store, about: About) -> None:
    """And so is the hash of the data."""
    other = create_app(QueryRunner.over(store), replace(about, digest="5678")).test_client()
    assert other.get(ASK).headers["ETag"] != client.get(ASK).headers["ETag"]


def test_the_time_of_the_last_change_is_told(client: FlaskClient) -> None:
    """RFC 9110, section 8.8.2."""
    assert client.get(ASK).headers["Last-Modified"] == "Mon, 06 May 2024 07:08:09 GMT"


@pytest.mark.parametrize("function", ["rand()", "NOW()", "uuid()", "STRUUID()", "BNODE()"])
def test_what_changes_by_itself_is_not_kept(client: FlaskClient, function: str) -> None:
    """A query that may answer otherwise next time has no tag and is not to be stored."""
    query = {"query": f"SELECT ({function} AS ?x) {{}}"}
    first, second = (client.get("/sparql", query_string=query) for _ in range(2))
    assert (first.headers.get("ETag"), first.headers["Cache-Control"]) == (None, "no-store")
    assert second.status_code == 200
    if function != "NOW()":
        assert first.data != second.data or function == "BNODE()"


def test_other_formats_are_linked(client: FlaskClient) -> None:
    """RFC 8288: each other format, at an address relative to the endpoint's."""
    link = client.get(ASK).headers["Link"]
    assert '<./sparql?query=ASK%7B%7D&format=csv>; rel="alternate"; type="text/csv"' in link


def test_a_long_query_has_no_links(client: FlaskClient) -> None:
    """Headers stay short enough for every client."""
    query = f"ASK {{}} # {'long ' * 400}"
    response = client.get("/sparql", query_string={"query": query})
    assert (response.status_code, response.headers.get("Link")) == (200, None)


FORWARDED = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "192.0.2.7")])
def test_a_proxy_is_believed_only_where_told(
    store: Store, about: About, proxies: int, seen: str
) -> None:
    """Anybody can write X-Forwarded-For, so it counts only by a setting."""
    app = create_app(QueryRunner.over(store), about, Settings(trusted_proxies=proxies))
    client = app.test_client()
    with client:
        client.get(ASK, headers=FORWARDED)
        from flask import request  # noqa: PLC0415  # of the request just made

        assert request.remote_addr == seen


@pytest.mark.parametrize("host", ["a<b>", "a b", "a/b", "[::1", "a:b"])
def test_a_host_that_no_url_can_hold_is_a_400(client: FlaskClient, host: str) -> None:
    """The addresses in a description are made of it."""
    response = client.get("/.well-known/void", headers={"Host": host})
    assert response.status_code == 400


def test_each_media_type_has_a_tag_of_its_own(client: FlaskClient) -> None:
    """RFC 9110, section 8.8.1: what the header says is a part of what is tagged."""
    accepted = (
        "application/json",
        "application/sparql-results+json",
        "application/xml",
        "text/xml",
    )
    tags = {client.get(ASK, headers={"Accept": name}).headers["ETag"] for name in accepted}
    assert len(tags) == len(accepted)


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("path", ["/nowhere", "/sparql?query=SELEKT", f"{ASK}&format=png"])
def test_an_error_says_that_it_depends_on_accept(
    client: FlaskClient, path: str, accept: str
) -> None:
    """RFC 9110, sections 12.5.5 and 15.1: a cache may keep a 404, and it is a page or JSON."""
    response = client.get(path, headers={"Accept": accept})
    assert "Accept" in response.headers["Vary"].split(", ")
