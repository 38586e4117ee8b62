"""What every page needs to know of everything: names in all languages, classes, their order.

It is asked for once a dataset, in a fixed number of queries, and kept; the project's data make it
some thousand entries. Of very large data it keeps the first so many names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sparql_endpoint.graph.hierarchy import closure
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.site.asking import Row, rows

__all__ = ["Catalogue", "Name", "build", "choose_name"]

_MOST = 100_000
_NAMES = f"""
SELECT ?thing ?property ?name {{
    {{
        VALUES ?property {{ skos:prefLabel rdfs:label dcterms:title schema:name skos:altLabel }}
        ?thing ?property ?name
    }} UNION {{
        # A quotation is called by its words.
        VALUES ?property {{ oa:exact }}
        ?thing oa:hasSelector ?selector . ?selector ?property ?name
    }}
    FILTER (isIRI(?thing) && isLiteral(?name))
}} LIMIT {_MOST}"""
_CLASSES = f"SELECT ?thing ?class {{ ?thing a ?class FILTER (isIRI(?thing)) }} LIMIT {_MOST}"
_ORDER = "SELECT ?class ?above { ?class rdfs:subClassOf ?above FILTER (isIRI(?above)) }"
_MARKED = "SELECT ?property { ?property dfo:singleValued true }"

_PREFERRED = {
    f"{PREFIXES['skos']}prefLabel": 0,
    f"{PREFIXES['rdfs']}label": 1,
    f"{PREFIXES['dcterms']}title": 2,
    f"{PREFIXES['schema']}name": 3,
    f"{PREFIXES['oa']}exact": 4,
}
_FALLBACK = ("en", "es", "pt", "zh", "")


@dataclass(frozen=True)
class Name:
    """A name in a language; ``preferred`` unless it is an alternative."""

    text: str
    language: str
    preferred: bool = True


@dataclass(frozen=True)
class Catalogue:
    """Names by IRI, classes by IRI, classes above each class, and properties of single value."""

    names: Mapping[str, tuple[Name, ...]]
    classes: Mapping[str, tuple[str, ...]]
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    single_valued: frozenset[str] = frozenset()
    _chosen: dict[tuple[str, str], Name | None] = field(default_factory=dict, init=False)

    def name(self, iri: str, tag: str) -> Name | None:
        """Return the name of a thing in a language, else in the next best; None without any."""
        known = self.names.get(iri)
        if known is None:
            return None
        key = (iri, tag)
        if key not in self._chosen:
            self._chosen[key] = choose_name(known, tag)
        return self._chosen[key]

    def all_above(self, name: str) -> set[str]:
        """Return a class and all classes above it."""
        return closure(name, self.above)

    def most_specific(self, iri: str) -> list[str]:
        """Return the classes of a thing without those that stand above another of them."""
        own = self.classes.get(iri, ())
        higher = {up for name in own for up in self.all_above(name) if up != name}
        return sorted(name for name in own if name not in higher)

    def is_a(self, iri: str, name: str) -> bool:
        """Return whether a thing is of a class or of one below it."""
        return any(name in self.all_above(own) for own in self.classes.get(iri, ()))

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """The things of each class, those of the classes below it included."""
        found: dict[str, set[str]] = {}
        for thing, own in self.classes.items():
            for name in {up for direct in own for up in self.all_above(direct)}:
                found.setdefault(name, set()).add(thing)
        return {name: frozenset(things) for name, things in found.items()}


def build() -> Catalogue:
    """Return the catalogue of the dataset that is served.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    return Catalogue(
        _names(rows(_NAMES)),
        _grouped(rows(_CLASSES), "thing", "class"),
        _grouped(rows(_ORDER), "class", "above"),
        frozenset(row["property"].value for row in rows(_MARKED)),
    )


def choose_name(names: Iterable[Name], tag: str) -> Name | None:
    """Return the preferred name in a language, else in the next best; None where there is none."""
    by_language: dict[str, Name] = {}
    for name in names:
        if name.preferred:
            by_language.setdefault(name.language.partition("-")[0].lower(), name)
    order = (tag, *_FALLBACK, *sorted(by_language))
    return next((by_language[key] for key in order if key in by_language), None)


def _names(found: list[Row]) -> Mapping[str, tuple[Name, ...]]:
    """Return names by IRI, the preferred first: one in each language."""
    ranked: dict[str, list[tuple[int, str, str]]] = {}
    for row in found:
        rank = _PREFERRED.get(row["property"].value, len(_PREFERRED))
        name = row["name"]
        ranked.setdefault(row["thing"].value, []).append((rank, name.language, name.value))
    return {iri: tuple(_in_order(entries)) for iri, entries in ranked.items()}


def _in_order(entries: list[tuple[int, str, str]]) -> Iterable[Name]:
    preferred: set[str] = set()
    seen: set[tuple[str, str]] = set()
    for rank, tag, text in sorted(entries):
        if (tag, text) in seen:
            continue
        first = rank < len(_PREFERRED) and tag not in preferred
        preferred |= {tag} if first else set()
        seen.add((tag, text))
        yield Name(text, tag, first)


def _grouped(found: list[Row], key: str, value: str) -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for row in found:
        groups.setdefault(row[key].value, []).append(row[value].value)
    return {name: tuple(values) for name, values in groups.items()}
