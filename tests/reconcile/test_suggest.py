"""Entities, types and properties are suggested to who types, and shown in short."""

from typing import Any

import pytest
from flask.testing import FlaskClient


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


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("?queries=%7B%7D&extend=%7B%7D", 400, "not both"),
        ("?queries=%7B%7D&callback=alert(1)", 400, "'callback' must be the name of a function"),
        ("/suggest/entity?cursor=-1", 400, "'cursor' must be a whole number"),
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


def test_an_exact_name_is_suggested_first(project: FlaskClient) -> None:
    """Then names that begin so, the shorter first, then words within a name."""

    def names(prefix: str) -> list[str]:
        asked = {"prefix": prefix}
        body = project.get("/reconcile/suggest/entity", query_string=asked).json
        assert body
        return [one["name"] for one in body["result"]]

    assert names("Xi Jinping")[0] == "Xi Jinping"
    assert names("Wang Yi")[0] == "Wang Yi"
    assert {"Chile", "China"} <= set(names("chi"))


def test_no_property_is_proposed_for_an_unknown_type(small: FlaskClient) -> None:
    """Nothing is of it, so nothing of it has properties."""
    body = small.get("/reconcile/properties?type=dfo:Nothing").json
    assert body == {"type": "dfo:Nothing", "properties": []}
