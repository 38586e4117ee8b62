"""The fields of a form as the shapes have them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from sparql_endpoint.edit.names import Names
from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.graph.evidence import objects
from sparql_endpoint.link.entities import broader_classes
from sparql_endpoint.names import PREFIXES, shorten
from sparql_endpoint.paths import SHAPES

__all__ = ["Field", "fields_of"]

_FIELDS = """
SELECT ?path ?name ?message (MAX(?least) AS ?needed) WHERE {
    ?shape sh:targetClass ?class ; sh:property ?property .
    ?property sh:path ?path ; sh:name ?name ; sh:message ?message .
    OPTIONAL { ?property sh:minCount ?least }
    FILTER (isIRI(?path) && ?path NOT IN (rdf:type, rdfs:label, skos:altLabel))
} GROUP BY ?path ?name ?message ORDER BY ?name
"""


@dataclass(frozen=True)
class Field:
    """A property that things of a class have.

    Args:
        property: its short name.
        name: what it is called.
        hint: what the shape asks for.
        needed: whether a thing of the class must have it.
        claimed: whether a claim has to say it; else it is a plain fact of the data.
    """

    property: str
    name: str
    hint: str
    needed: bool
    claimed: bool


def fields_of(cls: NamedNode, store: Store, names: Names) -> list[Field]:
    """Return the fields of a class and of its broader classes, needed ones first."""
    kinds = sorted(broader_classes(store).get(cls.value, frozenset({cls.value})))
    found: dict[str, Field] = {}
    for kind in kinds:
        for field in _fields(NamedNode(kind), store):
            if field.property in names.properties:
                found.setdefault(field.property, field)
    return sorted(found.values(), key=lambda field: (not field.needed, field.name))


def _fields(cls: NamedNode, store: Store) -> Iterator[Field]:
    rows = _shapes().query(_FIELDS.replace("?class", str(cls)), prefixes=dict(PREFIXES))
    assert isinstance(rows, QuerySolutions)  # noqa: S101  # it is a SELECT
    for path, name, message, least in rows:
        claimed = objects(store, path, "dfo:requiresEvidence")
        yield Field(
            shorten(path.value),
            name.value,
            message.value,
            needed=isinstance(least, Literal) and least.value != "0",
            claimed=Literal(value=True) in claimed,
        )


@cache
def _shapes() -> Store:
    store = Store()
    for path in turtle_files([SHAPES]):
        store.load(path=str(path))
    return store
