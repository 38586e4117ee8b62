"""The things of a class with what they can be sorted into: kind, year, state, source, standing."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sparql_endpoint.names import PREFIXES, expand
from sparql_endpoint.site.addresses import short
from sparql_endpoint.site.asking import Row, Term, node, rows
from sparql_endpoint.site.catalogue import Catalogue

__all__ = ["FACETS", "Facet", "Item", "Value", "facets_of", "items_of", "narrow"]

_MOST = 50_000
_MOST_VALUES = 40
_DATES = tuple(
    expand(name)
    for name in (
        "dfo:heldOn",
        "dfo:scheduledOn",
        "dcterms:issued",
        "dfo:establishedIn",
        "dfo:launchedIn",
        "dcat:startDate",
    )
)
_DIRECT = {
    expand(name): facet
    for name, facet in {
        "dcterms:language": "language",
        "dfo:basis": "basis",
        "dfo:claimant": "claimant",
        "dfo:countOf": "countOf",
        "dfo:inSeries": "series",
        "dfo:mode": "mode",
        "dfo:party": "party",
        "dfo:standing": "standing",
        "dfo:tier": "tier",
        "oa:hasSource": "source",
        "rdf:predicate": "property",
    }.items()
}
FACETS = (
    "kind",
    "year",
    "state",
    "series",
    "mode",
    "countOf",
    "tier",
    "party",
    "language",
    "standing",
    "basis",
    "property",
    "claimant",
    "source",
)
"""The names of all facets, in the order in which they are offered."""

_VALUES = f"""
SELECT ?thing ?p ?o {{{{
    VALUES ?class {{{{ {{classes}} }}}}
    VALUES ?p {{{{ {" ".join(f"<{iri}>" for iri in (*_DATES, *_DIRECT))}
        rdf:subject rdf:predicate rdf:object }}}}
    ?thing a ?class ; ?p ?o
}}}} LIMIT {_MOST}"""
_STATES = f"""
SELECT DISTINCT ?thing ?o {{{{
    VALUES ?class {{{{ {{classes}} }}}}
    ?thing a ?class ; ?p ?place .
    VALUES ?p {{{{ schema:location schema:containedInPlace dfo:hostedBy org:member org:postIn }}}}
    ?place schema:containedInPlace* ?o . ?o a dfo:State
}}}} LIMIT {_MOST}"""
_CLAIMS = f"""
SELECT DISTINCT ?thing ?standing ?source {{{{
    VALUES ?class {{{{ {{classes}} }}}}
    ?thing a ?class . ?claim rdf:subject ?thing ; dfo:standing ?standing ; dfo:evidence ?evidence .
    OPTIONAL {{{{ ?evidence oa:hasSource ?quoted }}}}
    BIND (COALESCE(?quoted, ?evidence) AS ?source)
}}}} LIMIT {_MOST}"""


@dataclass
class Item:
    """A thing: the day or year it is known by, and its values by facet."""

    iri: str
    date: Term | None = None
    values: dict[str, set[str]] = field(default_factory=dict)
    triple: dict[str, Term] = field(default_factory=dict)
    """Of a claim: its subject, predicate and object."""

    def add(self, facet: str, value: str) -> None:
        """Give it a value."""
        self.values.setdefault(facet, set()).add(value)


@dataclass(frozen=True)
class Value:
    """A value that a reader may choose, how many things have it, and whether it is chosen."""

    key: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A facet with its values."""

    name: str
    values: tuple[Value, ...]


def items_of(catalogue: Catalogue, class_iri: str) -> list[Item]:
    """Return the things of a class and of those below it, in three queries."""
    items = {iri: Item(iri) for iri in catalogue.members.get(class_iri, ())}
    classes = " ".join(
        node(name) for name in catalogue.members if class_iri in catalogue.all_above(name)
    )
    for item in items.values():
        for kind in catalogue.most_specific(item.iri):
            item.add("kind", kind)
    _fill(items, rows(_VALUES.format(classes=classes)), _add_value)
    _fill(items, rows(_STATES.format(classes=classes)), _add_state)
    _fill(items, rows(_CLAIMS.format(classes=classes)), _add_claim)
    return list(items.values())


def narrow(items: Iterable[Item], chosen: Mapping[str, str]) -> list[Item]:
    """Return the items that have every chosen value; a value is written as in ``Value.key``."""
    wanted = [(name, expand(key)) for name, key in chosen.items()]
    return [
        item for item in items if all(value in item.values.get(name, ()) for name, value in wanted)
    ]


def facets_of(items: Sequence[Item], chosen: Mapping[str, str]) -> list[Facet]:
    """Return the facets that tell these items apart, or that are chosen."""
    found: dict[str, list[set[str]]] = {}
    for item in items:
        for name, values in item.values.items():
            found.setdefault(name, []).append(values)
    counts = {name: Counter(chain.from_iterable(sets)) for name, sets in found.items()}
    return [
        Facet(name, tuple(_values(name, counts[name], chosen.get(name, ""))))
        for name in FACETS
        if name in counts and (name in chosen or _tells_apart(counts[name], len(items)))
    ]


def _key(value: str) -> str:
    """Return a value as it stands in an address: an IRI with its prefix, others as they are."""
    return short(value) if ":" in value else value


def _tells_apart(counts: Counter[str], total: int) -> bool:
    return len(counts) > 1 or any(count < total for count in counts.values())


def _values(name: str, counts: Counter[str], chosen: str) -> Iterable[Value]:
    ordered = sorted(counts.items()) if name == "year" else counts.most_common(_MOST_VALUES)
    for value, count in ordered:
        key = _key(value)
        yield Value(key, count, key == chosen)


def _fill(
    items: Mapping[str, Item], found: Iterable[Row], add: Callable[[Item, Row], None]
) -> None:
    for row in found:
        item = items.get(row["thing"].value)
        if item is not None:
            add(item, row)


def _add_value(item: Item, row: Row) -> None:
    name, value = row["p"].value, row["o"]
    if name.startswith(PREFIXES["rdf"]):
        item.triple[name.removeprefix(PREFIXES["rdf"])] = value
    if name in _DIRECT:
        item.add(_DIRECT[name], value.value)
    if name in _DATES:
        item.add("year", value.value[:4])
        if item.date is None or len(value.value) > len(item.date.value):
            item.date = value


def _add_state(item: Item, row: Row) -> None:
    item.add("state", row["o"].value)


def _add_claim(item: Item, row: Row) -> None:
    item.add("standing", row["standing"].value)
    item.add("source", row["source"].value)
