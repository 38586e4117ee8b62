"""Posts on the pages of people, states and posts."""

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
    held = text[text.index('id="held"') : text.index("</section>")]
    assert 'href="../page/chair"' in held
    assert 'from <time datetime="2011-12-03">3 December 2011</time>' in held
    assert 'until <time datetime="2013">2013</time>' in held
    assert 'href="../page/t1"' in held


def test_a_post_has_holders(client_of: Callable[[str], FlaskClient]) -> None:
    """Also those of whom no day is known."""
    text = client_of(DATA).get("/page/chair").text
    assert 'href="../page/p"' in text
    assert 'href="../page/q"' in text


def test_who_holds_nothing_has_no_list(client_of: Callable[[str], FlaskClient]) -> None:
    """Nor an empty heading."""
    text = client_of('id:r a foaf:Person ; rdfs:label "R"@en .').get("/page/r").text
    assert 'id="held"' not in text
