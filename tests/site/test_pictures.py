"""Pictures: what they show, that they can be embedded, and which answers have one."""

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.site import svg

SVG = "{http://www.w3.org/2000/svg}"
FOUNDING = "china-celac-forum.establishedIn"
OWN = ["who-met-whom", "presidencies", "meetings-by-city", "documents"]


@pytest.fixture(autouse=True)
def _is_drawing(drawing: None) -> None:
    """Skip all tests where the package was built without what draws."""


def picture(client: FlaskClient, address: str) -> ET.Element:
    """Return the SVG that stands at an address."""
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "image/svg+xml"), response.text
    return ET.fromstring(response.text)


def titles(drawn: ET.Element) -> list[str]:
    """Return what the marks of a picture are called."""
    return [link.get("aria-label", "") for link in drawn.iter(f"{SVG}a")]


def shapes_of(drawn: ET.Element, name: str) -> list[tuple[str | None, str | None]]:
    """Return the filling and outline of the marks whose title begins with a name."""
    return [
        (path.get("fill"), path.get("d"))
        for link in drawn.iter(f"{SVG}a")
        if link.get("aria-label", "").startswith(name)
        for path in link.iter(f"{SVG}path")
    ]


@pytest.mark.parametrize(
    "slug", [FOUNDING, *OWN, "celac.hasCount", "ccf-ministerial-2.scheduledOn"]
)
@pytest.mark.parametrize("tag", ["en", "es", "pt", "zh"])
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_picture_is_whole_and_fits_its_width(
    client: FlaskClient, slug: str, tag: str, width: str
) -> None:
    """It has a title, a description, its language and no script; a phone gets a narrow one."""
    drawn = picture(client, f"/picture/{slug}.svg?lang={tag}&width={width}")
    title, description = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text
    assert len(description.text or "") > len(title.text)
    assert drawn.get("lang") == tag
    assert drawn.get("width") == ("350" if width == "narrow" else "720")
    text = ET.tostring(drawn, encoding="unicode")
    assert not re.search(r"<(\w+:)?script|\son[a-z]+=|NaN|undefined|null", text)
    assert not re.search(r"\sstyle=", text)
    hrefs = [
        link.get("{http://www.w3.org/1999/xlink}href") or link.get("href")
        for link in drawn.iter(f"{SVG}a")
    ]
    assert hrefs
    assert all(href is not None and href.startswith("../page/") for href in hrefs)


def test_the_founding_dates_stand_on_a_line_by_source(client: FlaskClient) -> None:
    """Each source has a mark; its title says who, when, of which rank and party."""
    marks = titles(picture(client, f"/picture/{FOUNDING}.svg?lang=en"))
    assert "Wikipedia: January 2015 (weak)" in marks
    assert "Popmundi: January 2014 (weak)" in marks
    assert any(re.match(r"China Daily: 2014 \(reputable, party: China\)", mark) for mark in marks)
    answer = client.get("/question/founding-dates?lang=en").text
    assert len(marks) == answer.count("<bdi>established in</bdi>")


def test_party_and_rank_show_without_colour(client: FlaskClient) -> None:
    """A source of a party has another shape than one of none; a weak one is hollow."""
    drawn = picture(client, f"/picture/{FOUNDING}.svg?lang=en")
    (daily,), (wikipedia,) = shapes_of(drawn, "China Daily"), shapes_of(drawn, "Wikipedia")
    (agency,) = shapes_of(drawn, "Cuban News Agency")
    assert len({daily[1], wikipedia[1], agency[1]}) == 3
    assert wikipedia[0] == "var(--paper)"
    assert daily[0] == "var(--one)"


def test_presidencies_are_bars_in_the_order_of_time(client: FlaskClient) -> None:
    """As long as they lasted, so that the two years of Mexico are longer than that of Cuba."""
    drawn = picture(client, "/picture/presidencies.svg?lang=en")
    bars = {
        link.get("aria-label", "").split(":")[0]: rect
        for link in drawn.iter(f"{SVG}a")
        for rect in link.iter(f"{SVG}rect")
    }
    assert list(bars)[:3] == ["Chile", "Cuba", "Costa Rica"]
    cuba, mexico = (float(bars[name].get("width", "0")) for name in ("Cuba", "Mexico"))
    assert mexico > 1.8 * cuba


