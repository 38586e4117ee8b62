"""How the graph's own terms are said in Wikidata: read from ``ontology/alignments.ttl``.

A property of ours is matched to a property of Wikidata, whose label and type stand beside it in
Wikidata's own vocabulary (https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format).
"""

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Store

from sparql_endpoint.link.entities import broader_classes, labels_of
from sparql_endpoint.names import PREFIXES, expand

__all__ = ["PropertyMapping", "class_items", "fitting_classes", "property_mappings"]

_WIKIBASE = "http://wikiba.se/ontology#"
_TYPE_OF_VALUE = NamedNode(f"{_WIKIBASE}propertyType")
_EXPORTED = ("owl:equivalentProperty", "skos:exactMatch", "skos:closeMatch")
_CLASS_MATCHES = (
    "owl:equivalentClass",
    "rdfs:subClassOf",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
)


@dataclass(frozen=True)
class PropertyMapping:
    """A property of ours (IRI) and the Wikidata property (``P571``) that says the same.

    ``value_type`` is the local name of a wikibase:PropertyType, e.g. ``Time``.
    """

    ours: str
    theirs: str
    label: str
    value_type: str


def property_mappings(store: Store) -> dict[str, PropertyMapping]:
    """Return the mapping of each of our properties that has an exact or close counterpart."""
    found: dict[str, PropertyMapping] = {}
    for prefixed in reversed(_EXPORTED):
        for quad in store.quads_for_pattern(
            None, NamedNode(expand(prefixed)), None, DefaultGraph()
        ):
            ours, theirs = quad.subject, quad.object
            if isinstance(ours, NamedNode) and isinstance(theirs, NamedNode):
                value_type = _value_type(store, theirs)
                if value_type:
                    found[ours.value] = _mapping(store, ours.value, theirs.value, value_type)
    return dict(sorted(found.items()))


def fitting_classes(store: Store) -> dict[str, frozenset[str]]:
    """Return for each class of ours the ids of the Wikidata classes that fit its instances.

    A class without alignments of its own takes those of its broader classes.
    """
    own: dict[str, set[str]] = defaultdict(set)
    for prefixed in _CLASS_MATCHES:
        for quad in store.quads_for_pattern(
            None, NamedNode(expand(prefixed)), None, DefaultGraph()
        ):
            ours, theirs = quad.subject, quad.object
            if isinstance(ours, NamedNode) and isinstance(theirs, NamedNode):
                item = theirs.value.removeprefix(PREFIXES["wd"])
                if item.startswith("Q") and not ours.value.startswith(PREFIXES["id"]):
                    own[ours.value].add(item)
    broader = broader_classes(store)
    return {
        iri: frozenset(own.get(iri) or set().union(*(own.get(up, ()) for up in broader[iri])))
        for iri in sorted({*own, *broader})
        if own.get(iri) or any(own.get(up) for up in broader.get(iri, ()))
    }


def class_items(store: Store) -> dict[str, str]:
    """Return for each class of ours the id of the Wikidata class that its instances belong to.

    It is the nearest: an exact match before a close one and that before a broader one.
    """
    found: dict[str, str] = {}
    for prefixed in ("skos:broadMatch", "skos:closeMatch", "skos:exactMatch"):
        pairs = store.quads_for_pattern(None, NamedNode(expand(prefixed)), None, DefaultGraph())
        for ours, theirs in sorted((str(quad.subject), str(quad.object)) for quad in pairs):
            item = theirs.strip("<>").removeprefix(PREFIXES["wd"])
            if item.startswith("Q"):
                found[ours.strip("<>")] = item
    return found


def _value_type(store: Store, theirs: NamedNode) -> str:
    for quad in store.quads_for_pattern(theirs, _TYPE_OF_VALUE, None, DefaultGraph()):
        if isinstance(quad.object, NamedNode):
            return quad.object.value.removeprefix(_WIKIBASE)
    return ""


def _mapping(store: Store, ours: str, theirs: str, value_type: str) -> PropertyMapping:
    local = theirs.rpartition("/")[2]
    return PropertyMapping(ours, local, labels_of(store, theirs).get("en", local), value_type)
