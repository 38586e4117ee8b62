"""What an IRI of ours leads to: its page, and its data in every format."""

from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from sparql_endpoint.names import BASE, PREFIXES

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORUM = "/page/china-celac-forum"


@pytest.mark.parametrize(
    ("path", "accept", "location"),
    [
        ("/id/chile", BROWSER["Accept"], "../page/chile"),
        ("/id/chile", "text/turtle", "../data/chile.ttl"),
        ("/id/chile", "application/ld+json", "../data/chile.jsonld"),
        ("/id/chile", "application/rdf+xml;q=0.9,text/html;q=0.5", "../data/chile.rdf"),
        ("/id/chile", "application/n-triples", "../data/chile.nt"),
        ("/id/chile", "*/*", "../data/chile.ttl"),
        (
            "/claim/closer-partnership-2018-07",
            "text/html",
            "../page/claim/closer-partnership-2018-07",
        ),
        (
            "/source/closer-partnership-2018",
            "text/turtle",
            "../data/source/closer-partnership-2018.ttl",
        ),
    ],
)
def test_a_thing_leads_to_page_or_data(
    client: FlaskClient, path: str, accept: str, location: str
) -> None:
    """303 by what the client accepts, relative, so that it holds below any path."""
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.headers["Location"]) == (303, location)
    assert "Accept" in response.headers["Vary"].split(", ")
    assert 'rel="alternate"' in response.headers["Link"]
    assert client.get(location.removeprefix("..")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/id/nothing", "/page/nothing", "/data/nothing.ttl", "/data/chile.exe", "/claim/x"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    """404, as a page for a browser."""
    response = client.get(path, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (404, "text/html")


def test_a_slip_in_an_address_is_answered_with_names(client: FlaskClient) -> None:
    """A page that is not there names what is written nearly so."""
    assert "did you mean Bol" in client.get("/id/bolvia", headers=BROWSER).text


@pytest.mark.parametrize("iri", ["", "no iri", "<>", "urn:a> ?p ?o } #"])
def test_what_is_no_iri_is_not_found(client: FlaskClient, iri: str) -> None:
    """A text that is no IRI never reaches a query."""
    assert client.get("/thing", query_string={"iri": iri}).status_code == 404


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf", "jsonld"])
def test_data_tell_the_thing_and_who_says_so(client: FlaskClient, ending: str) -> None:
    """The same graph in each format: facts, claims, and the words that carry them."""
    rdf_format = RdfFormat.from_extension(ending)
    assert rdf_format is not None
    response = client.get(f"/data/ccf-ministerial-2.{ending}")
    graph = {quad.triple for quad in parse(response.data, rdf_format)}
    meeting = NamedNode(f"{BASE}id/ccf-ministerial-2")
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    number = Literal("2", datatype=integer)
    assert Triple(meeting, NamedNode(f"{BASE}ontology#ordinal"), number) in graph
    found = {str(triple.predicate): str(triple.object) for triple in graph}
    assert found[f"<{PREFIXES['rdf']}subject>"] == str(meeting)
    words = [str(triple.object) for triple in graph if str(triple.predicate).endswith("#exact>")]
    assert any("will be held in Santiago" in text for text in words)


def test_a_page_links_to_its_data(client: FlaskClient) -> None:
    """By header and by link, four formats."""
    response = client.get(FORUM)
    assert response.headers["Link"].count('rel="alternate describedby"') == 4
    assert '<link rel="alternate" type="text/turtle" href="../data/china-celac-forum.ttl">' in (
        response.text
    )


def test_a_statement_stands_beside_who_says_so(client: FlaskClient) -> None:
    """The year of founding with the quotation, its source and its claim."""
    text = client.get(FORUM).text
    facts, _, words = text.partition('id="words"')
    assert '<time datetime="2014">2014</time>' in facts
    assert "Established in 2014 at the initiative of President Xi Jinping" in facts
    assert "page/source/closer-partnership-2018" in facts
    assert "initiated by" in words
    assert "initiated by" not in facts


def test_labels_stand_in_all_languages(client: FlaskClient) -> None:
    """Each with its language, alternatives too."""
    text = client.get("/page/chile").text
    assert '<bdi lang="zh">智利</bdi>' in text


def test_what_links_here_is_counted(client: FlaskClient) -> None:
    """CELAC has 33 members, of which the first stand open."""
    text = client.get("/page/celac").text
    assert 'member of</bdi></a> <span class="number">33</span>' in text
    assert "9 more" in text


def test_links_to_wikidata_tell_their_reason(client: FlaskClient) -> None:
    """The item, the relation, and why an editor says so."""
    text = client.get("/page/chile").text
    assert "http://www.wikidata.org/entity/Q298" in text
    assert "Two public lists give the item the codes" in text


def test_conflicting_values_stand_side_by_side(
    client_of: Callable[[str], FlaskClient],
) -> None:
    """A disputed fact shows what others say beside it, and not among mere words."""
    client = client_of("""
dfo:heldOn dfo:singleValued true ; rdfs:label "held on"@en .
id:m a dfo:Meeting ; rdfs:label "A meeting"@en ; dfo:heldOn "2018-01-22"^^xsd:date .
claim:a-01 a dfo:Claim ; rdf:subject id:m ; rdf:predicate dfo:heldOn ;
    rdf:object "2018-01-22"^^xsd:date ; dfo:standing dfo:asserted ; dfo:basis dfo:stated ;
    dfo:claimant source:a ; dfo:evidence source:a .
claim:b-01 a dfo:Claim ; rdf:subject id:m ; rdf:predicate dfo:heldOn ;
    rdf:object "2018-01-23"^^xsd:date ; dfo:standing dfo:attributed ; dfo:basis dfo:inferred ;
    skos:editorialNote "A day later."@en ;
    dfo:claimant id:somebody ; dfo:evidence source:b ; dfo:locator "para. 2" .
""")
    text = client.get("/page/m").text
    assert "Sources disagree" in text
    assert text.index("22 January 2018") < text.index("23 January 2018")
    assert "para. 2" in text
    assert "A day later." in text
    assert 'id="words"' not in text


HOSTILE = r"""
id:evil a dfo:State , <https://example.org/"><script>alert(1)</script>> ;
    rdfs:label "<script>alert('x')</script>\" onload=\"y"@en , "עברית <b>"@he , "%s"@es ;
    dfo:theme "</dd></dl><img src=x onerror=alert(1)>"@en ;
    schema:url <javascript:alert(1)> ;
    rdfs:seeAlso <data:text/html,hi> , <https://example.org/%%3Cscript%%3E> .
""" % ("x" * 10_000)


def test_hostile_names_stay_text(client_of: Callable[[str], FlaskClient]) -> None:
    """Script, markup, right-to-left and very long names are shown, and do nothing."""
    client = client_of(HOSTILE.replace('<https://example.org/"><script>alert(1)</script>>', "id:k"))
    for tag in ("en", "es"):
        text = client.get(f"/page/evil?lang={tag}").text
        assert "<script" not in text.partition("</head>")[2]
        assert "<img" not in text
        assert 'href="javascript:' not in text
        assert 'href="data:' not in text
        assert "x" * 170 in text
    assert "x" * 200 not in text[text.index("<h1") : text.index("</h1>")]


def test_any_iri_has_a_page(client_of: Callable[[str], FlaskClient]) -> None:
    """Also one of somebody else's, which has no data address of ours."""
    client = client_of('<https://example.org/a> rdfs:label "A thing"@en .')
    response = client.get("/thing", query_string={"iri": "https://example.org/a"})
    assert "A thing" in response.text
    assert "Link" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["/page/claim/no-claim", "/page/quote/rests-nothing", "/help/nothing", "/data/page"],
)
def test_a_page_of_nothing_is_not_found(client_of: Callable[[str], FlaskClient], path: str) -> None:
    """Also where something is known of the IRI, but not enough for such a page."""
    client = client_of(
        'claim:no-claim rdfs:label "No triple"@en . quote:rests-nothing rdfs:label "No claim"@en .'
    )
    assert client.get(path, headers=BROWSER).status_code == 404


