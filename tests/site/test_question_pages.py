"""Ready questions at addresses of their own: a sentence, a table in words, parameters, data."""

import csv
import html
import io
import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.trust import policies

BROWSER = {"Accept": "text/html"}


@pytest.mark.parametrize("slug", catalogue())
def test_every_question_has_a_page_with_an_answer(client: FlaskClient, slug: str) -> None:
    """The question is the title; there is a table or Turtle, a citation and the query."""
    response = client.get(f"/question/{slug}", headers=BROWSER)
    assert response.status_code == 200
    text = response.text
    assert "<h1" in text
    empty = "Nothing in the graph answers this." in text
    assert [empty, "<tbody>" in text, "Result in Turtle" in text].count(True) == 1
    assert f"https://w3id.org/forumgraph/query/{slug}" in text
    assert "datatype" not in text
    assert "xsd:" not in text.partition("<tbody>")[2].partition("<details")[0]


def test_an_answer_is_one_sentence_with_who_says_so(client: FlaskClient) -> None:
    """Before the table stands what it says, and each side with its speaker."""
    text = client.get("/question/who-started-the-forum?lang=en").text
    answer = text[text.index('class="lead answer"') : text.index("<table>")]
    assert "Sources disagree." in answer
    assert "Xi Jinping (Wang Yi)" in answer


def test_headings_and_values_are_in_the_reader_s_language(client: FlaskClient) -> None:
    """A state's English name in the answer is shown as the state, by its Chinese name."""
    text = client.get("/question/celac-presidencies?lang=zh").text
    assert '<th scope="col">国家</th>' in text
    assert ">智利</bdi></a>" in text


def test_days_are_days(client: FlaskClient) -> None:
    """No datatype and no digits in a row, but a day as it is written."""
    text = client.get("/question/meetings?lang=en").text
    assert '<time datetime="2018-01-21">21 January 2018</time>' in text
    assert text.count("Second Ministerial Meeting of the China-CELAC Forum</bdi>") == 1


def test_a_parameter_narrows_the_answer(client: FlaskClient) -> None:
    """And the sentence, the data and the query with it."""
    text = client.get("/question/meetings?year=2018&lang=en").text
    assert "It was held: 21\u201322 January 2018, Santiago." in text
    assert "STRSTARTS(STR(?firstDay), &#34;2018&#34;)" in text
    found = client.get("/question/meetings.csv?year=2018&lang=en")
    assert found.mimetype == "text/csv"
    assert found.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(found.data.decode("utf-8-sig"))))
    assert [row["First day"] for row in rows] == ["2018-01-21"]
    assert json.loads(client.get("/question/meetings.json?year=2018").data)[0]["City"] == "Santiago"


def test_a_meeting_can_be_chosen(client: FlaskClient) -> None:
    """By what follows id: in its IRI; the choices stand on the page."""
    text = client.get("/question/evidence-of-one-statement?meeting=ccf-ministerial-1").text
    assert '<option value="ccf-ministerial-1" selected>' in text
    assert "id/ccf-ministerial-1&gt;" in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("celac-presidencies?state=Chle", "the nearest is &#39;Chile&#39;"),
        (
            "meetings?year=2017",
            "there is no year &#39;2017&#39; here; the nearest is &#39;2018&#39;",
        ),
        ("praise?state=Chile", "has no parameter &#39;state&#39;"),
    ],
)
def test_a_wrong_value_is_a_400_that_names_the_nearest(
    client: FlaskClient, query: str, words: str
) -> None:
    """As a page for a browser."""
    response = client.get(f"/question/{query}", headers=BROWSER)
    assert response.status_code == 400
    assert words in response.text


