"""The reconciliation service, used as OpenRefine uses it."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from pyoxigraph import Store

from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.dataset import load_files, load_project
from sparql_endpoint.web.app import create_app
from sparql_endpoint.web.catalogue import load_catalogue
from sparql_endpoint.web.runner import Answer, InProcessRunner, Question, Runner
from sparql_endpoint.web.service import About

_FOLDER = Path(__file__).parent / "reconciliation"
_LINK = Path(__file__).parents[1] / "link"
_FILES = [_LINK / "graph.ttl", _LINK / "alignments.ttl"]
_ABOUT = About("1234", datetime(2026, 11, 22, tzinfo=UTC), "Forum Graph", own=True)


def _client(runner: Runner) -> FlaskClient:
    return create_app(runner, _ABOUT).test_client()


@pytest.fixture(scope="module")
def project() -> FlaskClient:
    """Return a client of the service over the project's data."""
    return _client(InProcessRunner(load_project()))


@pytest.fixture(scope="module")
def small() -> FlaskClient:
    """Return a client of the service over a graph made for tests."""
    return _client(InProcessRunner(load_files(_FILES)))


def _valid(schema: str, body: Any) -> Any:
    """Return the body if the schema of the protocol allows it."""
    text = (_FOLDER / "schemas" / f"{schema}.json").read_text("utf-8")
    Draft202012Validator(
        json.loads(text), format_checker=Draft202012Validator.FORMAT_CHECKER
    ).validate(body)
    return body


