"""What the service says of itself: manifest, preview, catalogue, and whom it lets ask."""

import pytest
from flask.testing import FlaskClient
from jsonschema.exceptions import ValidationError
from openrefine import FILES, FOLDER, client_of, valid
from query_runners import CountingRunner

from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import QueryRunner


def test_the_manifest_says_what_there_is(small: FlaskClient) -> None:
    """Spaces, types to begin with, and addresses of every part, seen from the client."""
    manifest = valid("manifest", small.get("/reconcile").json)
    assert manifest["identifierSpace"] == "https://w3id.org/forumgraph/id/"
    assert manifest["schemaSpace"] == "https://w3id.org/forumgraph/ontology#"
    assert [one["id"] for one in manifest["defaultTypes"]] == [
        "dfo:State",
        "dfo:Bloc",
        "foaf:Person",
        "dfo:Meeting",
    ]
    assert manifest["view"]["url"] == "http://localhost/id/{{id}}"
    assert small.get("/reconcile/").json == manifest


def test_every_address_of_the_manifest_answers(small: FlaskClient) -> None:
    """What the manifest names is there: suggest, flyout, preview, proposals."""
    manifest = small.get("/reconcile").json
    assert manifest
    examples = {"entity": ("chi", "chile"), "type": ("st", "dfo:State")}
    examples["property"] = ("iso", "dfo:isoAlpha3")
    for kind, (prefix, entity_id) in examples.items():
        part = manifest["suggest"][kind]
        url = part["service_url"] + part["service_path"]
        schema = "suggest-entity" if kind == "entity" else "suggest-named"
        found = valid(schema, small.get(url, query_string={"prefix": prefix}).json)["result"]
        assert found[0]["id"] == entity_id
        flyout = part["service_url"] + part["flyout_service_path"].replace("${id}", entity_id)
        assert valid("flyout", small.get(flyout).json)["id"] == entity_id
    preview = manifest["preview"]["url"].replace("{{id}}", "chile")
    assert "智利" in small.get(preview).text
    part = manifest["extend"]["propose_properties"]
    assert small.get(part["service_url"] + part["service_path"]).status_code == 200


def test_other_pages_may_ask(small: FlaskClient) -> None:
    """Every part allows cross-origin access, as version 0.2 demands."""
    for path in ("", "/suggest/entity?prefix=c", "/properties", "/preview?id=chile"):
        assert small.get(f"/reconcile{path}").headers["Access-Control-Allow-Origin"] == "*"


def test_a_preview_may_stand_in_a_frame_and_does_nothing_there(small: FlaskClient) -> None:
    """Only the preview may be framed; it runs no script; other pages stay unframed."""
    preview = small.get("/reconcile/preview?id=chile")
    policy = preview.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in preview.headers
    other = small.get("/reconcile")
    assert other.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


def test_the_schemas_refuse_what_the_protocol_does_not_allow() -> None:
    """A schema that took everything would prove nothing."""
    wrong = {
        "manifest": {"versions": ["0.1"], "name": "n", "identifierSpace": "u", "schemaSpace": "u"},
        "query-batch": {"q0": {"limit": 3}},
        "result-batch": {"q0": {"result": [{"id": "x", "name": "y"}]}},
        "suggest-entity": {"result": [{"id": "x"}]},
        "suggest-named": {"result": [{"name": "x"}]},
        "flyout": {"id": "x"},
        "property-proposal": {"type": "x", "properties": [{"id": "y"}]},
        "extension-query": {"ids": ["x"]},
        "extension-response": {"meta": [], "rows": {"x": {"y": [{"date": "2018"}]}}},
    }
    assert {path.stem for path in (FOLDER / "schemas").glob("*.json")} == set(wrong)
    for schema, body in wrong.items():
        with pytest.raises(ValidationError):
            valid(schema, body)


def test_the_catalogue_is_made_once() -> None:
    """The runner is asked when the first request comes, and never again."""
    runner = CountingRunner(load_files(FILES))
    client = client_of(runner)
    assert runner.asked == []
    for _ in range(3):
        client.get("/reconcile")
    assert len(runner.asked) == 1


def test_no_limit_on_rows_cuts_the_catalogue(small: FlaskClient) -> None:
    """Half of the entities would give wrong matches."""
    runner = QueryRunner.over(load_files(FILES), limits=Limits(max_rows=1))
    asked = {"prefix": ""}
    few = client_of(runner).get("/reconcile/suggest/entity", query_string=asked).json
    assert few == small.get("/reconcile/suggest/entity", query_string=asked).json
    assert few
    assert len(few["result"]) == 7
