"""Reconciliation queries and their candidates.

The protocol: Reconciliation Service API 0.2, section 4,
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#reconciliation-queries
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sparql_endpoint.errors import BatchTooLargeError, RequestError
from sparql_endpoint.link.catalogue import Catalogue
from sparql_endpoint.link.entities import Entity
from sparql_endpoint.link.matching import CERTAIN, MARGIN, Candidate, Way, decided, similarity
from sparql_endpoint.names import expand

__all__ = ["BATCH_SIZE", "PropertyValue", "Query", "answer", "parse_batch", "parse_json"]

BATCH_SIZE = 100
"""The most queries in one batch."""

_LIMIT = 10
_DIGITS = 300
"""Digits of an integer that a number of JSON can have."""
_PROPERTY_WEIGHT = 0.4
_WRONG_TYPE = 0.8
_STRICTNESS = ("any", "all", "should")


@dataclass(frozen=True)
class PropertyValue:
    """A property by its id, and the values of it that the entity should have, as text."""

    id: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """One reconciliation query.

    ``text`` is empty where only properties are asked for, or nothing.
    """

    text: str
    types: tuple[str, ...] = ()
    strictness: str = "any"
    limit: int = _LIMIT
    properties: tuple[PropertyValue, ...] = ()


def parse_json(name: str, text: str) -> Any:
    """Return the JSON of a parameter.

    Raises:
        RequestError: it is none.
    """
    try:
        return json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError) as fault:
        reason = getattr(fault, "msg", "nested too deep")
        raise RequestError(f"the parameter '{name}' is no JSON: {reason}") from None


def _integer(digits: str) -> int | float:
    """Return an integer of JSON; one with so many digits that Python refuses it is infinite."""
    return int(digits) if len(digits) < _DIGITS else float(digits)


def parse_batch(text: str, catalogue: Catalogue) -> dict[str, Query]:
    """Return the queries of a batch by their keys.

    A query that is not what the protocol says, or asks for nothing, is one without candidates, so
    that it costs no other query of the batch its answer. Fields that are not known, and values of
    a field that cannot be meant, are passed over.

    Raises:
        BatchTooLargeError: there are more than ``BATCH_SIZE``.
        RequestError: the batch as a whole is not what the protocol says.
    """
    batch = parse_json("queries", text)
    if not isinstance(batch, dict):
        raise RequestError('the batch must be an object of queries, as {"q0": {"query": "Chile"}}')
    if len(batch) > BATCH_SIZE:
        raise BatchTooLargeError(f"{len(batch)} queries; the most in one batch are {BATCH_SIZE}")
    return {
        key: _query(query, catalogue) if isinstance(query, dict) else Query("")
        for key, query in batch.items()
    }


def answer(query: Query, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the candidates for a query as the protocol sends them, the best first."""
    scored = sorted(
        (_scored(query, candidate) for candidate in _candidates(query, catalogue)),
        key=lambda one: (-one.score, one.candidate.entity.iri),
    )
    kept = [one for one in scored if _type_allows(query, one.candidate.entity)]
    certain = _certain(query, kept)
    return [
        _as_json(one, catalogue, match=certain and place == 0)
        for place, one in enumerate(kept[: query.limit])
    ]


@dataclass(frozen=True)
class _Scored:
    candidate: Candidate
    score: float
    of_type: bool | None
    properties: tuple[tuple[str, float], ...]


def _candidates(query: Query, catalogue: Catalogue) -> list[Candidate]:
    if query.text:
        return catalogue.index.candidates(query.text)
    if not query.properties:
        return []
    found = (_by_properties(entity, query) for entity in catalogue.entities.values())
    return [candidate for candidate in found if candidate.score]


def _by_properties(entity: Entity, query: Query) -> Candidate:
    values = [_agreement(entity, wanted) for wanted in query.properties]
    name = next(iter(entity.names), None)
    return Candidate(entity, sum(values) / len(values), Way.PROPERTIES, name)