def test_people_and_states_stand_against_meetings(client: FlaskClient) -> None:
    """Wang Yi has a mark at the meeting of 2018, and none at that of 2014."""
    marks = titles(picture(client, "/picture/who-met-whom.svg?lang=en"))
    own = [mark for mark in marks if mark.startswith("Wang Yi: ")]
    assert any("2018 Second Ministerial Meeting" in mark for mark in own)
    assert not any("2014" in mark for mark in own)
    assert any(mark.startswith("Chile: ") for mark in marks)


def test_a_city_has_a_mark_as_large_as_its_meetings_are_many(client: FlaskClient) -> None:
    """Beijing, where most were, has the largest; cities lie in their order from west to east."""
    drawn = picture(client, "/picture/meetings-by-city.svg?lang=en")
    circles = {
        link.get("aria-label", "").split(":")[0]: circle
        for link in drawn.iter(f"{SVG}a")
        for circle in link.iter(f"{SVG}circle")
    }
    radius = {name: float(circle.get("r", "0")) for name, circle in circles.items()}
    assert max(radius, key=lambda name: radius[name]) == "Beijing"
    across = {name: float(circle.get("cx", "0")) for name, circle in circles.items()}
    assert across["Santiago"] < across["Buenos Aires"]
    assert across["Chongqing"] < across["Shanghai"]


def test_a_document_has_a_bar_over_its_years(client: FlaskClient) -> None:
    """The plan of 2015 to 2019 has one, and a mark where it was published."""
    marks = titles(picture(client, "/picture/documents.svg?lang=en"))
    own = [mark for mark in marks if mark.startswith("China-LAC Cooperation Plan (2015-2019)")]
    assert len(own) == 2
    assert any(
        "2015" in mark and "2019" in mark.removeprefix("China-LAC Cooperation Plan (2015-2019)")
        for mark in own
    )


def test_every_disagreement_has_a_picture(client: FlaskClient) -> None:
    """The page of disagreements shows one for each, that of the founding of the Forum first."""
    text = client.get("/disagreements?lang=en").text
    shown = re.findall(r'<img src="\./(picture/[^"?]+\.svg)\?', text)
    assert shown[0] == f"picture/{FOUNDING}.svg"
    assert len(shown) == text.count('<section class="disagreement"')
    for address in shown:
        assert titles(picture(client, f"/{address}")), address


def test_a_picture_may_stand_in_any_page(client: FlaskClient) -> None:
    """Frames, images and scripts of other origins may show it; pages of ours stay out of frames."""
    headers = client.get(f"/picture/{FOUNDING}.svg").headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get(f"/picture/{FOUNDING}").headers["X-Frame-Options"] == "DENY"


def test_a_picture_follows_light_and_dark_unless_told(client: FlaskClient) -> None:
    """The device of the reader decides; a page with one scheme of colours names it."""
    styles = [
        client.get(f"/picture/{FOUNDING}.svg?colours={colours}").text.partition("</style>")[0]
        for colours in ("", "light", "dark")
    ]
    assert ["prefers-color-scheme" in style for style in styles] == [True, False, False]
    assert ["#14181c" in style for style in styles] == [True, False, True]


@pytest.mark.parametrize("wrong", ["width=huge", "colours=pink"])
def test_a_wrong_choice_is_refused(client: FlaskClient, wrong: str) -> None:
    """The problem names what there is."""
    response = client.get(f"/picture/{FOUNDING}.svg?{wrong}")
    assert response.status_code == 400
    assert any(word in response.text for word in ("narrow", "dark"))


def test_a_misspelt_picture_is_not_found(client: FlaskClient) -> None:
    """The problem names the one that was meant."""
    response = client.get("/picture/presidences.svg")
    assert response.status_code == 404
    assert "presidencies" in response.text


def test_an_unchanged_picture_is_not_sent_again(client: FlaskClient) -> None:
    """It has an entity tag, another one for each language and width."""
    first = client.get(f"/picture/{FOUNDING}.svg?lang=en")
    tag = first.headers["ETag"]
    assert (
        client.get(f"/picture/{FOUNDING}.svg?lang=en", headers={"If-None-Match": tag}).status_code
        == 304
    )
    assert client.get(f"/picture/{FOUNDING}.svg?lang=zh").headers["ETag"] != tag


