"""Maps: what is drawn of a sheet, and the two that readers see."""

import re
from collections.abc import Callable
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sparql_endpoint.names import expand
from sparql_endpoint.site import members_map, place_map
from sparql_endpoint.site.maps import State, draw
from sparql_endpoint.site.outlines import Box, Country, Ring

MEMBERS = [
    "antigua-and-barbuda",
    "argentina",
    "bahamas",
    "barbados",
    "belize",
    "bolivia",
    "brazil",
    "chile",
    "colombia",
    "costa-rica",
    "cuba",
    "dominica",
    "dominican-republic",
    "ecuador",
    "el-salvador",
    "grenada",
    "guatemala",
    "guyana",
    "haiti",
    "honduras",
    "jamaica",
    "mexico",
    "nicaragua",
    "panama",
    "paraguay",
    "peru",
    "saint-kitts-and-nevis",
    "saint-lucia",
    "saint-vincent-and-the-grenadines",
    "suriname",
    "trinidad-and-tobago",
    "uruguay",
    "venezuela",
]
ISLANDS = [
    "antigua-and-barbuda",
    "barbados",
    "dominica",
    "grenada",
    "saint-kitts-and-nevis",
    "saint-lucia",
    "saint-vincent-and-the-grenadines",
    "trinidad-and-tobago",
]
SVG = "{http://www.w3.org/2000/svg}"

pytestmark = pytest.mark.usefixtures("sheets")


def maps_of(text: str) -> list[Element]:
    """Return the maps of a page; each must be XML that is well-formed."""
    found = re.findall(r'<svg class="map".*?</svg>', text, re.DOTALL)
    return [fromstring(svg.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1)) for svg in found]


def links_of(drawn: Element, kind: str = "") -> dict[str, Element]:
    """Return the links of a map that the keyboard reaches, by the last part of the address."""
    return {
        str(link.get("href")).rpartition("/")[2]: link
        for link in drawn.iter(f"{SVG}a")
        if link.get("tabindex") != "-1" and kind in {"", link.get("class")}
    }


def mark_of(link: Element) -> tuple[float, float]:
    """Return the middle of the circle of a link."""
    circle = link.find(f"{SVG}circle")
    assert circle is not None
    return float(circle.get("cx", "nan")), float(circle.get("cy", "nan"))


def test_each_member_and_china_are_on_the_front_page(client: FlaskClient) -> None:
    """Once for the keyboard, on one of two maps, with a name, leading to a page that exists."""
    whole, closer = maps_of(client.get("/").text)
    first, second = links_of(whole), links_of(closer)
    assert first.keys() & second.keys() == set()
    assert sorted([*first, *second]) == sorted([*MEMBERS, "china"])
    assert {slug for slug, link in first.items() if link.get("class") == "party"} == {"china"}
    for link in [*first.values(), *second.values()]:
        assert link.findtext(f"{SVG}text") == link.get("aria-label")
        address = urljoin("http://localhost/", link.get("href"))
        assert client.get(address).status_code == 200


def test_what_is_on_both_maps_is_one_stop_for_the_keyboard(client: FlaskClient) -> None:
    """A mouse may follow either; a screen reader hears it once."""
    for drawn in maps_of(client.get("/").text):
        twice = [link for link in drawn.iter(f"{SVG}a") if link.get("tabindex") == "-1"]
        assert twice
        assert all(link.get("aria-hidden") == "true" for link in twice)


def test_small_islands_have_a_mark(client: FlaskClient) -> None:
    """A circle within the picture, and none where a shape is large enough."""
    _, closer = maps_of(client.get("/").text)
    left, top, width, height = map(float, str(closer.get("viewBox")).split())
    links = links_of(closer)
    marked = {slug for slug, link in links.items() if link.find(f"{SVG}circle") is not None}
    assert marked == set(ISLANDS)
    places = [mark_of(links[slug]) for slug in ISLANDS]
    assert all(left < x < left + width and top < y < top + height for x, y in places)
    assert len(set(places)) == len(ISLANDS)


@pytest.mark.parametrize("path", ["/", "/page/chile", "/page/santiago", "/page/ccf-ministerial-2"])
@pytest.mark.parametrize("tag", ["en", "es", "pt", "zh"])
def test_every_map_says_what_it_is(client: FlaskClient, path: str, tag: str) -> None:
    """It has a title and a description, its ids are its own, and it is light."""
    text = client.get(path, headers={"Accept-Language": tag}).text
    maps = maps_of(text)
    assert maps
    for drawn in maps:
        named = {part.get("id"): part.text for part in drawn if part.get("id")}
        assert named[drawn.get("aria-labelledby")]
        assert named[drawn.get("aria-describedby")]
        assert drawn.get("role") == "group"
    assert "Natural Earth" in text
    assert len("".join(re.findall(r'<svg class="map".*?</svg>', text, re.DOTALL))) < 30_000


def test_names_follow_the_reader(client: FlaskClient) -> None:
    """On maps as everywhere."""
    whole, _ = maps_of(client.get("/?lang=zh").text)
    assert links_of(whole)["china"].get("aria-label") == "中国"
    assert "33 个成员" in client.get("/?lang=zh").text


def test_a_meeting_in_santiago_is_marked_in_chile(client: FlaskClient) -> None:
    """Santiago lies at 33.46° S, 70.65° W; Chile from 17.5° to 55.7° S, from 75.7° to 66.4° W."""
    (drawn,) = maps_of(client.get("/page/ccf-ministerial-2").text)
    assert mark_of(links_of(drawn, "point")["santiago"]) == pytest.approx((5109.6, 568.5), abs=0.2)
    assert list(links_of(drawn, "here")) == ["chile"]
    path = links_of(drawn, "here")["chile"].find(f"{SVG}path")
    assert path is not None
    start = re.match(r"M(\d+) (\d+)l", path.get("d", ""))
    assert start is not None
    assert 314.3 * 16 < int(start[1]) < 323.6 * 16
    assert 17.7 * 16 < int(start[2]) < 67.5 * 16
    assert {"argentina", "bolivia", "peru"} <= links_of(drawn, "known").keys()