def _scored(query: Query, candidate: Candidate) -> _Scored:
    """Weigh name and properties as the reconciliation service of Wikidata does."""
    agreements = tuple((w.id, _agreement(candidate.entity, w)) for w in query.properties)
    score = candidate.score
    if query.text:
        total = score + _PROPERTY_WEIGHT * sum(value for _, value in agreements)
        score = total / (1 + _PROPERTY_WEIGHT * len(agreements))
    of_type = _has_types(query, candidate.entity) if query.types else None
    if of_type is False and query.strictness == "should":
        score *= _WRONG_TYPE
    return _Scored(candidate, round(score, 1), of_type, agreements)


def _agreement(entity: Entity, wanted: PropertyValue) -> float:
    """Return how well the best value of the entity agrees, to 100; what is only near is 0."""
    ours = [value.rpartition("/")[2] for value in entity.strings(wanted.id)]
    ours += entity.strings(wanted.id)
    pairs = (similarity(our, value) for our in ours for value in wanted.values)
    best = max(pairs, default=0.0)
    return best if best >= CERTAIN else 0.0


def _has_types(query: Query, entity: Entity) -> bool:
    wanted = [expand(name) in entity.classes for name in query.types]
    return all(wanted) if query.strictness == "all" else any(wanted)


def _type_allows(query: Query, entity: Entity) -> bool:
    return not query.types or query.strictness == "should" or _has_types(query, entity)


def _certain(query: Query, kept: Sequence[_Scored]) -> bool:
    """Tell whether the first may be taken unseen: sure by name, and nothing speaks against it."""
    if not kept:
        return False
    first = kept[0]
    others = [one.score for one in kept[1:2]]
    if first.of_type is False or not all(value for _, value in first.properties):
        return False
    if query.properties:
        return first.score >= CERTAIN and all(first.score - other >= MARGIN for other in others)
    return decided([one.candidate for one in kept])


def _as_json(one: _Scored, catalogue: Catalogue, *, match: bool) -> dict[str, Any]:
    entity, types = one.candidate.entity, catalogue.types_of(one.candidate.entity)
    kinds = ", ".join(named.name for named in types)
    return {
        "id": catalogue.id_of(entity),
        "name": entity.label(),
        "description": f"{kinds}; {one.candidate.reason}" if kinds else one.candidate.reason,
        "type": [named.as_json() for named in types],
        "score": one.score,
        "match": match,
        "features": list(_features(one)),
    }


def _features(one: _Scored) -> Iterator[dict[str, Any]]:
    yield {"id": "name_score", "value": one.candidate.score}
    yield {"id": f"name_{one.candidate.way.name.lower()}", "value": True}
    if one.of_type is not None:
        yield {"id": "type_fits", "value": one.of_type}
    for property_id, value in dict(one.properties).items():
        yield {"id": f"property_{property_id}", "value": value}


def _query(given: Mapping[str, Any], catalogue: Catalogue) -> Query:
    text = given.get("query")
    strictness = given.get("type_strict")
    return Query(
        text.strip() if isinstance(text, str) else "",
        tuple(_types(given.get("type"))),
        strictness if strictness in _STRICTNESS else _STRICTNESS[0],
        _limit(given.get("limit")),
        tuple(_properties(given.get("properties"), catalogue)),
    )


def _limit(given: Any) -> int:
    """Return how many candidates are wanted; none for a number below 1."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        return _LIMIT
    return max(int(given), 0)


def _types(given: Any) -> Iterator[str]:
    """Yield the ids of the types that are wanted, known or not: nothing is of an unknown one."""
    for one in given if isinstance(given, list) else [given]:
        name = one.get("id") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip():
            yield name


def _properties(given: Any, catalogue: Catalogue) -> Iterator[PropertyValue]:
    """Yield the properties that the graph knows with the values that they should have."""
    for one in given if isinstance(given, list) else []:
        pid = one.get("pid") if isinstance(one, dict) else None
        if isinstance(pid, str) and pid in catalogue.properties:
            wanted = one.get("v")
            each = map(_value, wanted if isinstance(wanted, list) else [wanted])
            if values := tuple(value for value in each if value):
                yield PropertyValue(pid, values)


def _value(value: Any) -> str:
    """Return a value as text, empty for one that says nothing."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else ""
