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
    """Return entities with a name that is ``prefix``, or begins with it, then those with one alike.

    Of those that begin with it, the shorter name comes first: to type more finds the longer ones.
    """
    wanted = plain(prefix)
    ranked = (
        (_rank(catalogue, entity, prefix, wanted), entity) for entity in catalogue.entities.values()
    )
    starting = [(rank, entity) for rank, entity in ranked if rank is not None]
    starting.sort(key=lambda pair: (pair[0], len(pair[1].label()), pair[1].label(), pair[1].iri))
    alike = [found.entity for found in catalogue.index.candidates(prefix)] if wanted else []
    every = {entity.iri: entity for entity in (*(entity for _, entity in starting), *alike)}
    return [_entity(catalogue, entity) for entity in [*every.values()][cursor : cursor + PAGE]]


def _rank(catalogue: Catalogue, entity: Entity, prefix: str, wanted: str) -> int | None:
    """Return how near a name comes to what was typed, 0 for the nearest; None where none begins so.

    The id itself, or a name, is before a label that begins so, and this before any name, and this
    before a word within a name.
    """
    names = [plain(name.text) for name in entity.names]
    if prefix == catalogue.id_of(entity) or (wanted and wanted in names):
        return 0
    if names and plain(entity.label()).startswith(wanted):
        return 1
    if any(name.startswith(wanted) for name in names):
        return 2
    return 3 if any(f" {wanted}" in name for name in names) else None


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
        "id": catalogue.id_of(entity),
        "name": entity.label(),
        "description": "; ".join([", ".join(t.name for t in types), *names[:3]]).strip("; "),
        "notable": [named.as_json() for named in types],
    }
