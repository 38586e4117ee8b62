"""Names are matched to entities, in batches."""

import csv
import json

import pytest
from flask.testing import FlaskClient
from openrefine import FOLDER, OpenRefineLike, reconcile, valid


def test_a_spreadsheet_of_messy_names_is_matched_whole(project: FlaskClient) -> None:
    """Of 60 names with accents, languages and abbreviations 57 match right, 3 are none of ours."""
    with (FOLDER / "messy_names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60
    assert OpenRefineLike(project).match(rows) == {row["name"]: row["expected"] for row in rows}
    assert [row["name"] for row in rows if not row["expected"]] == [
        "Guyane française",
        "Republic of China (Taiwan)",
        "Puerto Rico",
    ]


def test_each_candidate_says_why(small: FlaskClient) -> None:
    """Description and features tell by which name and in which way it fits."""
    (first, *_) = reconcile(small, query="República dominicana")
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
    (first, *_) = reconcile(small, query=text)
    assert (first["id"], first["match"]) == ("chile", True)
    assert f"; {reason}: " in first["description"]


def test_what_is_only_alike_is_not_taken(small: FlaskClient) -> None:
    """A core in common, or two that are near, leave the choice to people."""
    core = reconcile(small, query="Kingdom of Chile")
    assert (core[0]["id"], core[0]["match"]) == ("chile", False)
    assert "same but for words such as 'republic'" in core[0]["description"]
    near = reconcile(small, query="Dominicana")
    assert {one["id"] for one in near} == {"dominica", "dominican-republic"}
    assert not any(one["match"] for one in near)
    other = reconcile(small, query="Third Ministerial Meeting")
    assert (other[0]["id"], other[0]["score"], other[0]["match"]) == (
        "ccf-ministerial-2",
        80.0,
        False,
    )


def test_types_narrow_or_only_weigh(small: FlaskClient) -> None:
    """A type excludes others, also by a broader class; 'should' keeps them with a lower score."""
    assert reconcile(small, query="Chile", type="dfo:Bloc") == []
    assert reconcile(small, query="Chile", type=["dfo:Bloc", "dfo:State"])[0]["match"]
    both = ["dfo:State", "org:FormalOrganization"]
    assert reconcile(small, query="Chile", type=both, type_strict="all")[0]["match"]
    assert not reconcile(small, query="Chile", type=["dfo:Bloc", "dfo:State"], type_strict="all")
    (weak, *_) = reconcile(small, query="Chile", type="dfo:Bloc", type_strict="should")
    assert (weak["id"], weak["score"], weak["match"]) == ("chile", 80.0, False)
    assert {"id": "type_fits", "value": False} in weak["features"]


def test_values_of_properties_count(small: FlaskClient) -> None:
    """A value that agrees confirms, one that does not forbids, and values alone can find."""
    code = {"pid": "dfo:isoAlpha3", "v": "DMA"}
    (dominica, *_) = reconcile(small, query="Dominicana", properties=[code])
    assert dominica["id"] == "dominica"
    assert {"id": "property_dfo:isoAlpha3", "value": 100.0} in dominica["features"]
    wrong = reconcile(small, query="Chile", properties=[code])
    assert (wrong[0]["id"], wrong[0]["match"]) == ("chile", False)
    (only,) = reconcile(small, properties=[code])
    assert (only["id"], only["match"]) == ("dominica", True)
    assert only["description"] == "State; values of its properties"
    member = {"pid": "org:memberOf", "v": [{"id": "celac"}, {"id": "oas"}]}
    assert [one["id"] for one in reconcile(small, properties=[member])] == ["chile"]
    number = {"pid": "dfo:ordinal", "v": 2}
    assert reconcile(small, properties=[number])[0]["id"] == "ccf-ministerial-2"
    truth = {"pid": "dfo:ordinal", "v": True}
    assert reconcile(small, properties=[truth]) == []


def test_the_limit_holds(small: FlaskClient) -> None:
    """No more candidates come than were asked for."""
    assert len(reconcile(small, query="Dominicana", limit=1)) == 1


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


_EMPTY = (
    "1",
    "[]",
    "null",
    "{}",
    '{"query": ""}',
    '{"query": "  "}',
    '{"query": "\\u00a0\\t"}',
    '{"query": 5}',
    '{"query": null}',
    '{"query": "Chile", "limit": 0}',
    '{"query": "Chile", "limit": -3}',
    '{"query": "Chile", "type": "Country"}',
    '{"query": "Chile", "type": ["Country"], "type_strict": "all"}',
    '{"query": "Chile", "type": "Country", "type_strict": "no"}',
    '{"properties": 1}',
    '{"properties": [{"pid": "capital", "v": "Santiago"}]}',
    '{"properties": [{"pid": "dfo:ordinal", "v": null}]}',
    '{"properties": [{"pid": "dfo:ordinal"}, 5, {"pid": [], "v": 1}]}',
    '{"query": "", "properties": [{"pid": "dfo:ordinal", "v": [null, ""]}]}',
)


@pytest.mark.parametrize("odd", _EMPTY)
def test_an_odd_query_costs_that_query_only(small: FlaskClient, odd: str) -> None:
    """One key of the answer for each of the batch (API 0.2, section 4): blank cells are usual."""
    batch = f'{{"q0": {{"query": "Chile"}}, "q1": {odd}, "q2": {{"query": "CELAC"}}}}'
    answer = small.post("/reconcile", data={"queries": batch})
    assert answer.status_code == 200
    found = valid("result-batch", answer.json)
    assert {key: [one["id"] for one in found[key]["result"][:1]] for key in found} == {
        "q0": ["chile"],
        "q1": [],
        "q2": ["celac"],
    }


@pytest.mark.parametrize(
    "odd",
    [
        '"typo": 1',
        '"type": null',
        '"type": 3',
        '"type": [{"id": 3}]',
        '"type": ""',
        '"limit": null',
        '"limit": true',
        '"limit": 6.0',
        '"limit": 1e999',
        '"type_strict": []',
        '"type_strict": null',
        '"properties": null',
        '"properties": [{"pid": "capital", "v": "Santiago"}]',
        '"properties": [{"pid": "dfo:ordinal", "v": null}]',
        '"type": "dfo:State", "properties": [{"pid": "capital", "v": "Santiago"}]',
    ],
)
def test_a_field_that_says_nothing_changes_nothing(small: FlaskClient, odd: str) -> None:
    """An unknown property adds nothing to the score, and a null is no wish."""
    batch = f'{{"q0": {{"query": "Chile", {odd}}}}}'
    answer = small.post("/reconcile", data={"queries": batch})
    assert answer.status_code == 200
    (first, *_) = valid("result-batch", answer.json)["q0"]["result"]
    assert (first["id"], first["score"], first["match"]) == ("chile", 100.0, True)


def test_an_unknown_type_that_should_fit_only_weighs(small: FlaskClient) -> None:
    """As a known type does that no candidate is of; nothing is taken unseen."""
    (weak, *_) = reconcile(small, query="Chile", type="Country", type_strict="should")
    assert (weak["id"], weak["score"], weak["match"]) == ("chile", 80.0, False)


_BAD = {
    "{": "the parameter 'queries' is no JSON",
    "[" * 100_000: "the parameter 'queries' is no JSON: nested too deep",
    "[]": "the batch must be an object",
}


@pytest.mark.parametrize("batch", _BAD, ids=[text[:60] for text in _BAD])
def test_a_bad_batch_is_refused_in_words(small: FlaskClient, batch: str) -> None:
    """A 400 as problem details says what is wrong with the batch as a whole."""
    answer = small.post("/reconcile", data={"queries": batch})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json
    assert _BAD[batch] in answer.json["detail"]


def test_a_batch_too_large_is_a_413(small: FlaskClient) -> None:
    """More queries than the manifest's batchSize are refused with the number allowed."""
    batch = {f"q{number}": {"query": "x"} for number in range(101)}
    answer = small.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 413
    assert answer.json
    assert answer.json["detail"] == "101 queries; the most in one batch are 100"


def test_a_bare_post_is_refused(small: FlaskClient) -> None:
    """A POST without queries cannot be a wish for the manifest."""
    assert small.post("/reconcile").status_code == 400
