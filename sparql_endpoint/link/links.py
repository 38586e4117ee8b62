"""The links to Wikidata that the graph holds, each with its reason.

A link is a triple (entity, mapping property, item); an owl:Axiom beside it says why
(https://www.w3.org/TR/owl2-mapping-to-rdf/#Translation_of_Annotations).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from sparql_endpoint.names import PREFIXES, expand

__all__ = ["IDENTITY", "LINK_PROPERTIES", "Link", "item_id", "links_by_subject", "read_links"]

LINK_PROPERTIES: tuple[str, ...] = (
    "owl:sameAs",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "skos:relatedMatch",
)
"""Mapping properties, the strongest first."""

IDENTITY: frozenset[str] = frozenset({"owl:sameAs", "skos:exactMatch"})
"""Those that say two things are one: one item an entity, one entity an item."""

_WIKIDATA = "wikidata.org"
_ITEM = re.compile(re.escape(PREFIXES["wd"]) + "Q[1-9][0-9]*")


@dataclass(frozen=True)
class Link:
    """A link from an entity to ``target``, by a prefixed property, with the editor's reasons."""

    subject: str
    predicate: str
    target: str
    reasons: tuple[str, ...] = ()

    @property
    def item(self) -> str:
        """The id of the item, e.g. ``Q298``, or the IRI where it is not of Wikidata's form."""
        return item_id(self.target)

    @property
    def is_item(self) -> bool:
        """Whether the target has the form of an item of Wikidata."""
        return bool(_ITEM.fullmatch(self.target))

    @property
    def identifies(self) -> bool:
        """Whether the link says that entity and item are the same thing."""
        return self.predicate in IDENTITY


def item_id(iri: str) -> str:
    """Return the local part of a Wikidata entity IRI, and any other IRI as it is."""
    return iri.removeprefix(PREFIXES["wd"])


def read_links(store: Store) -> list[Link]:
    """Return every link from an entity to anywhere on wikidata.org in the default graph, sorted."""
    reasons = _reasons(store)
    found = (
        Link(subject, prefixed, target, tuple(sorted(reasons[subject, prefixed, target])))
        for prefixed in LINK_PROPERTIES
        for subject, target in _pairs(store, prefixed)
        if subject.startswith(PREFIXES["id"]) and _WIKIDATA in target
    )
    return sorted(found, key=lambda link: (link.subject, LINK_PROPERTIES.index(link.predicate)))


def links_by_subject(links: list[Link]) -> dict[str, list[Link]]:
    """Return the links of each entity."""
    grouped: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        grouped[link.subject].append(link)
    return dict(grouped)


def _pairs(store: Store, prefixed: str) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(None, NamedNode(expand(prefixed)), None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            yield quad.subject.value, quad.object.value


def _reasons(store: Store) -> dict[tuple[str, str, str], set[str]]:
    """Return the comments on annotated triples, by subject, prefixed property and object."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    sources = dict(_pairs(store, "owl:annotatedSource"))
    targets = dict(_pairs(store, "owl:annotatedTarget"))
    for axiom, predicate in _pairs(store, "owl:annotatedProperty"):
        prefixed = _prefixed(predicate)
        if axiom in sources and axiom in targets and prefixed:
            found[sources[axiom], prefixed, targets[axiom]] |= _comments(store, axiom)
    return found


def _prefixed(iri: str) -> str:
    return next((name for name in LINK_PROPERTIES if expand(name) == iri), "")


def _comments(store: Store, iri: str) -> set[str]:
    comment = NamedNode(expand("rdfs:comment"))
    return {
        quad.object.value
        for quad in store.quads_for_pattern(NamedNode(iri), comment, None, DefaultGraph())
        if isinstance(quad.object, Literal)
    }
