"""Answers for assistants: small, and with a count of what was left out to keep them so."""

import json
from collections.abc import Iterable
from typing import Any

from sparql_endpoint.assistants.endpoint_client import SparqlAnswer

__all__ = ["Answer", "bounded", "brief", "plain", "rows", "statements"]

Answer = dict[str, Any]

_NEW_STATEMENT = ("subject", "property", "value")


def bounded(answer: Answer, max_bytes: int) -> str:
    """Return an answer as JSON of at most ``max_bytes`` bytes; ``left_out`` counts the rest.

    The last items of the largest list go first. An answer without lists and texts stays as it is.
    """
    kept, left_out = dict(answer), dict[str, int]()
    while (excess := len(_json(kept | {"left_out": left_out}).encode()) - max_bytes) > 0:
        sizes = {
            name: len(_json(value).encode())
            for name, value in kept.items()
            if value and isinstance(value, list | str)
        }
        if not sizes:
            break
        name = max(sizes, key=lambda name: sizes[name])
        length = len(kept[name])
        share = min(0.5, excess / sizes[name])
        kept[name] = kept[name][: length - max(1, int(length * share))]
        left_out[name] = len(answer[name]) - len(kept[name])
    return _json(kept | {"left_out": left_out} if left_out else kept)


def statements(found: SparqlAnswer) -> list[Answer]:
    """Return claims, of the query ``claims_about``, by the statement that they make.

    Each statement has its claims, and each claim its claimant, standing, sources and words.
    """
    made: dict[tuple[str, ...], Answer] = {}
    for row in found.rows:
        cell = dict(zip(found.columns, row, strict=True))
        key = tuple(cell[name] for name in _NEW_STATEMENT)
        statement = made.setdefault(key, _statement(cell))
        claim = statement["claims"].setdefault(cell["claim"], _claim(cell))
        source = _without_empty(
            {"source": cell["source"], "title": plain(cell["title"]), "words": cell["words"]}
        )
        if source not in claim["evidence"]:
            claim["evidence"].append(source)
        if cell["place"] and cell["place"] not in claim.setdefault("places", []):
            claim["places"].append(cell["place"])
    return [item | {"claims": list(item["claims"].values())} for item in made.values()]


def _statement(cell: dict[str, str]) -> Answer:
    parts = {name: cell[name] for name in _NEW_STATEMENT}
    names = {f"{end}_name": plain(cell[f"{end}Name"]) for end in ("subject", "value")}
    return _without_empty(parts | names) | {"claims": {}}


def _claim(cell: dict[str, str]) -> Answer:
    standing, basis = cell["standing"].removeprefix("dfo:"), cell["basis"].removeprefix("dfo:")
    claimant = plain(cell["claimantName"]) or cell["claimant"]
    claim = {"claim": cell["claim"], "standing": standing, "basis": basis, "claimant": claimant}
    if cell["disputed"] == "true":
        claim["disputed"] = "yes"
    return _without_empty(claim) | {"evidence": []}


def brief(statement: Answer, thing: str) -> Answer:
    """Return a statement about ``thing`` in short: its claims, who makes them, and the words."""
    claims = statement["claims"]
    short: Answer = {
        name: statement[name] for name in ("property", "value", "value_name") if name in statement
    }
    if statement["subject"] != thing:
        short = {"subject": statement.get("subject_name", statement["subject"])} | short
    short["said_by"] = sorted({claim["claimant"] for claim in claims})
    short["claims"] = [claim["claim"] for claim in claims]
    words = [item["words"] for claim in claims for item in claim["evidence"] if "words" in item]
    disputed = {"disputed": "yes"} if any("disputed" in claim for claim in claims) else {}
    return short | ({"words": words[0]} if words else {}) | disputed


def plain(text: str) -> str:
    """Return a name without the tag of its language."""
    name, at, tag = text.rpartition("@")
    return name if at and tag.replace("-", "").isalnum() else text


def _without_empty(answer: Answer) -> Answer:
    return {name: value for name, value in answer.items() if value}


def rows(found: SparqlAnswer) -> Iterable[Answer]:
    """Yield the rows of a result as objects without the columns that are unbound."""
    for row in found.rows:
        yield _without_empty(dict(zip(found.columns, row, strict=True)))


def _json(value: Answer | list[Any] | str) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
