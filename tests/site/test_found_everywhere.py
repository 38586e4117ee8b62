"""What machines look for: own IRIs, signposts, search, security, problem types."""

import json
import re
from urllib.parse import quote, urljoin
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.endpoint.problems import problem_types
from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.names import BASE

BROWSER = {"Accept": "text/html"}


def links_of(client: FlaskClient, path: str) -> dict[str, set[str]]:
    """Return the targets of a page's ``Link`` header by their relations (RFC 8288)."""
    header = client.get(path, headers=BROWSER).headers["Link"]
    found: dict[str, set[str]] = {}
    for target, relations in re.findall(r'<([^>]*)>; rel="([^"]+)"', header):
        for relation in relations.split():
            found.setdefault(relation, set()).add(target)
    return found


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/dataset", ".well-known/void"),
        (
            "/graph/data/states",
            f"graphs?graph={quote(BASE, safe='')}graph%2Fdata%2Fstates",
        ),
        ("/query/prefixes", ".well-known/sparql-examples"),
        ("/problem/query-syntax", "help/problems#query-syntax"),
    ],
)
def test_an_iri_of_ours_leads_to_a_document(client: FlaskClient, path: str, target: str) -> None:
    """It names no document itself, so it answers 303, and there is one there."""
    response = client.get(path)
    assert response.status_code == 303
    assert response.headers["Location"].endswith(target)
    there = urljoin(f"http://localhost{path}", response.headers["Location"])
    assert client.get(there).status_code == 200


@pytest.mark.parametrize("path", ["/problem/nothing", "/graph/data/nothing"])
def test_an_iri_that_names_nothing_is_not_found(client: FlaskClient, path: str) -> None:
    """A slip in an IRI is a 404, and not an empty document."""
    response = client.get(path)
    there = urljoin(f"http://localhost{path}", response.headers.get("Location", path))
    assert client.get(there).status_code == 404


def test_the_help_explains_every_type_of_problem(client: FlaskClient) -> None:
    """Each error that we raise on purpose has its name, its status and a sentence."""
    page = client.get("/help/problems").text
    kinds: list[type[ForumGraphError]] = [ForumGraphError]
    for kind in kinds:
        kinds += (own for own in kind.__subclasses__() if own.__module__ == kind.__module__)
    assert len(problem_types()) == len(kinds) > 20
    for name, problem in problem_types().items():
        assert f'<dt id="{name}"><code>{name}</code>, {problem.status}</dt>' in page
        assert problem.meaning.endswith(".")


def test_an_error_names_a_type_that_is_explained(client: FlaskClient) -> None:
    """The type of a problem is an IRI of ours that the help knows."""
    problem = json.loads(client.get("/sparql?query=SELEC").data)
    assert problem["type"].removeprefix(f"{BASE}problem/") in problem_types()


def test_the_front_page_has_signposts(client: FlaskClient) -> None:
    """FAIR Signposting, level 1: cite-as, type, license, describedby and item."""
    found = links_of(client, "/")
    assert found["cite-as"] == {f"{BASE}dataset"}
    assert found["type"] == {"https://schema.org/Dataset"}
    assert found["license"] == {"https://creativecommons.org/licenses/by/4.0/"}
    assert found["describedby"] == {".well-known/void", "dataset.jsonld"}
    assert "http://localhost/dump/latest.ttl" in found["item"]


@pytest.mark.parametrize("path", ["/page/chile", "/page/claim/closer-partnership-2018-07"])
def test_a_page_of_a_thing_has_signposts(client: FlaskClient, path: str) -> None:
    """The IRI to cite, the licence, and the data about it."""
    found = links_of(client, path)
    local = path.removeprefix("/page/")
    assert found["cite-as"] == {BASE + (local if "/" in local else f"id/{local}")}
    assert found["type"] == {"https://schema.org/AboutPage"}
    assert any(target.endswith(".ttl") for target in found["describedby"])


def test_the_front_page_has_the_dataset_for_search_engines(client: FlaskClient) -> None:
    """A script of JSON-LD, which parses and says what the document at its address says."""
    page = client.get("/", headers=BROWSER).text
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(text) == json.loads(client.get("/dataset.jsonld").data)


def test_a_browser_can_take_the_search_of_the_site(client: FlaskClient) -> None:
    """OpenSearch: the page links to a description whose template finds things."""
    assert 'rel="search" href="./opensearch.xml"' in client.get("/", headers=BROWSER).text
    response = client.get("/opensearch.xml")
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    found = ET.fromstring(response.data).iter(f"{space}Url")
    urls = {url.get("type"): url.get("template", "") for url in found}
    there = urls["application/json"].replace("{searchTerms}", "chile")
    assert f"{BASE}id/chile" in {item["iri"] for item in client.get(there).json or []}


def test_security_contacts_are_the_operators(client: FlaskClient) -> None:
    """RFC 9116: a contact and a day of expiry within a year; without a contact there is no file."""
    assert client.get("/.well-known/security.txt").status_code == 404


def test_a_dump_of_an_unknown_ending_lists_those_that_there_are(client: FlaskClient) -> None:
    """A 404 that helps, instead of a way to a file that is not there."""
    response = client.get("/dump/latest.zzz")
    assert response.status_code == 404
    assert "latest.ttl.gz" in json.loads(response.data)["detail"]