def test_the_published_iri_of_a_question_leads_to_its_page(client: FlaskClient) -> None:
    """303, as for every thing; a question that is none is not found, with the nearest."""
    response = client.get("/query/meetings", headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (303, "../question/meetings")
    missing = client.get("/question/meting", headers=BROWSER)
    assert missing.status_code == 404
    assert "did you mean &#39;meetings&#39;" in missing.text


def test_the_front_page_has_the_questions_in_groups_above_the_pictures(client: FlaskClient) -> None:
    """Each leads to its address."""
    text = client.get("/?lang=en").text
    assert 'href="question/who-started-the-forum"' in text
    assert text.index("How the Forum began") < text.index('class="timeline"')


def test_the_front_page_says_what_the_forum_is_and_shows_an_example(client: FlaskClient) -> None:
    """In figures of the data, with words, who says so, and who disagrees."""
    text = client.get("/?lang=en").text
    assert "4 ministerial meetings have been held" in text
    assert "an organization of 33 states" in text
    assert text.index('href="#cite"') < text.index('class="example"')
    example = text[text.index('class="example"') : text.index("</section>")]
    assert "at the initiative of President Xi Jinping" in example
    assert "Wang Yi" in example
    assert "Xinhua" in example


def test_a_list_is_offered_as_csv_and_json(client: FlaskClient) -> None:
    """At the address of the page, with its facets and its order; another form is a 400."""
    path = "/browse/dfo:Meeting?kind=dfo:MinisterialMeeting&sort=date"
    found = client.get(f"{path}&format=csv")
    rows = list(csv.DictReader(io.StringIO(found.data.decode("utf-8-sig"))))
    assert "2018-01-21" in [row["date"] for row in rows]
    assert len(json.loads(client.get(f"{path}&format=json").data)) == len(rows)
    assert client.get(f"{path}&format=xls").status_code == 400


def test_a_name_shared_with_a_source_is_that_of_the_thing(client: FlaskClient) -> None:
    """A meeting whose name a source bears as well is shown as the meeting, in every language."""
    text = client.get("/question/meetings?lang=zh").text
    for number in range(1, 5):
        assert f'href="../page/ccf-ministerial-{number}"' in text


@pytest.mark.parametrize("slug", catalogue())
def test_no_answer_is_only_a_number_of_rows(client: FlaskClient, slug: str) -> None:
    """Each question that has an answer as a table is answered by a sentence of its own."""
    text = client.get(f"/question/{slug}?lang=en").text
    assert not re.search(r'class="lead answer">\d+ rows? answers? this', text)
    assert "<tbody>" not in text or 'class="lead answer"' in text


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("attendance", "Participating countries, as sources count them: meeting 1: 30 or 29"),
        ("dated-memberships", "Canada in the Organization of American States (1990)"),
        ("figures", "supported projects: more than 80"),
        (
            "timeline",
            "the first on 10 October 2000, Beijing, the latest on 11 June 2025",
        ),
        ("words-of-xi-jinping", "face new challenges, including post-pandemic economic recovery"),
        ("evidence-of-one-statement", "Wang Yi, China-CELAC Forum"),
    ],
)
def test_a_sentence_answers_with_the_values_that_count(
    client: FlaskClient, slug: str, sentence: str
) -> None:
    """Figures with what they count, days with places, words with who says them."""
    text = client.get(f"/question/{slug}?lang=en").text
    answer = text[text.index('class="lead answer"') : text.index("<table>")]
    assert sentence in html.unescape(answer)


def test_every_question_stands_in_the_interface_with_its_parameters(client: FlaskClient) -> None:
    """The OpenAPI document has a path for each that is a table; what it names is answered."""
    document = json.loads(client.get("/openapi.json").data)
    validate(document)
    paths = document["paths"]
    presidencies = paths["/question/celac-presidencies.{form}"]["get"]
    named = {entry["name"] for entry in presidencies["parameters"]}
    assert named == {"form", "year", "state", "lang"}
    assert presidencies["summary"] == catalogue()["celac-presidencies"].question
    assert "/question/meetings-as-events.{form}" not in paths
    tables = [path for path in paths if path.startswith("/question/")]
    assert len(tables) == len(catalogue()) - 1
    answer = client.get("/question/celac-presidencies.json?state=Chile&lang=es")
    assert json.loads(answer.data)[0]["Estado"] == "Chile"
    drawn = client.get("/question/celac-presidencies.svg?year=2019")
    assert drawn.status_code in {200, 404}


def test_names_that_sources_print_are_not_translated(client: FlaskClient) -> None:
    """The English name of the Forum is one of its names, and stays so on a Chinese page."""
    text = client.get("/question/names-of-the-forum?lang=zh").text
    assert "China-CELAC Forum、" in text
    assert "<bdi>China-CELAC Forum</bdi>" in text
    shown = client.get("/picture/china-celac-forum.name?lang=es").text
    table = shown[shown.index("<tbody>") :]
    assert "<bdi>China-CELAC Forum</bdi>" in table


def test_a_question_is_asked_under_a_policy_of_trust(client: FlaskClient) -> None:
    """The page says so, its files are of that answer, and the editor asks the same."""
    usual = client.get("/question/meetings.csv").text
    official = client.get("/question/meetings.csv?trust=official").text
    assert "2018-01-21" in usual
    assert "2018-01-21" not in official
    page = client.get("/question/meetings?trust=official", headers={"Accept": "text/html"}).text
    assert 'href="../trust/official">Official sources</a>' in page
    assert 'href="../question/meetings.csv?trust=official"' in page
    assert "&amp;trust=official" in page
    cited = "/query/meetings?trust=official"
    assert f"https://w3id.org/forumgraph{cited}" in page
    assert client.get(cited).headers["Location"] == "../question/meetings?trust=official"
    refused = client.get("/question/meetings?trust=offical")
    assert (refused.status_code, "did you mean 'official'" in html.unescape(refused.text)) == (
        400,
        True,
    )


def test_a_policy_has_a_page_with_what_appears_and_goes(client: FlaskClient) -> None:
    """Each with its number; the file has all of it."""
    page = client.get("/trust/official", headers={"Accept": "text/html"}).text
    assert "Facts that appear" in page
    rows = client.get("/trust/official.json").get_json()
    goes = [row for row in rows if row["change"] == "goes"]
    held = "https://w3id.org/forumgraph/ontology#heldOn"
    assert ("ccf-ministerial-2", held) in {
        (row["subject"].rpartition("/")[2], row["property"]) for row in goes
    }
    assert f"{len(goes)} statements" in page
    none = client.get("/trust/default", headers={"Accept": "text/html"}).text
    assert none.count("<p>None.</p>") == 2
    assert client.get("/trust/nobody").status_code == 400


