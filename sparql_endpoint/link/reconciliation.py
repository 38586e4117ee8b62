"""Reconciliation queries and their candidates.

The protocol: Reconciliation Service API 0.2, section 4,
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#reconciliation-queries
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
_PROPERTY_WEIGHT = 0.4
_WRONG_TYPE = 0.8
_FIELDS = frozenset({"query", "type", "type_strict", "limit", "properties"})
_STRICTNESS = ("any", "all", "should")


@dataclass(frozen=True)
class PropertyValue:
    """A property by its id, and the values of it that the entity should have, as text."""

    id: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """One reconciliation query; ``text`` is empty where only properties are asked for."""

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
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        reason = getattr(fault, "msg", "nested too deep")
        raise RequestError(f"the parameter '{name}' is no JSON: {reason}") from None


def parse_batch(text: str, catalogue: Catalogue) -> dict[str, Query]:
    """Return the queries of a batch by their keys.

    Raises:
        BatchTooLargeError: there are more than ``BATCH_SIZE``.
        RequestError: the batch, or a query in it, is not what the protocol says; the error names
            the query and the field.
    """
    batch = parse_json("queries", text)
    if not isinstance(batch, dict):
        raise RequestError('the batch must be an object of queries, as {"q0": {"query": "Chile"}}')
    if len(batch) > BATCH_SIZE:
        raise BatchTooLargeError(f"{len(batch)} queries; the most in one batch are {BATCH_SIZE}")
    return {key: _query(key, query, catalogue) for key, query in batch.items()}


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
        "id": entity.slug,
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


def _query(key: str, given: Any, catalogue: Catalogue) -> Query:
    if not isinstance(given, dict):
        raise RequestError(f"query '{key}' must be an object")
    unknown = sorted(set(given) - _FIELDS)
    if unknown:
        fields = ", ".join(sorted(_FIELDS))
        raise RequestError(f"query '{key}': no field '{unknown[0]}'; there are {fields}")
    text = given.get("query", "")
    if not isinstance(text, str) or ("query" in given and not text.strip()):
        raise RequestError(f"query '{key}': 'query' must be text that is not empty")
    properties = tuple(_properties(key, given.get("properties", []), catalogue))
    if not text and not properties:
        raise RequestError(f"query '{key}' needs 'query' or 'properties'")
    limit = given.get("limit", _LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise RequestError(f"query '{key}': 'limit' must be a whole number from 1 on")
    strictness = given.get("type_strict", "any")
    if strictness not in _STRICTNESS:
        raise RequestError(f"query '{key}': 'type_strict' must be one of {', '.join(_STRICTNESS)}")
    return Query(text, tuple(_types(key, given, catalogue)), strictness, limit, properties)


def _types(key: str, given: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    types = given.get("type", [])
    if not isinstance(types, str | dict | list):
        raise RequestError(f"query '{key}': 'type' must be a type or a list of types")
    for one in types if isinstance(types, list) else [types]:
        name = one.get("id") if isinstance(one, dict) else one
        if not isinstance(name, str) or name not in catalogue.classes:
            raise RequestError(f"query '{key}': no type {name!r}; ask /reconcile/suggest/type")
        yield name


def _properties(key: str, given: Any, catalogue: Catalogue) -> Iterator[PropertyValue]:
    if not isinstance(given, list):
        raise RequestError(f"query '{key}': 'properties' must be a list")
    for one in given:
        if not isinstance(one, dict) or not {"pid", "v"} <= set(one):
            raise RequestError(f"query '{key}': a property needs 'pid' and 'v'")
        if not isinstance(one["pid"], str) or one["pid"] not in catalogue.properties:
            raise RequestError(
                f"query '{key}': no property {one['pid']!r}; ask /reconcile/suggest/property"
            )
        values = one["v"] if isinstance(one["v"], list) else [one["v"]]
        yield PropertyValue(one["pid"], tuple(_value(key, value) for value in values))


def _value(key: str, value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise RequestError(f"query '{key}': a value must be text, a number, true, false or an entity")
