"""The timeline: everything in its place, nothing covered."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.site.asking import Term
from sparql_endpoint.site.meetings import Meeting
from sparql_endpoint.site.timeline import WIDTH, Timeline, draw

KINDS = [f"{PREFIXES['dfo']}{name}" for name in ("MinisterialMeeting", "LeadersMeeting")]


def meeting(number: int, date: str, kind: int = 0, *, held: bool = True) -> Meeting:
    """Return a meeting."""
    return Meeting(f"urn:{number}", KINDS[kind], Term("literal", date), held)


def drawn(project: Flask, *meetings: Meeting) -> Timeline:
    """Return the timeline of some meetings."""
    with project.test_request_context("/"):
        timeline = draw(meetings)
    assert timeline is not None
    return timeline


def test_years_frame_the_meetings(project: Flask) -> None:
    """A line for each year from before the first to after the last."""
    timeline = drawn(project, meeting(1, "2014-07-17"), meeting(2, "2018"))
    assert [tick.year for tick in timeline.ticks] == [2014, 2015, 2016, 2017, 2018, 2019]
    places = [mark.x for mark in timeline.lanes[0].marks]
    assert all(0 < x < WIDTH for x in places)
    assert places == sorted(places)


def test_less_precise_dates_stand_in_the_middle(project: Flask) -> None:
    """A year at its middle, a month at its middle."""
    timeline = drawn(
        project,
        meeting(1, "2014-06-01"),
        meeting(2, "2014"),
        meeting(3, "2014-07-30"),
    )
    first, year, last = sorted(mark.x for mark in timeline.lanes[0].marks)
    assert first < year < last


def test_leaders_stand_above_ministers(project: Flask) -> None:
    """Each kind in a lane of its own, in a fixed order."""
    timeline = drawn(project, meeting(1, "2014", 0), meeting(2, "2014", 1))
    assert [lane.title for lane in timeline.lanes] == ["leaders' meeting", "ministerial meeting"]
    assert timeline.lanes[0].y < timeline.lanes[1].y < timeline.height


def test_no_mark_covers_another(project: Flask) -> None:
    """Meetings of one week stand one above the other."""
    days = [meeting(number, f"2018-01-{number:02}") for number in range(1, 8)]
    marks = drawn(project, *days, meeting(9, "2010")).lanes[0].marks
    places = [(mark.x, mark.y) for mark in marks]
    for index, (x, y) in enumerate(places):
        for other_x, other_y in places[index + 1 :]:
            assert abs(x - other_x) >= 11 or abs(y - other_y) >= 11


def test_many_years_are_not_all_named(project: Flask) -> None:
    """Where there is no room for each."""
    assert len(drawn(project, meeting(1, "1900"), meeting(2, "2020")).ticks) <= 21


def test_without_dates_there_is_no_picture(project: Flask) -> None:
    """And a date that is none has no place."""
    with project.test_request_context("/"):
        assert draw([]) is None
        assert draw([meeting(1, "soon")]) is None


def test_the_front_page_shows_it(project: Flask) -> None:
    """Each meeting is a link with a name, so that a keyboard reaches it."""
    text = project.test_client().get("/").text
    assert text.count("<circle") > 20
    assert 'aria-label="Santiago 2018: Second Ministerial Meeting of the China-CELAC Forum' in text
    assert "viewBox" in text


def test_a_series_begins_with_its_meetings_as_a_table(client: FlaskClient) -> None:
    """Number, days, place or way, who chaired and what was adopted, each meeting in one row."""
    text = client.get("/page/ccf-ministerial-meetings?lang=en").text
    table = text[text.index("<table>") : text.index("</table>")]
    assert text.index("<table>") < text.index("<svg")
    rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)[1:]
    assert len(rows) == 4
    words = [re.sub(r"<[^>]+>", " ", row) for row in rows]
    assert "8\u20139 January 2015" in words[0]
    assert "Manuel González Sanz" in words[0]
    assert "Santiago" in words[1]
    assert "by video conference" in words[2]
    assert "China-CELAC Joint Action Plan for Cooperation in Key Areas (2025-2027)" in words[3]


def test_a_series_has_only_columns_that_are_filled(client_of: Callable[[str], FlaskClient]) -> None:
    """A meeting that is announced says so; a thing that nobody chaired has no column for it."""
    client = client_of(
        "id:s a dfo:MeetingSeries . id:m a dfo:Meeting ; dfo:inSeries id:s ;"
        ' dfo:scheduledOn "2027-05-01"^^xsd:date .'
    )
    text = client.get("/page/s?lang=en").text
    table = text[text.index("<table>") : text.index("</table>")]
    assert "1 May 2027" in table
    assert "announced" in table
    assert "Chaired by" not in table
    assert "Number" not in table
