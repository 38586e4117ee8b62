"""Rows that were matched are filled with values."""

import json

import pytest
from flask.testing import FlaskClient
from openrefine import valid


def test_matched_rows_are_filled_with_values(project: FlaskClient) -> None:
    """After matching, a client proposes properties of a type and fetches their values."""
    proposal = project.get("/reconcile/properties?type=dfo:State&limit=40").json
    proposed = [one["id"] for one in valid("property-proposal", proposal)["properties"]]
    assert {"dfo:isoAlpha3", "org:memberOf", "rdfs:label"} <= set(proposed)
    asked = {
        "ids": ["chile", "united-states", "atlantis"],
        "properties": [
            {"id": "dfo:isoAlpha3"},
            {"id": "org:memberOf"},
            {"id": "owl:sameAs"},
            {"id": "rdfs:label", "settings": {"language": "zh"}},
            {"id": "dfo:unM49"},
        ],
    }
    valid("extension-query", asked)
    answer = project.post("/reconcile", data={"extend": json.dumps(asked)}).json
    extension = valid("extension-response", answer)
    chile = extension["rows"]["chile"]
    assert chile["dfo:isoAlpha3"] == [{"str": "CHL"}]
    assert {"id": "celac", "name": "Community of Latin American and Caribbean States"} in chile[
        "org:memberOf"
    ]
    assert chile["owl:sameAs"] == [{"str": "Q298"}]
    assert chile["rdfs:label"] == [{"str": "智利"}]
    assert extension["rows"]["united-states"]["dfo:unM49"] == [{"str": "840"}]
    assert set(map(str, extension["rows"]["atlantis"].values())) == {"[]"}
    meta = {one["id"]: one for one in extension["meta"]}
    assert meta["org:memberOf"]["type"]["id"] == "dfo:Bloc"
    assert meta["owl:sameAs"]["name"] == "Wikidata item"


def test_cells_keep_their_kind(small: FlaskClient) -> None:
    """Numbers, days, entities, texts and other things each come in their own form."""
    asked = {
        "ids": ["celac", "chile", "ccf-ministerial-2", "santiago"],
        "properties": [
            {"id": "dfo:establishedIn"},
            {"id": "geo:lat"},
            {"id": "dfo:ordinal"},
            {"id": "rdfs:label", "settings": {"limit": "1"}},
        ],
    }
    body = small.get("/reconcile", query_string={"extend": json.dumps(asked)}).json
    rows = valid("extension-response", body)["rows"]
    assert rows["celac"]["dfo:establishedIn"] == [{"date": "2011-12-03T00:00:00Z"}]
    assert rows["chile"]["geo:lat"] == [{"float": -38.0}]
    assert rows["ccf-ministerial-2"]["dfo:ordinal"] == [{"int": 2}]
    assert len(rows["chile"]["rdfs:label"]) == 1


_BAD_EXTENSIONS = {
    "x": "the parameter 'extend' is no JSON",
    "{}": "'extend' needs 'ids' and 'properties'",
    '{"ids": [1], "properties": []}': "'ids' must be a list of texts",
    '{"ids": [], "properties": {}}': "'properties' must be a list",
    '{"ids": [], "properties": [1]}': "a property to fetch needs an 'id'",
    '{"ids": [], "properties": [{"id": "dfo:ordinal", "settings": {"limit": "x"}}]}': (
        "the setting 'limit' must be a whole number"
    ),
    '{"ids": [], "properties": [{"id": "dfo:ordinal", "settings": 7}]}': (
        "'settings' must be an object"
    ),
}


@pytest.mark.parametrize("asked", _BAD_EXTENSIONS)
def test_a_bad_extension_is_refused_in_words(small: FlaskClient, asked: str) -> None:
    """So is a request for values."""
    answer = small.post("/reconcile", data={"extend": asked})
    assert answer.status_code == 400
    assert answer.json
    assert _BAD_EXTENSIONS[asked] in answer.json["detail"]


def test_an_unknown_property_has_empty_cells(small: FlaskClient) -> None:
    """The other columns of the spreadsheet are filled all the same."""
    asked = '{"ids": ["chile"], "properties": [{"id": "capital"}, {"id": "dfo:isoAlpha3"}]}'
    body = small.post("/reconcile", data={"extend": asked}).json
    assert valid("extension-response", body)["rows"] == {
        "chile": {"capital": [], "dfo:isoAlpha3": [{"str": "CHL"}]}
    }
