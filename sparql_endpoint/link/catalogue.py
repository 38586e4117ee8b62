"""Everything that can be matched: entities, their classes and properties, with names for people.

Ids are short: an entity's slug, a class's or property's prefixed name. Of somebody else's data they
are the entities' IRIs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from sparql_endpoint.link.entities import ENTITY_SPACE, NAMING, Entity, read_entities
from sparql_endpoint.link.links import IDENTITY
from sparql_endpoint.link.matching import NameIndex
from sparql_endpoint.names import PREFIXES, expand, shorten

__all__ = ["Catalogue", "Named", "read_catalogue"]

_TYPE = expand("rdf:type")
_LABEL = NamedNode(expand("rdfs:label"))
_DEFAULT_TYPES = ("dfo:State", "dfo:Bloc", "foaf:Person", "dfo:Meeting", "dfo:OutcomeDocument")


@dataclass(frozen=True)
class Named:
    """A class or property: its id, and its name to show."""

    id: str
    name: str

    def as_json(self) -> dict[str, str]:
        """Return what the protocol sends."""
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True)
class Catalogue:
    """The entities by IRI, with the classes and properties that they use, by id."""

    entities: Mapping[str, Entity]
    classes: Mapping[str, Named]
    properties: Mapping[str, Named]
    own: bool = True
    """Whether the data are the project's."""

    @cached_property
    def index(self) -> NameIndex:
        """The names of all entities in the forms that are compared."""
        return NameIndex(self.entities.values())

    def entity(self, entity_id: str) -> Entity | None:
        """Return the entity of a slug or an IRI, None where there is none."""
        return self.entities.get(ENTITY_SPACE + entity_id) or self.entities.get(entity_id)

    def id_of(self, entity: Entity) -> str:
        """Return the id of an entity: its slug, or its IRI in somebody else's data."""
        return entity.slug if self.own else entity.iri

    def types_of(self, entity: Entity) -> list[Named]:
        """Return the classes that the entity itself names."""
        return [self.classes[shorten(iri)] for iri in entity.direct_classes]

    def default_types(self) -> list[Named]:
        """Return the classes that people most often match, as far as any entity is of them."""
        return [self.classes[name] for name in _DEFAULT_TYPES if name in self.classes]

    def properties_of(self, type_id: str) -> list[Named]:
        """Return the properties of the entities of a class, those of the most entities first."""
        used = Counter(
            shorten(iri)
            for entity in self.entities.values()
            if not type_id or expand(type_id) in entity.classes
            for iri in entity.values
        )
        ranked = sorted(used.items(), key=lambda pair: (-pair[1], pair[0]))
        return [self.properties[key] for key, _ in ranked if key in self.properties]


def read_catalogue(store: Store, *, own: bool = True) -> Catalogue:
    """Return the catalogue of the entities in the default graph of ``store``.

    ``own`` is whether the data are the project's.
    """
    entities = read_entities(store, own=own)
    labels = dict(_labels(store))
    classes = {iri for entity in entities.values() for iri in entity.classes}
    properties = {iri for entity in entities.values() for iri in entity.values} - {_TYPE}
    shown = dict.fromkeys(NAMING, "name") | dict.fromkeys(map(expand, IDENTITY), "Wikidata item")
    return Catalogue(
        entities,
        {shorten(iri): _named(iri, labels) for iri in sorted(classes)},
        {shorten(iri): _named(iri, shown | labels) for iri in sorted(properties)},
        own,
    )


def _labels(store: Store) -> Iterator[tuple[str, str]]:
    """Yield the labels of each term, the one to show last: in English, else without a language."""
    labels = [
        (quad.subject.value, quad.object)
        for quad in store.quads_for_pattern(None, _LABEL, None, DefaultGraph())
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    ]
    labels.sort(key=lambda pair: (pair[1].language == "en", not pair[1].language, pair[1].value))
    for iri, label in labels:
        yield iri, label.value


def _named(iri: str, labels: Mapping[str, str]) -> Named:
    short = shorten(iri)
    local = short.rpartition(":")[2] if short != f"<{iri}>" else iri.removeprefix(PREFIXES["dfo"])
    return Named(short, labels.get(iri, local))