def test_other_data_have_no_policy_of_trust(client_of: Callable[[str], FlaskClient]) -> None:
    """Neither pages nor the parameter of a query."""
    other = client_of("id:a rdfs:label 'a' .")
    assert other.get("/trust").status_code == 404
    assert other.get("/help/trust").status_code == 404
    assert other.get("/help/tables").status_code == 404
    assert "help/tables" not in other.get("/", headers=BROWSER).text
    assert "trust" not in other.get("/help", headers=BROWSER).text
    assert "trust" not in other.get("/question", headers=BROWSER).text
    refused = other.get("/sparql", query_string={"query": "ASK {}", "trust": "official"})
    assert (refused.status_code, "other data" in refused.text) == (400, True)


def test_a_query_is_asked_under_a_policy_of_trust(client: FlaskClient) -> None:
    """By the parameter trust, in the URL and in a form; the answers have other entity tags."""
    query = "SELECT (COUNT(*) AS ?n) { id:ccf-ministerial-2 dfo:heldOn ?day }"
    asked = {"query": query, "format": "csv"}
    usual = client.get("/sparql", query_string=asked)
    official = client.get("/sparql", query_string=asked | {"trust": "official"})
    posted = client.post("/sparql", data=asked | {"trust": "official"})
    assert [reply.text.split() for reply in (usual, official, posted)] == [
        ["n", "1"],
        ["n", "0"],
        ["n", "0"],
    ]
    assert usual.headers["ETag"] != official.headers["ETag"]
    assert "trust=official" in posted.headers["Link"]
    for wrong in ({"trust": "offical"}, {"trust": ["official", "documents"]}):
        refused = client.get("/sparql", query_string=asked | wrong)
        assert refused.status_code == 400


def test_the_service_description_names_the_policies_of_trust(client: FlaskClient) -> None:
    """Each with its title and what it trusts."""
    found = client.get("/sparql", headers={"Accept": "text/turtle"}).text
    for name in policies():
        assert f"trust/{name}>" in found
        assert f'dcterms:identifier "{name}"' in found


def test_the_front_page_tells_of_one_forum_and_links_the_others(client: FlaskClient) -> None:
    """The latest meeting is of the forum that the page tells of; days have their preposition."""
    text = re.sub(r"<[^>]+>", "", client.get("/", headers=BROWSER).text)
    assert "It was founded on 17 July 2014." in text
    assert re.search(
        r"The latest meeting: \d+ \w+ \d{4}, \w+ Ministerial Meeting of the China", text
    )
    assert "Other forums here: China-Arab States Cooperation Forum · Forum on China-Africa" in text


HELD = "SELECT ?day { id:ccf-ministerial-2 dfo:heldOn ?day }"


def test_an_answer_comes_with_the_claims_that_carry_its_rows(client: FlaskClient) -> None:
    """JSON beside the bindings, CSV in further columns, the page in a further column."""
    asked = {"query": HELD, "evidence": "1"}
    plain = client.get("/sparql", query_string={"query": HELD, "format": "json"})
    reply = client.get("/sparql", query_string=asked | {"format": "json"})
    found = reply.get_json()
    assert found["results"]["bindings"] == plain.get_json()["results"]["bindings"]
    assert reply.headers["ETag"] != plain.headers["ETag"]
    claims = [claim for used in found["results"]["evidence"][0] for claim in used["claims"]]
    assert claims
    for claim in claims:
        assert claim["claim"].startswith("https://w3id.org/forumgraph/claim/")
        assert claim["claimant"]
        assert claim["sources"]
        assert claim["words"] or claim["place"]
        assert claim["standing"]
    table = list(
        csv.DictReader(
            io.StringIO(client.get("/sparql", query_string=asked | {"format": "csv"}).text)
        )
    )
    assert table[0]["day"] == "2018-01-21"
    assert claims[0]["claim"] in table[0]["evidence_claim"]
    page = client.get("/sparql", query_string=asked, headers=BROWSER).text
    assert f"<summary>{len(claims)} claim" in page
    link = html.unescape(client.get("/sparql", query_string={"query": HELD}, headers=BROWSER).text)
    assert "evidence=1" in link


@pytest.mark.parametrize(
    "asked",
    [
        {"query": HELD, "evidence": "1", "format": "xml"},
        {"query": "ASK {}", "evidence": "1"},
        {"query": "DESCRIBE id:chile", "evidence": "1"},
        {"query": HELD, "evidence": "yes"},
    ],
)
def test_evidence_that_cannot_come_is_a_400(client: FlaskClient, asked: dict[str, str]) -> None:
    """It is never left out in silence."""
    refused = client.get("/sparql", query_string=asked)
    assert (refused.status_code, "evidence" in refused.get_json()["detail"]) == (400, True)
