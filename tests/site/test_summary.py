"""What the pages of things begin with: a summary of each kind."""

from collections.abc import Callable

from flask.testing import FlaskClient

DATA = """
id:p a foaf:Person ; rdfs:label "P"@en . id:q a foaf:Person ; rdfs:label "Q"@en .
id:chair a org:Post ; rdfs:label "Chair"@en .
id:t1 a dfo:Tenure ; rdfs:label "P as Chair"@en ; org:member id:p ; dfo:ofPost id:chair ;
    org:memberDuring id:d1 .
id:d1 dcat:startDate "2011-12-03"^^xsd:date ; dcat:endDate "2013"^^xsd:gYear .
id:t2 a dfo:Tenure ; rdfs:label "Q as Chair"@en ; org:member id:q ; dfo:ofPost id:chair .
"""


def test_a_person_has_posts(client_of: Callable[[str], FlaskClient]) -> None:
    """With days as precise as they are known, and a link to the tenure, where it says who."""
    text = client_of(DATA).get("/page/p").text
    held = text[text.index('<dl class="summary">') : text.index("</dl>")]
    assert 'href="../page/chair"' in held
    assert "3 December 2011 \u2013 2013" in held
    assert 'href="../page/t1"' in held


def test_a_post_has_holders(client_of: Callable[[str], FlaskClient]) -> None:
    """Also those of whom no day is known."""
    text = client_of(DATA).get("/page/chair").text
    assert 'href="../page/p"' in text
    assert 'href="../page/q"' in text


def test_who_holds_nothing_has_no_list(client_of: Callable[[str], FlaskClient]) -> None:
    """Nor an empty heading."""
    text = client_of('id:r a foaf:Person ; rdfs:label "R"@en .').get("/page/r").text
    assert "<dt>Posts</dt>" not in text


MEETING = """
dfo:MinisterialMeeting rdfs:subClassOf dfo:Meeting .
id:m a dfo:MinisterialMeeting ; rdfs:label "M"@en ; dfo:heldOn "2015-01-08"^^xsd:date ,
    "2015"^^xsd:gYear ; dfo:heldUntil "2015-01-09"^^xsd:date ;
    dfo:scheduledOn "2015-01"^^xsd:gYearMonth ;
    schema:location id:city , id:land ; dfo:theme "Words"@en , "Palabras"@es .
id:n a dfo:MinisterialMeeting ; rdfs:label "N"@en ; dfo:scheduledOn "2016-01"^^xsd:gYearMonth ;
    dfo:previousMeeting id:m .
id:city rdfs:label "City"@en ; schema:containedInPlace id:land .
id:land a dfo:State ; rdfs:label "Land"@en .
"""


def top(text: str) -> str:
    """Return the summary of a page."""
    return text[text.index('<dl class="summary">') : text.index("</dl>")]


def test_a_meeting_begins_with_day_and_place(client_of: Callable[[str], FlaskClient]) -> None:
    """The most precise days in one form, the narrowest place with its state, the next meeting."""
    text = top(client_of(MEETING).get("/page/m").text)
    assert "8\u20139 January 2015" in text
    assert ">City</bdi>" in text
    assert text.count(">Land</bdi>") == 1
    assert "Announced for" not in text
    assert "After it" in text
    assert "Words" in text
    assert "Palabras" not in text


def test_an_announced_meeting_is_not_held(client_of: Callable[[str], FlaskClient]) -> None:
    """A meeting without a day on which it was held shows the announced one as announced."""
    text = top(client_of(MEETING).get("/page/n").text)
    assert "Announced for" in text
    assert "January 2016" in text
    assert "<dt>When</dt>" not in text


def test_days_are_written_in_the_reader_s_way(client_of: Callable[[str], FlaskClient]) -> None:
    """One form in each language."""
    client = client_of(MEETING)
    assert "8\u20139 de enero de 2015" in client.get("/page/m?lang=es").text
    chinese = client.get("/page/m?lang=zh").text
    assert chinese.index("2015年1月8日") < chinese.index("9日")