def test_a_claim_about_no_thing_has_a_page(client_of: Callable[[str], FlaskClient]) -> None:
    """Its subject may be a blank node, or a date may be none: all is shown as it stands."""
    client = client_of(
        'claim:odd rdf:subject [] ; rdf:predicate dfo:heldOn ; rdf:object "soon"^^xsd:date ;'
        ' dfo:evidence source:a . id:x rdfs:label "X"@tlh-Piqd , "Y"@zz-zz .'
    )
    assert ">soon</time>" in client.get("/page/claim/odd").text
    assert client.get("/page/x").status_code == 200


CODES = """
@prefix : <https://w3id.org/forumgraph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/forumgraph/id/a%20b> rdfs:label "space" .
<https://w3id.org/forumgraph/id/caf%C3%A9> rdfs:label "codes of café" .
<https://w3id.org/forumgraph/id/thé> rdfs:label "thé" .
<https://w3id.org/forumgraph/id/x%23y> rdfs:label "number sign" .
<https://w3id.org/forumgraph/id/100%25> rdfs:label "per cent" .
<https://w3id.org/forumgraph/id/p/q> rdfs:label "slash" .
<https://w3id.org/forumgraph/id/p%2Fq> rdfs:label "code of a slash" .
<https://w3id.org/forumgraph/source/s%20t> rdfs:label "source with a space" .
"""


_NAMES = {
    "/id/a%20b": "space",
    "/id/caf%C3%A9": "codes of café",
    "/id/th%C3%A9": "thé",
    "/id/x%23y": "number sign",
    "/id/100%25": "per cent",
    "/id/p/q": "slash",
    "/source/s%20t": "source with a space",
}


@pytest.mark.parametrize(
    ("path", "label", "sent"),
    [
        *((path, label, path) for path, label in _NAMES.items()),
        *((path, label, "") for path, label in _NAMES.items()),
        ("/id/p%2Fq", "code of a slash", "/id/p%2Fq"),
    ],
)
def test_an_iri_with_codes_is_dereferenced(
    client_of: Callable[[str], FlaskClient], path: str, label: str, sent: str
) -> None:
    """What a code stands for is not the code (RFC 3986, section 6.2.2).

    Servers that do not tell what was ``sent`` lose only the code of a slash.
    """
    client = client_of(CODES)
    response = client.get(
        path,
        headers={"Accept": "application/n-triples"},
        environ_overrides={"REQUEST_URI": sent},
    )
    assert response.status_code == 303
    data = client.get(urljoin(f"http://localhost{path}", response.headers["Location"]))
    assert data.status_code == 200
    assert f'"{label}"' in data.text
