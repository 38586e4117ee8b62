"""The reconciliation service as OpenRefine uses it, by the schemas of its protocol."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.query.evaluation import QueryRunner

__all__ = ["FILES", "FOLDER", "OpenRefineLike", "client_of", "reconcile", "valid"]

_TESTS = Path(__file__).parents[1]
FOLDER = _TESTS / "reconcile"
FILES = [_TESTS / "link" / "graph.ttl", _TESTS / "link" / "alignments.ttl"]
"""A graph made for tests."""
_ABOUT = About("1234", datetime(2026, 11, 22, tzinfo=UTC), "Forum Graph", own=True)


def client_of(runner: QueryRunner) -> FlaskClient:
    """Return a client of the service over what a runner answers."""
    return create_app(runner, _ABOUT).test_client()


def valid(schema: str, body: Any) -> Any:
    """Return the body if the schema of the protocol allows it."""
    text = (FOLDER / "schemas" / f"{schema}.json").read_text("utf-8")
    Draft202012Validator(
        json.loads(text), format_checker=Draft202012Validator.FORMAT_CHECKER
    ).validate(body)
    return body


def reconcile(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    """Return the candidates for one query."""
    batch = valid("query-batch", {"q0": query})
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = valid("result-batch", answer.json)["q0"]["result"]
    return found


class OpenRefineLike:
    """A client that does what OpenRefine does: read the manifest, send batches, take matches."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.manifest = valid("manifest", client.get("/reconcile").json)

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
        batch = valid("query-batch", queries)
        answer = self._client.post("/reconcile", data={"queries": json.dumps(batch)}).json
        results = valid("result-batch", answer)
        for key, row in zip(queries, rows, strict=True):
            taken = [found["id"] for found in results[key]["result"] if found["match"]]
            assert len(taken) <= 1
            yield row["name"], "".join(taken)

    def _query(self, row: dict[str, str]) -> dict[str, Any]:
        query: dict[str, Any] = {"query": row["name"], "limit": 6, "type_strict": "should"}
        return query | ({"type": row["type"]} if row["type"] else {})
