"""Completion of what somebody types: entities, classes, properties.

The protocol: Reconciliation Service API 0.2, section 6 (Suggest Services).
"""

from collections.abc import Iterable
from typing import Any

from sparql_endpoint.link.catalogue import Catalogue, Named
from sparql_endpoint.link.entities import Entity
from sparql_endpoint.link.wording import plain

__all__ = ["PAGE", "suggest_entities", "suggest_named"]

PAGE = 10
"""How many suggestions are given at once."""


def suggest_entities(catalogue: Catalogue, prefix: str, cursor: int = 0) -> list[dict[str, Any]]:
    """Return entities with a name that begins with ``prefix``, then those with one alike."""
    wanted = plain(prefix)
    starting = [
        entity
        for entity in catalogue.entities.values()
        if entity.slug == prefix or any(_begins(name.text, wanted) for name in entity.names)
    ]
    starting.sort(key=lambda entity: (entity.slug != prefix, entity.label(), entity.iri))
    alike = [found.entity for found in catalogue.index.candidates(prefix)] if wanted else []
    every = list({entity.iri: entity for entity in (*starting, *alike)}.values())
    return [_entity(catalogue, entity) for entity in every[cursor : cursor + PAGE]]


def suggest_named(known: Iterable[Named], prefix: str, cursor: int = 0) -> list[dict[str, str]]:
    """Return classes or properties whose name or id begins with ``prefix`` or has a word that does.

    The id may be given without its own prefix: ``iso`` finds ``dfo:isoAlpha2``.
    """
    wanted = plain(prefix)
    found = [named for named in known if _named_begins(named, prefix, wanted)]
    found.sort(key=lambda named: (named.id != prefix, named.name.casefold(), named.id))
    return [named.as_json() for named in found[cursor : cursor + PAGE]]


def _begins(text: str, wanted: str) -> bool:
    words = plain(text)
    return words.startswith(wanted) or f" {wanted}" in words


def _named_begins(named: Named, prefix: str, wanted: str) -> bool:
    local = named.id.partition(":")[2]
    return (
        named.id.startswith(prefix)
        or local.casefold().startswith(wanted)
        or _begins(named.name, wanted)
    )


def _entity(catalogue: Catalogue, entity: Entity) -> dict[str, Any]:
    types = catalogue.types_of(entity)
    names = list(dict.fromkeys(name.text for name in entity.names if name.text != entity.label()))
    return {
        "id": entity.slug,
        "name": entity.label(),
        "description": "; ".join([", ".join(t.name for t in types), *names[:3]]).strip("; "),
        "notable": [named.as_json() for named in types],
    }