def test_a_question_shows_the_picture_of_its_answer(client: FlaskClient) -> None:
    """With a size for desk and phone, words for who does not see it, and the table below."""
    text = client.get("/question/celac-presidencies?lang=en").text
    image = re.search(r'<img src="([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)"', text)
    assert image is not None
    drawn = picture(client, image[1].replace("../", "/").replace("&amp;", "&"))
    assert (drawn.get("width"), drawn.get("height")) == (image[2], image[3])
    assert "Chile: 3 December 2011" in image[4]
    assert 'media="(max-width: 40rem)"' in text
    assert text.index("<img") < text.index("<table")


def test_a_narrowed_answer_has_a_picture_of_its_own(client: FlaskClient) -> None:
    """It shows only what the reader chose."""
    marks = titles(picture(client, "/question/subforum-sessions.svg?lang=en&year=2021"))
    assert marks
    assert all("2021" in mark for mark in marks)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (
            "SELECT ?m ?day { ?m dfo:inSeries id:ccf-ministerial-meetings ; dfo:heldOn ?day }",
            "path",
        ),
        ("SELECT ?city { ?m schema:location ?city . ?city a schema:City }", "circle"),
        (
            "SELECT ?who ?m { ?m schema:attendee ?who ; dfo:inSeries id:ccf-ministerial-meetings }",
            "path",
        ),
    ],
)
def test_an_answer_with_days_places_or_things_offers_a_picture(
    client: FlaskClient, query: str, kind: str
) -> None:
    """On the page of a query's result, drawn at an address that has the query."""
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    image = re.search(r'<img src="([^"]+)"', page.text)
    assert image is not None
    drawn = picture(client, "/" + image[1].removeprefix("./").replace("&amp;", "&"))
    assert [mark for link in drawn.iter(f"{SVG}a") for mark in link.iter(f"{SVG}{kind}")]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?l { ?s rdfs:label ?l } LIMIT 5",
        "SELECT ?m { ?m a dfo:MinisterialMeeting }",
    ],
)
def test_an_answer_without_them_offers_none(client: FlaskClient, query: str) -> None:
    """The page of its result has no picture, and the address of one says what it takes."""
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert "<img" not in page.text
    refused = client.get("/picture.svg", query_string={"query": query})
    assert refused.status_code == 404
    assert "days, places or things" in json.loads(refused.text)["detail"]


@pytest.mark.parametrize(
    "query", ["", "ASK { ?s ?p ?o }", "INSERT DATA { <a:b> <a:b> <a:b> }", "SELECT"]
)
def test_only_a_select_is_drawn(client: FlaskClient, query: str) -> None:
    """Anything else is refused."""
    assert client.get("/picture.svg", query_string={"query": query}).status_code == 400


def test_words_of_data_stay_words(client_of: Callable[[str], FlaskClient]) -> None:
    """A name that looks like markup is drawn as it is written."""
    own = client_of(
        '<a:1> rdfs:label "<script>x</script>&\\"\\u0001" ; dfo:heldOn "2020-01-01"^^xsd:date .'
        ' <a:2> rdfs:label "b" ; dfo:heldOn "2021-01-01"^^xsd:date .'
    )
    query = "SELECT ?l ?d { ?m rdfs:label ?l ; dfo:heldOn ?d }"
    drawn = own.get("/picture.svg", query_string={"query": query})
    assert "<script" not in drawn.text
    assert "&lt;script" in drawn.text
    ET.fromstring(drawn.text)


def test_nothing_is_drawn_where_the_package_has_no_script(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages stay whole, and the address of the picture says what to do."""
    monkeypatch.setattr(svg, "is_drawing", lambda: False)
    assert "<img" not in client.get("/question/documents?lang=pt").text
    assert "install it again" in client.get("/picture/documents.svg?lang=pt").text


def test_a_title_in_chinese_is_broken_into_lines(client: FlaskClient) -> None:
    """It has no spaces, and still fits a narrow picture; nothing of it is lost."""
    drawn = picture(client, f"/picture/{FOUNDING}.svg?lang=zh&width=narrow")
    title = drawn.findtext(f"{SVG}title") or ""
    words = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert title not in words
    assert any(title.startswith(one) and len(one) > 10 for one in words)
    assert any(title.endswith(one) and len(one) > 1 for one in words)
