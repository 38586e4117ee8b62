"""Data of somebody else, under any IRIs, are matched as the project's are."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from openrefine import reconcile, valid
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.query.evaluation import QueryRunner

TRIG = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
<http://data.example/user?n=12&a> rdfs:label "Utilisateur 12"@fr ; a <http://data.example/User> ;
    <http://data.example/age> 40 .
<urn:x:13> rdfs:label "  " ; foaf:name "Utilisateur 13" ; a <http://data.example/User> .
<http://data.example/User> a rdfs:Class ; rdfs:label "Utilisateur" .
<http://data.example/nameless> a <http://data.example/User> .
[] rdfs:label "Utilisateur blank" .
<http://data.example/g> { <http://data.example/group> rdfs:label "Groupe" }
"""
_ABOUT = About("1", datetime(2026, 12, 1, tzinfo=UTC), "Others", own=False)


@pytest.fixture(scope="module")
def others() -> FlaskClient:
    """Return a client of a service over data of other namespaces."""
    store = Store()
    store.load(TRIG.encode(), RdfFormat.TRIG)
    return create_app(QueryRunner.over(store), replace(_ABOUT)).test_client()


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("Utilisateur 12", "http://data.example/user?n=12&a"),
        ("utilisateur 13", "urn:x:13"),
        ("Groupe", "http://data.example/group"),
        ("urn:x:13", "urn:x:13"),
    ],
)
def test_a_thing_is_found_by_its_name(others: FlaskClient, name: str, iri: str) -> None:
    """Its id is its IRI, in the default graph or a named one."""
    (first, *_) = reconcile(others, query=name)
    assert (first["id"], first["match"]) == (iri, True)


def test_the_manifest_names_no_space_of_ours(others: FlaskClient) -> None:
    """Ids are whole IRIs, and a page of this service shows each."""
    manifest = valid("manifest", others.get("/reconcile").json)
    assert "forumgraph" not in manifest["identifierSpace"] + manifest["schemaSpace"]
    address = manifest["view"]["url"].replace("{{id}}", "urn%3Ax%3A13")
    shown = others.get(address, headers={"Accept": "application/n-triples"})
    assert '<urn:x:13> <http://xmlns.com/foaf/0.1/name> "Utilisateur 13" .\n' in shown.text


def test_types_and_values_of_it_are_known(others: FlaskClient) -> None:
    """By the class's and the property's own IRI."""
    kind = "<http://data.example/User>"
    (first, *_) = reconcile(others, query="Utilisateur 12", type=kind)
    assert first["type"] == [{"id": kind, "name": "Utilisateur"}]
    asked = '{"ids": ["http://data.example/user?n=12&a"], "properties": [{"id": "<http://data.example/age>"}]}'
    extended = others.post("/reconcile", data={"extend": asked}).json
    assert extended
    assert extended["rows"] == {
        "http://data.example/user?n=12&a": {"<http://data.example/age>": [{"int": 40}]}
    }


def test_a_thing_is_suggested_and_shown(others: FlaskClient) -> None:
    """Preview and flyout take the IRI."""
    found = others.get("/reconcile/suggest/entity?prefix=util").json
    assert found
    assert [one["id"] for one in found["result"]] == ["http://data.example/user?n=12&a", "urn:x:13"]
    shown = others.get("/reconcile/preview", query_string={"id": "http://data.example/user?n=12&a"})
    assert "Utilisateur 12" in shown.text
    assert "40" in shown.text


def test_data_too_large_to_hold_are_not_matched(
    others: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer says so; the rest of the service goes on."""
    monkeypatch.setattr("sparql_endpoint.reconcile.match_index._MOST", 3)
    store = Store()
    store.load(TRIG.encode(), RdfFormat.TRIG)
    client = create_app(QueryRunner.over(store), replace(_ABOUT)).test_client()
    answer = client.get("/reconcile")
    assert answer.status_code == 404
    assert "over 3 statements" in answer.text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ('"x"^^xsd:integer', {"str": "x"}),
        ("9" * 5000, {"str": "9" * 5000}),
        ("9007199254740993", {"str": "9007199254740993"}),
        ("-40", {"int": -40}),
        ('"INF"^^xsd:double', {"str": "INF"}),
        ('"NaN"^^xsd:float', {"str": "NaN"}),
        ("2.5", {"float": 2.5}),
        ('"2020-01-01"^^xsd:date', {"date": "2020-01-01T00:00:00Z"}),
        ('"2020-01-01Z"^^xsd:date', {"str": "2020-01-01Z"}),
        ('"yesterday"^^xsd:date', {"str": "yesterday"}),
    ],
)
def test_a_cell_is_a_number_or_day_only_where_it_can_be_one(
    value: str, cell: dict[str, object]
) -> None:
    """RFC 8259, section 6: JSON has no NaN, and integers beyond 2^53 are not exact."""
    store = Store()
    turtle = (
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
        f'<urn:a> <urn:p> {value} ; <http://www.w3.org/2000/01/rdf-schema#label> "a" .'
    )
    store.load(turtle.encode(), RdfFormat.TURTLE)
    about = replace(_ABOUT, digest=value[:20])
    client = create_app(QueryRunner.over(store), about).test_client()
    asked = '{"ids": ["urn:a"], "properties": [{"id": "urn:p"}]}'
    answer = client.post("/reconcile", data={"extend": asked})
    assert answer.json
    assert answer.json["rows"] == {"urn:a": {"urn:p": [cell]}}
    assert "NaN" not in answer.text.replace('"NaN"', "")


@pytest.mark.parametrize(
    "asked",
    [
        "/reconcile/properties?limit=%s",
        "/reconcile/suggest/entity?prefix=u&cursor=%s",
        '/reconcile?queries={"q":{"query":"Utilisateur","limit":%s}}',
        '/reconcile?extend={"ids":[],"properties":[{"id":"a","settings":{"limit":%s}}]}',
    ],
)
def test_a_number_of_thousands_of_digits_is_a_large_number(others: FlaskClient, asked: str) -> None:
    """RFC 8259, section 6, sets no bound; Python refuses to read integers of 4,300 digits."""
    assert others.get(asked % ("9" * 5000)).status_code == 200