def _reconcile(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    batch = _valid("query-batch", {"q0": query})
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = _valid("result-batch", answer.json)["q0"]["result"]
    return found


class OpenRefineLike:
    """A client that does what OpenRefine does: read the manifest, send batches, take matches."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.manifest = _valid("manifest", client.get("/reconcile").json)

    def match(self, rows: list[dict[str, str]], size: int = 10) -> dict[str, str]:
        """Return the id taken for each name, empty where no candidate is good enough."""
        assert size <= self.manifest["batchSize"]
        return {
            name: taken
            for start in range(0, len(rows), size)
            for name, taken in self._batch(rows[start : start + size])
        }

    def _batch(self, rows: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
        queries = {f"q{place}": self._query(row) for place, row in enumerate(rows)}
        batch = _valid("query-batch", queries)
        answer = self._client.post("/reconcile", data={"queries": json.dumps(batch)}).json
        results = _valid("result-batch", answer)
        for key, row in zip(queries, rows, strict=True):
            taken = [found["id"] for found in results[key]["result"] if found["match"]]
            assert len(taken) <= 1
            yield row["name"], "".join(taken)

    def _query(self, row: dict[str, str]) -> dict[str, Any]:
        query: dict[str, Any] = {"query": row["name"], "limit": 6, "type_strict": "should"}
        return query | ({"type": row["type"]} if row["type"] else {})


def test_a_spreadsheet_of_messy_names_is_matched_whole(project: FlaskClient) -> None:
    """Of 60 names with accents, languages and abbreviations 57 match right, 3 are none of ours."""
    with (_FOLDER / "messy_names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60
    assert OpenRefineLike(project).match(rows) == {row["name"]: row["expected"] for row in rows}
    assert [row["name"] for row in rows if not row["expected"]] == [
        "Guyane française",
        "Republic of China (Taiwan)",
        "Puerto Rico",
    ]


def test_matched_rows_are_filled_with_values(project: FlaskClient) -> None:
    """After matching, a client proposes properties of a type and fetches their values."""
    proposal = project.get("/reconcile/properties?type=dfo:State&limit=40").json
    proposed = [one["id"] for one in _valid("property-proposal", proposal)["properties"]]
    assert {"dfo:isoAlpha3", "org:memberOf", "rdfs:label"} <= set(proposed)
    asked = {
        "ids": ["chile", "united-states", "atlantis"],
        "properties": [
            {"id": "dfo:isoAlpha3"},
            {"id": "org:memberOf"},
            {"id": "skos:exactMatch"},
            {"id": "rdfs:label", "settings": {"language": "zh"}},
            {"id": "dfo:unM49"},
        ],
    }
    _valid("extension-query", asked)
    answer = project.post("/reconcile", data={"extend": json.dumps(asked)}).json
    extension = _valid("extension-response", answer)
    chile = extension["rows"]["chile"]
    assert chile["dfo:isoAlpha3"] == [{"str": "CHL"}]
    assert {"id": "celac", "name": "Community of Latin American and Caribbean States"} in chile[
        "org:memberOf"
    ]
    assert chile["skos:exactMatch"] == [{"str": "Q298"}]
    assert chile["rdfs:label"] == [{"str": "智利"}]
    assert extension["rows"]["united-states"]["dfo:unM49"] == [{"str": "840"}]
    assert set(map(str, extension["rows"]["atlantis"].values())) == {"[]"}
    meta = {one["id"]: one for one in extension["meta"]}
    assert meta["org:memberOf"]["type"]["id"] == "dfo:Bloc"
    assert meta["skos:exactMatch"]["name"] == "Wikidata item"


def test_the_manifest_says_what_there_is(small: FlaskClient) -> None:
    """Spaces, types to begin with, and addresses of every part, seen from the client."""
    manifest = _valid("manifest", small.get("/reconcile").json)
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
        found = _valid(schema, small.get(url, query_string={"prefix": prefix}).json)["result"]
        assert found[0]["id"] == entity_id
        flyout = part["service_url"] + part["flyout_service_path"].replace("${id}", entity_id)
        assert _valid("flyout", small.get(flyout).json)["id"] == entity_id
    preview = manifest["preview"]["url"].replace("{{id}}", "chile")
    assert "智利" in small.get(preview).text
    part = manifest["extend"]["propose_properties"]
    assert small.get(part["service_url"] + part["service_path"]).status_code == 200


def test_each_candidate_says_why(small: FlaskClient) -> None:
    """Description and features tell by which name and in which way it fits."""
    (first, *_) = _reconcile(small, query="República dominicana")
    assert first["id"] == "dominican-republic"
    assert first["match"] is True
    assert first["description"] == (
        "State; same name but for accents, case or punctuation: 'República Dominicana'@es"
    )
    assert first["features"] == [
        {"id": "name_score", "value": 99.0},
        {"id": "name_spelling", "value": True},
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("chile", "the identifier itself"),
        ("https://w3id.org/forumgraph/id/chile", "the identifier itself"),
        ("Q298", "the identifier itself"),
        ("Chile", "same name"),
        ("CHÍLE", "same name but for accents, case or punctuation"),
        ("Rep. of Chile", "same words but for order, articles or abbreviations"),
        ("CHL", "code of the state"),
    ],
)
def test_names_ids_and_codes_all_lead_to_the_entity(
    small: FlaskClient, text: str, reason: str
) -> None:
    """An id as query gives its entity; so do names in any form, and codes."""
    (first, *_) = _reconcile(small, query=text)
    assert (first["id"], first["match"]) == ("chile", True)
    assert f"; {reason}: " in first["description"]


def test_what_is_only_alike_is_not_taken(small: FlaskClient) -> None:
    """A core in common, or two that are near, leave the choice to people."""
    core = _reconcile(small, query="Kingdom of Chile")
    assert (core[0]["id"], core[0]["match"]) == ("chile", False)
    assert "same but for words such as 'republic'" in core[0]["description"]
    near = _reconcile(small, query="Dominicana")
    assert {one["id"] for one in near} == {"dominica", "dominican-republic"}
    assert not any(one["match"] for one in near)
    other = _reconcile(small, query="Third Ministerial Meeting")
    assert (other[0]["id"], other[0]["score"], other[0]["match"]) == (
        "ccf-ministerial-2",
        80.0,
        False,
    )


def test_types_narrow_or_only_weigh(small: FlaskClient) -> None:
    """A type excludes others, also by a broader class; 'should' keeps them with a lower score."""
    assert _reconcile(small, query="Chile", type="dfo:Bloc") == []
    assert _reconcile(small, query="Chile", type=["dfo:Bloc", "dfo:State"])[0]["match"]
    both = ["dfo:State", "org:FormalOrganization"]
    assert _reconcile(small, query="Chile", type=both, type_strict="all")[0]["match"]
    assert not _reconcile(small, query="Chile", type=["dfo:Bloc", "dfo:State"], type_strict="all")
    (weak, *_) = _reconcile(small, query="Chile", type="dfo:Bloc", type_strict="should")
    assert (weak["id"], weak["score"], weak["match"]) == ("chile", 80.0, False)
    assert {"id": "type_fits", "value": False} in weak["features"]


def test_values_of_properties_count(small: FlaskClient) -> None:
    """A value that agrees confirms, one that does not forbids, and values alone can find."""
    code = {"pid": "dfo:isoAlpha3", "v": "DMA"}
    (dominica, *_) = _reconcile(small, query="Dominicana", properties=[code])
    assert dominica["id"] == "dominica"
    assert {"id": "property_dfo:isoAlpha3", "value": 100.0} in dominica["features"]
    wrong = _reconcile(small, query="Chile", properties=[code])
    assert (wrong[0]["id"], wrong[0]["match"]) == ("chile", False)
    (only,) = _reconcile(small, properties=[code])
    assert (only["id"], only["match"]) == ("dominica", True)
    assert only["description"] == "State; values of its properties"
    member = {"pid": "org:memberOf", "v": [{"id": "celac"}, {"id": "oas"}]}
    assert [one["id"] for one in _reconcile(small, properties=[member])] == ["chile"]
    number = {"pid": "dfo:ordinal", "v": 2}
    assert _reconcile(small, properties=[number])[0]["id"] == "ccf-ministerial-2"
    truth = {"pid": "dfo:ordinal", "v": True}
    assert _reconcile(small, properties=[truth]) == []


def test_the_limit_holds(small: FlaskClient) -> None:
    """No more candidates come than were asked for."""
    assert len(_reconcile(small, query="Dominicana", limit=1)) == 1


def test_a_batch_goes_by_get_and_in_the_wrapping_of_old_clients(small: FlaskClient) -> None:
    """GET works as POST does; a callback makes it JSONP."""
    asked = {"queries": '{"a": {"query": "Chile"}, "b": {"query": "CELAC"}}'}
    plain = small.get("/reconcile", query_string=asked)
    assert plain.json
    assert {key: one["result"][0]["id"] for key, one in plain.json.items()} == {
        "a": "chile",
        "b": "celac",
    }
    wrapped = small.get("/reconcile", query_string=asked | {"callback": "jQuery1.cb_2"})
    assert wrapped.mimetype == "text/javascript"
    assert wrapped.text == f"/**/jQuery1.cb_2({plain.text});"


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


def test_suggestions_come_by_prefix_in_pages(small: FlaskClient) -> None:
    """Names that begin so come first, in any language; the cursor skips; an id finds its own."""

    def ids(kind: str, **asked: Any) -> list[str]:
        body = small.get(f"/reconcile/suggest/{kind}", query_string=asked).json
        assert body
        return [one["id"] for one in body["result"]]

    assert ids("entity", prefix="comunidad de est")[0] == "celac"
    assert ids("entity", prefix="dominic") == ["dominica", "dominican-republic"]
    assert ids("entity", prefix="dominic", cursor=1) == ["dominican-republic"]
    assert ids("entity", prefix="xi-jinping")[0] == "xi-jinping"
    assert ids("entity", prefix="Domincan Republic")[0] == "dominican-republic"
    assert len(ids("entity", prefix="")) == 7
    assert ids("type", prefix="dfo:S") == ["dfo:State"]
    assert ids("property", prefix="nothing such") == []


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
    rows = _valid("extension-response", body)["rows"]
    assert rows["celac"]["dfo:establishedIn"] == [{"date": "2011-12-03T00:00:00Z"}]
    assert rows["chile"]["geo:lat"] == [{"float": -38.0}]
    assert rows["ccf-ministerial-2"]["dfo:ordinal"] == [{"int": 2}]
    assert len(rows["chile"]["rdfs:label"]) == 1


_BAD = {
    "{": "the parameter 'queries' is no JSON",
    "[" * 100_000: "the parameter 'queries' is no JSON: nested too deep",
    "[]": "the batch must be an object",
    '{"q": 1}': "query 'q' must be an object",
    '{"q": {}}': "query 'q' needs 'query' or 'properties'",
    '{"q": {"query": ""}}': "'query' must be text that is not empty",
    '{"q": {"query": 5}}': "'query' must be text",
    '{"q": {"query": "a", "limit": 0}}': "'limit' must be a whole number from 1 on",
    '{"q": {"query": "a", "limit": true}}': "'limit' must be a whole number",
    '{"q": {"query": "a", "typo": 1}}': "query 'q': no field 'typo'; there are limit, properties",
    '{"q": {"query": "a", "type": "Q6256"}}': "no type 'Q6256'; ask /reconcile/suggest/type",
    '{"q": {"query": "a", "type": [{"id": 3}]}}': "no type 3",
    '{"q": {"query": "a", "type": 3}}': "'type' must be a type or a list of types",
    '{"q": {"query": "a", "type_strict": "no"}}': "'type_strict' must be one of any, all, should",
    '{"q": {"query": "a", "type_strict": []}}': "'type_strict' must be one of any, all, should",
    '{"q": {"query": "a", "properties": 1}}': "'properties' must be a list",
    '{"q": {"properties": [{"pid": "x"}]}}': "a property needs 'pid' and 'v'",
    '{"q": {"properties": [{"pid": "x", "v": 1}]}}': "no property 'x'; ask",
    '{"q": {"properties": [{"pid": [], "v": 1}]}}': "no property []; ask",
    '{"q": {"properties": [{"pid": "dfo:ordinal", "v": null}]}}': "a value must be text, a number",
}


@pytest.mark.parametrize("batch", _BAD, ids=[text[:60] for text in _BAD])
def test_a_bad_batch_is_refused_in_words(small: FlaskClient, batch: str) -> None:
    """A 400 as problem details names the query and what is wrong with it."""
    answer = small.post("/reconcile", data={"queries": batch})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json
    assert _BAD[batch] in answer.json["detail"]


_BAD_EXTENSIONS = {
    "x": "the parameter 'extend' is no JSON",
    "{}": "'extend' needs 'ids' and 'properties'",
    '{"ids": [1], "properties": []}': "'ids' must be a list of texts",
    '{"ids": [], "properties": {}}': "'properties' must be a list",
    '{"ids": [], "properties": [1]}': "a property to fetch needs an 'id'",
    '{"ids": [], "properties": [{"id": "no"}]}': "no property 'no'; ask /reconcile/properties",
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


def test_a_batch_too_large_is_a_413(small: FlaskClient) -> None:
    """More queries than the manifest's batchSize are refused with the number allowed."""
    batch = {f"q{number}": {"query": "x"} for number in range(101)}
    answer = small.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 413
    assert answer.json
    assert answer.json["detail"] == "101 queries; the most in one batch are 100"


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("?queries=%7B%7D&extend=%7B%7D", 400, "not both"),
        ("?queries=%7B%7D&callback=alert(1)", 400, "'callback' must be the name of a function"),
        ("/suggest/entity?cursor=-1", 400, "'cursor' must be a whole number"),
        ("/properties?type=dfo:Nothing", 400, "no type 'dfo:Nothing'"),
        ("/properties?limit=x", 400, "'limit' must be a whole number"),
        ("/preview?id=atlantis", 404, "no entity 'atlantis'"),
        ("/flyout/type?id=dfo:Nothing", 404, "no type 'dfo:Nothing'"),
        ("/suggest/nothing", 404, ""),
    ],
)
def test_other_bad_requests_are_refused_in_words(
    small: FlaskClient, path: str, status: int, detail: str
) -> None:
    """Each part says what it wants."""
    answer = small.get(f"/reconcile{path}")
    assert answer.status_code == status
    assert answer.json
    assert detail in answer.json["detail"]


def test_a_bare_post_is_refused(small: FlaskClient) -> None:
    """A POST without queries cannot be a wish for the manifest."""
    assert small.post("/reconcile").status_code == 400


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
    assert {path.stem for path in (_FOLDER / "schemas").glob("*.json")} == set(wrong)
    for schema, body in wrong.items():
        with pytest.raises(ValidationError):
            _valid(schema, body)


class _Counting:
    """A runner that counts what it is asked, and may not give all of it."""

    def __init__(self, store: Store, *, complete: bool = True) -> None:
        self._inner, self._complete, self.asked = InProcessRunner(store), complete, 0

    def run(self, question: Question) -> Answer:
        self.asked += 1
        return replace(self._inner.run(question), complete=self._complete)


def test_the_catalogue_is_made_once() -> None:
    """The runner is asked when the first request comes, and never again."""
    runner = _Counting(load_files(_FILES))
    client = _client(runner)
    assert runner.asked == 0
    for _ in range(3):
        client.get("/reconcile")
    assert runner.asked == 1


def test_a_cut_catalogue_is_an_error() -> None:
    """Half of the entities would give wrong matches."""
    with pytest.raises(DataError, match="raise the limit on rows"):
        load_catalogue(_Counting(load_files(_FILES), complete=False))
