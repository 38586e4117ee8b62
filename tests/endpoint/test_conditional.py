"""Conditional requests: RFC 9110, section 13, on first answers and on repeated ones alike."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.endpoint.conditional import http_time

ASK = "/sparql?query=ASK%7B%7D"
THEN = "Mon, 06 May 2024 07:08:09 GMT"
BEFORE = "Mon, 06 May 2024 07:08:08 GMT"
LATER = "Tue, 07 May 2024 07:08:09 GMT"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(params=["first", "repeated"])
def asked(client: FlaskClient, request: pytest.FixtureRequest) -> FlaskClient:
    """Return a client of a server that was asked nothing, or the question at hand, before."""
    if request.param == "repeated":
        client.get(ASK)
        client.post("/sparql", data={"query": "ASK{}"}, content_type=FORM)
    return client


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (THEN, 304),
        (LATER, 304),
        (BEFORE, 200),
        ("Monday, 06-May-24 07:08:09 GMT", 304),
        ("Mon May  6 07:08:09 2024", 304),
    ],
)
def test_what_has_not_changed_since_is_a_304(asked: FlaskClient, since: str, status: int) -> None:
    """Section 13.1.3: changed at that time or earlier; dates in all forms of section 5.6.7."""
    for method in (asked.get, asked.head):
        answer = method(ASK, headers={"If-Modified-Since": since})
        told = THEN if status == 200 else None
        assert (answer.status_code, answer.headers.get("Last-Modified")) == (status, told)
    assert bool(asked.get(ASK, headers={"If-Modified-Since": since}).data) == (status == 200)


def test_a_304_tells_what_keeps_a_cache_right(asked: FlaskClient) -> None:
    """Section 15.4.5: ETag, Vary and Cache-Control of the 200, and nothing about a body."""
    whole = asked.get(ASK).headers
    short = asked.get(ASK, headers={"If-Modified-Since": THEN}).headers
    for name in ("ETag", "Vary", "Cache-Control"):
        assert short[name] == whole[name]
    assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(short.keys())


@pytest.mark.parametrize(
    "since", ["", "yesterday", "2024-05-07", f"{LATER}, {LATER}", "Tue, 32 May 2024 07:08:09 GMT"]
)
def test_a_date_that_is_none_is_ignored(asked: FlaskClient, since: str) -> None:
    """Section 13.1.3: a recipient MUST ignore what is no valid HTTP-date, or several."""
    assert asked.get(ASK, headers={"If-Modified-Since": since}).status_code == 200


def test_a_tag_makes_the_date_count_for_nothing(asked: FlaskClient) -> None:
    """Section 13.1.3: a recipient MUST ignore If-Modified-Since where there is If-None-Match."""
    etag = asked.get(ASK).headers["ETag"]
    for tag, since, status in [('"other"', LATER, 200), (etag, BEFORE, 304), ("", LATER, 200)]:
        headers = {"If-None-Match": tag, "If-Modified-Since": since}
        assert asked.get(ASK, headers=headers).status_code == status


def test_a_query_by_post_has_no_conditions(asked: FlaskClient) -> None:
    """Sections 13.1.3 and 13.2.1: only GET and HEAD select a representation; 304 is for these."""
    etag = asked.get(ASK).headers["ETag"]
    for header in ({"If-None-Match": etag}, {"If-Modified-Since": LATER}, {"If-Match": '"x"'}):
        answer = asked.post("/sparql", data={"query": "ASK{}"}, content_type=FORM, headers=header)
        assert (answer.status_code, bool(answer.data)) == (200, True)


def test_what_changes_by_itself_has_no_date(client: FlaskClient) -> None:
    """Section 13.1.3: without a date of modification, If-Modified-Since MUST be ignored."""
    query = {"query": "SELECT (RAND() AS ?x) {}"}
    for _ in range(2):
        answer = client.get("/sparql", query_string=query, headers={"If-Modified-Since": LATER})
        assert (answer.status_code, answer.headers.get("Last-Modified")) == (200, None)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Match": '"other"'}, 412),
        ({"If-Match": "*"}, 200),
        ({"If-Unmodified-Since": BEFORE}, 412),
        ({"If-Unmodified-Since": THEN}, 200),
        ({"If-Unmodified-Since": "yesterday"}, 200),
        ({"If-Match": "*", "If-Unmodified-Since": BEFORE}, 200),
        ({"If-Match": '"other"', "If-None-Match": "*"}, 412),
        ({"If-Match": "*", "If-None-Match": "*"}, 304),
    ],
)
def test_what_is_wanted_only_as_it_was_is_a_412(
    asked: FlaskClient, headers: dict[str, str], status: int
) -> None:
    """Sections 13.1.1, 13.1.4 and the order of 13.2.2."""
    answer = asked.get(ASK, headers=headers)
    assert answer.status_code == status
    if status == 412:
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "headers", [{"If-None-Match": "*"}, {"If-Modified-Since": LATER}, {"If-Match": '"other"'}]
)
@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("SELEKT", "", 400),
        ("CLEAR ALL", "", 400),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", 406),
    ],
)
def test_conditions_of_what_would_fail_are_ignored(
    client: FlaskClient, query: str, accept: str, status: int, headers: dict[str, str]
) -> None:
    """Section 13.2.1: they MUST be where the answer without them is neither a 2xx nor a 412."""
    told = {"Accept": accept, **headers}
    answer = client.get("/sparql", query_string={"query": query}, headers=told)
    assert answer.status_code == status


def test_a_weak_tag_never_matches_strongly(asked: FlaskClient) -> None:
    """Section 13.1.1: If-Match compares strongly, and every tag of ours is weak."""
    etag = asked.get(ASK).headers["ETag"]
    assert asked.get(ASK, headers={"If-Match": etag}).status_code == 412


def test_dates_are_read_as_utc() -> None:
    """Section 5.6.7: HTTP dates are in UTC."""
    assert http_time(THEN) == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
