"""The entities of the graph, each with its names, classes and values in one object.

An entity of the project is a thing in the ``id:`` namespace; of somebody else's data, anything with
an IRI and a name that is no term of a vocabulary. Names come from every property that names;
classes include the broader ones, so that a ministerial meeting is found among the meetings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from sparql_endpoint.graph.hierarchy import closure
from sparql_endpoint.names import PREFIXES, expand, shorten

__all__ = [
    "ENTITY_SPACE",
    "NAMING",
    "Entity",
    "Name",
    "Term",
    "broader_classes",
    "labels_of",
    "read_entities",
]

Term = NamedNode | BlankNode | Literal | Triple

ENTITY_SPACE = PREFIXES["id"]
"""Where the IRI of every entity begins."""

NAMING: tuple[str, ...] = tuple(
    map(
        expand,
        (
            "rdfs:label",
            "skos:prefLabel",
            "foaf:name",
            "dcterms:title",
            "skos:altLabel",
            "schema:alternateName",
            "skos:hiddenLabel",
        ),
    )
)
"""Properties that name a thing, the ones to show first."""

_VOCABULARY = frozenset(
    map(
        expand,
        (
            *("rdfs:Class", "owl:Class", "rdf:Property", "owl:ObjectProperty", "rdfs:Datatype"),
            *("owl:DatatypeProperty", "owl:AnnotationProperty", "owl:Ontology"),
        ),
    )
)
_SHOWN = 4
_TYPE = NamedNode(expand("rdf:type"))
_SUBCLASS = NamedNode(expand("rdfs:subClassOf"))
_LABEL = NamedNode(expand("rdfs:label"))
_LANGUAGES = ("en", "es", "pt", "zh")


@dataclass(frozen=True)
class Name:
    """A name of an entity; ``language`` is empty where none is given."""

    text: str
    language: str = ""
    preferred: bool = False


@dataclass(frozen=True)
class Entity:
    """A thing of the graph.

    ``classes`` are IRIs, the broader ones included; ``values`` maps the IRI of each property to
    its objects in a fixed order.
    """

    iri: str
    names: tuple[Name, ...]
    classes: frozenset[str] = frozenset()
    direct_classes: tuple[str, ...] = ()
    values: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The part of the IRI after the entity space, e.g. ``chile``."""
        return self.iri.removeprefix(ENTITY_SPACE)

    def label(self, language: str = "en") -> str:
        """Return the name to show in ``language``, else in English, else in any, else the slug."""
        shown = [name for name in self.names if name.preferred]
        for wanted in (language, "en"):
            for name in shown:
                if name.language == wanted:
                    return name.text
        return shown[0].text if shown else self.slug

    def strings(self, prefixed_property: str) -> tuple[str, ...]:
        """Return the literals or IRIs that ``prefixed_property`` gives, as plain text."""
        terms = self.values.get(expand(prefixed_property), ())
        return tuple(term.value for term in terms if isinstance(term, Literal | NamedNode))

    def literals(self, property_iri: str) -> tuple[str, ...]:
        """Return the texts of the literals that the property of an IRI gives."""
        terms = self.values.get(property_iri, ())
        return tuple(term.value for term in terms if isinstance(term, Literal))

    def linked(self, *prefixed_properties: str) -> tuple[str, ...]:
        """Return the Wikidata item ids (``Q298``) that one of the properties points to."""
        return tuple(
            iri.removeprefix(PREFIXES["wd"])
            for name in prefixed_properties
            for iri in self.strings(name)
            if iri.startswith(PREFIXES["wd"])
        )


def read_entities(store: Store, *, own: bool = True) -> dict[str, Entity]:
    """Return the entities in the default graph of ``store`` by IRI, sorted.

    ``own`` is whether the graph is the project's, whose entities are those of its namespace.
    """
    values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in _triples(store):
        if not own or subject.startswith(ENTITY_SPACE):
            values[subject][predicate].append(value)
    broader = broader_classes(store)
    entities = {iri: _entity(iri, values[iri], broader) for iri in sorted(values)}
    if own:
        return entities
    return {iri: entity for iri, entity in entities.items() if _is_thing(entity)}


def _is_thing(entity: Entity) -> bool:
    """Tell whether somebody's entity has a name and is no class or property."""
    return bool(entity.names) and not entity.classes & _VOCABULARY


def broader_classes(store: Store) -> dict[str, frozenset[str]]:
    """Return for each class that has broader ones all of these, itself included."""
    direct: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _SUBCLASS, None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            direct[quad.subject.value].add(quad.object.value)
    return {iri: frozenset(closure(iri, direct)) for iri in direct}


def labels_of(store: Store, iri: str) -> dict[str, str]:
    """Return the rdfs:labels of a term by language."""
    return {
        quad.object.language or "": quad.object.value
        for quad in store.quads_for_pattern(NamedNode(iri), _LABEL, None, DefaultGraph())
        if isinstance(quad.object, Literal)
    }


def _triples(store: Store) -> Iterator[tuple[str, str, Term]]:
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject.value, quad.predicate.value, quad.object


def _entity(
    iri: str, values: Mapping[str, list[Term]], broader: Mapping[str, frozenset[str]]
) -> Entity:
    ordered = {key: tuple(sorted(values[key], key=str)) for key in sorted(values)}
    classes = [term.value for term in ordered.get(_TYPE.value, ()) if isinstance(term, NamedNode)]
    every = frozenset(classes).union(*(broader.get(name, frozenset()) for name in classes))
    direct = tuple(sorted(classes, key=shorten))
    return Entity(iri, tuple(_names(ordered)), every, direct, ordered)


def _names(values: Mapping[str, Iterable[Term]]) -> Iterator[Name]:
    seen: set[tuple[str, str]] = set()
    for place, naming in enumerate(NAMING):
        for term in sorted(values.get(naming, ()), key=_language_order):
            if not isinstance(term, Literal) or not term.value.strip():
                continue
            if (term.value, term.language or "") not in seen:
                seen.add((term.value, term.language or ""))
                yield Name(term.value, term.language or "", preferred=place < _SHOWN)


def _language_order(term: Term) -> tuple[int, str]:
    language = (term.language or "") if isinstance(term, Literal) else ""
    place = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
    return place, str(term)