def test_a_state_is_shown_among_its_neighbours(client: FlaskClient) -> None:
    """An island state has a mark, and those around it are links."""
    (drawn,) = maps_of(client.get("/page/saint-kitts-and-nevis").text)
    left, top, width, height = map(float, str(drawn.get("viewBox")).split())
    x, y = mark_of(links_of(drawn, "here")["saint-kitts-and-nevis"])
    assert (x, y) == pytest.approx((left + width / 2, top + height / 2), abs=5)
    assert {"antigua-and-barbuda", "dominica"} <= links_of(drawn, "known").keys()


def test_a_place_without_coordinates_shows_its_state(client: FlaskClient) -> None:
    """And the page says that the graph does not know where in it."""
    text = client.get("/page/riviera-maya").text
    (drawn,) = maps_of(text)
    assert list(links_of(drawn, "here")) == ["mexico"]
    assert not links_of(drawn, "point")
    assert "no coordinates of the place itself" in text
    assert "no coordinates" not in client.get("/page/santiago").text


@pytest.mark.parametrize(
    "path", ["/page/ccf-ministerial-3", "/page/xi-jinping", "/page/lac-region"]
)
def test_what_has_no_place_has_no_map(client: FlaskClient, path: str) -> None:
    """A meeting by video, a person, a region without an outline."""
    assert not maps_of(client.get(path).text)


def test_a_package_without_outlines_has_no_maps(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages are served all the same."""
    for module in (members_map, place_map):
        monkeypatch.setattr(module, "outlines", lambda: None)
    for path in ("/?without", "/page/peru?without"):
        response = client.get(path)
        assert response.status_code == 200
        assert not maps_of(response.text)


def test_the_graph_of_somebody_else(client_of: Callable[[str], FlaskClient]) -> None:
    """Codes and coordinates that mean nothing draw nothing; names are shown as they are."""
    client = client_of("""
        id:nowhere a dfo:State ; dfo:unM49 "999" ; geo:lat "north" ; geo:long 400 .
        id:atlantis a schema:City ; geo:lat 1e9 ; geo:long 5 ; schema:containedInPlace id:nowhere .
        id:chile a dfo:State ; rdfs:label "</title><script>"@en ; dfo:unM49 "152" .
        id:harbour a schema:Place ; geo:lat -33.0 ; geo:long -71.6 .
    """)
    assert not maps_of(client.get("/").text)
    assert not maps_of(client.get("/page/nowhere").text)
    assert not maps_of(client.get("/page/atlantis").text)
    (chile,) = maps_of(client.get("/page/chile").text)
    assert links_of(chile)["chile"].get("aria-label") == "</title><script>"
    (harbour,) = maps_of(client.get("/page/harbour").text)
    assert set(links_of(harbour)) == {"harbour", "chile"}


def test_members_are_those_of_the_graph(client_of: Callable[[str], FlaskClient]) -> None:
    """Who is a member is asked, not known; without anything small there is nothing to frame."""
    client = client_of("""
        id:china-celac-forum a dfo:Forum ; dfo:hasParty id:celac , id:china .
        id:china a dfo:State ; dfo:unM49 "156" .
        id:chile a dfo:State ; dfo:unM49 "152" ; org:memberOf id:celac .
        id:canada a dfo:State ; dfo:unM49 "124" ; org:memberOf id:oas .
    """)
    whole, _ = maps_of(client.get("/").text)
    assert set(links_of(whole)) == {"china", "chile"}


def test_a_view_takes_what_it_meets(project: Flask) -> None:
    """Rings outside are left out, land that nobody marks is one path, large states are named."""
    near, far = Ring(Box(0, 0, 60, 60), "M0 0l60 60z"), Ring(Box(900, 0, 910, 9), "M900 0l9 9z")
    tiny = Ring(Box(80, 80, 81, 81), "M80 80l1 1z")
    countries = {"1": Country((near, far)), "2": Country((near,)), "3": Country((tiny,))}
    states = {
        "1": State("urn:a", "here", (30, 30)),
        "3": State("urn:b", "known", (80.5, 80.5)),
        "4": State("urn:c", "known", (1, 1)),
    }
    with project.test_request_context("/"):
        drawn = draw(countries, Box(0, 0, 100, 100), states)
    assert drawn.land == "M0 0l60 60z"
    assert [(shape.path, shape.mark) for shape in drawn.shapes] == [
        ("M0 0l60 60z", None),
        ("M80 80l1 1z", (80.5, 80.5)),
    ]
    assert [(name.x, name.title) for name in drawn.names] == [(30, "urn:a")]


def test_a_word_stands_where_there_is_room(project: Flask) -> None:
    """Right of a mark in the left half of the picture, left of one in the right half."""
    places = [(expand("id:santiago"), (10.0, 50.0)), (expand("id:beijing"), (90.0, 50.0))]
    with project.test_request_context("/"):
        drawn = draw({}, Box(0, 0, 100, 100), {}, places)
    assert [(point.title, point.leftward) for point in drawn.points] == [
        ("Santiago", False),
        ("Beijing", True),
    ]


def test_an_organization_of_states_shows_its_members_on_a_map(client: FlaskClient) -> None:
    """The map of the front page stands on its page too, and on no other."""
    assert "Map of the parties to the China-CELAC Forum" in client.get("/page/celac?lang=en").text
    assert "Map of the parties" not in client.get("/page/chile?lang=en").text
