"""Browsing: classes, facets, order and pages."""

import re

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.paths import DATA


def count(client: FlaskClient, address: str) -> int:
    """Return how many things a page of a class says that there are."""
    found = re.search(r'<p class="count">([\d,]+) thing', client.get(address).text)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_classes_are_counted(client: FlaskClient) -> None:
    """As many states as the file has; no class of the machinery."""
    states = (DATA / "states.ttl").read_text(encoding="utf-8").count("    a dfo:State ;")
    text = client.get("/browse").text
    state = text[text.index("browse/dfo%3AState") :]
    assert f'<span class="number">{states}</span>' in state[:200]
    assert "owl%3AClass" not in text


def test_a_class_holds_the_classes_below_it(client: FlaskClient) -> None:
    """Ministerial meetings are meetings."""
    meetings = count(client, "/browse/dfo:Meeting")
    ministerial = count(client, "/browse/dfo:Meeting?kind=dfo:MinisterialMeeting")
    assert 4 <= ministerial < meetings
    assert count(client, "/browse/dfo:MinisterialMeeting") == ministerial


@pytest.mark.parametrize(
    ("facet", "found"),
    [
        ("year=2018&kind=dfo:MinisterialMeeting", "ccf-ministerial-2"),
        ("state=id:chile", "ccf-ministerial-2"),
        ("source=source:closer-partnership-2018", "ccf-ministerial-2"),
        ("standing=dfo:attributed", "ccf-ministerial-3"),
    ],
)
def test_facets_narrow_down(client: FlaskClient, facet: str, found: str) -> None:
    """By kind, year, state, source and standing."""
    narrowed = client.get(f"/browse/dfo:Meeting?{facet}").text
    assert f"page/{found}" in narrowed
    assert count(client, f"/browse/dfo:Meeting?{facet}") < count(client, "/browse/dfo:Meeting")


def test_a_chosen_value_can_be_given_up(client: FlaskClient) -> None:
    """Its link is marked, and leads to the page without it."""
    text = client.get("/browse/dfo:Meeting?kind=dfo:MinisterialMeeting&sort=date").text
    assert '<a href="?sort=date" aria-current="true">' in text


def test_counts_of_values_are_those_of_what_is_shown(client: FlaskClient) -> None:
    """Claims: asserted and attributed together are all."""
    text = client.get("/browse/dfo:Claim").text
    numbers = re.findall(r'standing=dfo%3A\w+">.*?<span class="number">([\d,]+)<', text)
    assert sum(int(number.replace(",", "")) for number in numbers) == count(
        client, "/browse/dfo:Claim"
    )


def test_order_by_date(client: FlaskClient) -> None:
    """The second meeting of ministers stands before the third."""
    text = client.get("/browse/dfo:Meeting?sort=date").text
    items = text[text.index('class="listed"') :]
    assert items.index("page/ccf-ministerial-2") < items.index("page/ccf-ministerial-3")


def test_a_long_list_has_pages(client: FlaskClient) -> None:
    """A hundred things each, and a nonsensical number is the first."""
    first = client.get("/browse/dfo:Claim").text
    second = client.get("/browse/dfo:Claim?page=2").text
    claims = re.compile(r'href="\.\./page/claim/([^"]+)"')
    assert len(set(claims.findall(first))) == 100
    assert not set(claims.findall(first)) & set(claims.findall(second))
    assert set(claims.findall(client.get("/browse/dfo:Claim?page=-3").text)) == set(
        claims.findall(first)
    )
    assert client.get("/browse/dfo:Claim?page=9999").status_code == 200


def test_a_class_of_nothing_is_not_found(client: FlaskClient) -> None:
    """404."""
    assert client.get("/browse/dfo:Nothing").status_code == 404


def test_an_unknown_value_finds_nothing(client: FlaskClient) -> None:
    """Whatever stands in the address is only compared."""
    assert count(client, "/browse/dfo:Meeting?kind=%3Cscript%3E") == 0


def test_a_list_is_a_table_with_the_columns_of_its_kind(client: FlaskClient) -> None:
    """Meetings have days and states, claims who makes them and how they stand."""
    for kind, columns in {
        "dfo:Meeting": ["Name", "Date", "Kind", "State"],
        "dfo:Claim": ["Name", "Claimant", "Standing"],
    }.items():
        text = client.get(f"/browse/{kind}?lang=en").text
        found = re.findall(r'<th scope="col">([^<]+)</th>', text)
        assert found[: len(columns)] == columns
