"""Data extension: values of properties of entities that a client has matched.

The protocol: Reconciliation Service API 0.2, section 7 (Data Extension Service).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pyoxigraph import Literal, NamedNode

from sparql_endpoint.errors import RequestError
from sparql_endpoint.link.catalogue import Catalogue, Named
from sparql_endpoint.link.entities import Entity, Term
from sparql_endpoint.link.reconciliation import parse_json
from sparql_endpoint.names import PREFIXES, expand, shorten

__all__ = ["SETTINGS", "Extension", "extend", "parse_extension"]

SETTINGS: tuple[Mapping[str, Any], ...] = (
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "The most values in a row; 0 for all",
    },
    {
        "name": "language",
        "label": "Language",
        "type": "text",
        "default": "",
        "help_text": "Only texts in this language, as 'es'; empty for all",
    },
)
"""What a client may set for each property."""

_DATE = expand("xsd:date")
_INTEGER = expand("xsd:integer")
_DIGITS = 9
"""Digits of a limit that are read: there are never more values."""
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_NUMBERS = frozenset({expand("xsd:decimal"), expand("xsd:double"), expand("xsd:float")})


@dataclass(frozen=True)
class Column:
    """A property to fetch, the most values of it (0 for all), and the language of its texts."""

    id: str
    limit: int = 0
    language: str = ""


@dataclass(frozen=True)
class Extension:
    """Which columns to fetch for which entities, by their ids."""

    ids: tuple[str, ...]
    columns: tuple[Column, ...]


def parse_extension(text: str) -> Extension:
    """Return a data extension query.

    Raises:
        RequestError: it is not what the protocol says.
    """
    given = parse_json("extend", text)
    if not isinstance(given, dict) or not {"ids", "properties"} <= set(given):
        raise RequestError("'extend' needs 'ids' and 'properties'")
    ids, properties = given["ids"], given["properties"]
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise RequestError("'ids' must be a list of texts")
    if not isinstance(properties, list):
        raise RequestError("'properties' must be a list")
    return Extension(tuple(ids), tuple(map(_column, properties)))


def extend(asked: Extension, catalogue: Catalogue) -> dict[str, Any]:
    """Return ``meta`` and ``rows``; an id of no entity, or of no property, has empty cells."""
    return {
        "meta": [_meta(column, asked.ids, catalogue) for column in asked.columns],
        "rows": {
            entity_id: {
                column.id: list(_cells(catalogue.entity(entity_id), column, catalogue))
                for column in asked.columns
            }
            for entity_id in asked.ids
        },
    }


def _column(given: Any) -> Column:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise RequestError("a property to fetch needs an 'id'")
    settings = given.get("settings") or {}
    if not isinstance(settings, dict):
        raise RequestError(f"{given['id']}: 'settings' must be an object")
    limit = str(settings.get("limit") or 0).replace("inf", "0")
    if not limit.isdecimal():
        raise RequestError(f"{given['id']}: the setting 'limit' must be a whole number")
    number = int(limit[:_DIGITS])
    return Column(given["id"], number, str(settings.get("language") or ""))


def _meta(column: Column, ids: Sequence[str], catalogue: Catalogue) -> dict[str, Any]:
    """Describe a column; where all its entities are of one class, this class too."""
    values = [
        catalogue.entities[iri]
        for entity_id in ids
        if (entity := catalogue.entity(entity_id))
        for iri in entity.strings(column.id)
        if iri in catalogue.entities
    ]
    known = catalogue.properties.get(column.id, Named(column.id, column.id))
    meta: dict[str, Any] = known.as_json()
    types = {named for value in values for named in catalogue.types_of(value)}
    if len(types) == 1:
        meta["type"] = types.pop().as_json()
    return meta


def _cells(entity: Entity | None, column: Column, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    if entity is None:
        return
    terms = [t for t in entity.values.get(expand(column.id), ()) if _wanted(t, column.language)]
    for term in terms[: column.limit or None]:
        yield _cell(term, catalogue)


def _wanted(term: Term, language: str) -> bool:
    if not isinstance(term, Literal) or not language or not term.language:
        return True
    return term.language == language


def _cell(term: Term, catalogue: Catalogue) -> dict[str, Any]:
    """Return a value in the protocol's form."""
    match term:
        case NamedNode():
            return _named(term.value, catalogue)
        case Literal():
            return _literal(term)
        case _:
            return {"str": str(term)}


def _named(iri: str, catalogue: Catalogue) -> dict[str, Any]:
    """Return an entity as such, an item of Wikidata by its id, anything else by its short name."""
    if iri in catalogue.entities:
        entity = catalogue.entities[iri]
        return {"id": catalogue.id_of(entity), "name": entity.label()}
    if iri.startswith(PREFIXES["wd"]):
        return {"str": iri.removeprefix(PREFIXES["wd"])}
    short = shorten(iri)
    return {"str": iri if short.startswith("<") else short}


def _literal(literal: Literal) -> dict[str, Any]:
    """Return a number or day as such where JSON can hold it exactly, and text otherwise.

    A month or year stays text and so keeps its precision, and so does what is no number or day of
    its datatype. Beyond 15 digits integers are not exact in JSON (RFC 8259, section 6).
    """
    kind, text = literal.datatype.value, literal.value
    if kind == _INTEGER and _WHOLE.fullmatch(text):
        return {"int": int(text)}
    if kind in _NUMBERS and _NUMBER.fullmatch(text) and isfinite(float(text)):
        return {"float": float(text)}
    if kind == _DATE and _DAY.fullmatch(text):
        return {"date": f"{text}T00:00:00Z"}
    return {"str": text}
