"""What an editor means by a name: names completed, and a slip answered by the nearest ones."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store, parse

from sparql_endpoint.check.xsd import is_well_formed
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import objects
from sparql_endpoint.link.entities import Entity, labels_of, read_entities
from sparql_endpoint.link.matching import Candidate, NameIndex
from sparql_endpoint.names import BASE, PREFIXES, expand, shorten

__all__ = ["Names"]

_CERTAIN = 97.0
"""The likeness from which on a name is the thing's own, but for accents, case and punctuation."""
_SHOWN = 4
_TYPE = NamedNode(expand("rdf:type"))
_LITERAL = re.compile(r'".*"(@[a-zA-Z-]+|\^\^\S+)?', re.DOTALL)
_DATATYPES = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "xsd:date"),
    (re.compile(r"[0-9]{4}-[0-9]{2}"), "xsd:gYearMonth"),
    (re.compile(r"[0-9]{4}"), "xsd:gYear"),
    (re.compile(r"-?[0-9]+"), "xsd:integer"),
)
_NAMED = tuple(PREFIXES[prefix] for prefix in ("id", "dfo", "schema"))
"""The namespaces of what a label may stand for: things and codes."""
_PROPERTIES = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
_OF_RDF = ("owl:sameAs", "rdf:type", "rdfs:label")
"""Properties of claims that no ontology need declare, as the shape PredicateDeclared has it."""


class Names:
    """The names in a graph: its things and codes, its properties and its classes.

    Args:
        store: the project's ontology and data, merged in the default graph.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def thing(self, text: str) -> NamedNode:
        """Return the thing or code that a short name, an IRI or a label in any language names.

        Raises:
            UsageError: nothing has the name, or several have; the text names the nearest.
        """
        text = text.strip()
        if text.startswith(("<", "http://", "https://")) or text.partition(":")[0] in PREFIXES:
            return self._short(text)
        for prefix in ("id", "source"):
            node = NamedNode(PREFIXES[prefix] + text.replace(" ", "%20"))
            if self._is_described(node):
                return node
        found = self._index.candidates(text, _SHOWN)
        exact = [each for each in found if each.score == found[0].score >= _CERTAIN]
        if len(exact) == 1:
            return NamedNode(exact[0].entity.iri)
        if exact:
            raise UsageError(f"several things are called '{text}': take {_listed(exact, ' or ')}")
        near = f"; the nearest are {_listed(found, ', ')}" if found else ""
        raise UsageError(f"nothing is called '{text}'{near}")

    def suggestions(self, text: str, limit: int = 8) -> list[Candidate]:
        """Return what may be meant by a part of a name, the best first."""
        return self._index.candidates(text, limit)

    def property(self, text: str) -> NamedNode:
        """Return the property that a short name, its local part or a label names.

        Raises:
            UsageError: the ontology declares no such property; the text names the nearest.
        """
        return self._declared(text.strip(), self.properties, "property")

    def cls(self, text: str) -> NamedNode:
        """Return the class that a short name, its local part or a label names.

        Raises:
            UsageError: the ontology declares no such class; the text names the nearest.
        """
        return self._declared(text.strip(), self.classes, "class")

    def value(self, text: str, predicate: NamedNode, language: str) -> Term:
        """Return the value of a property that a text stands for.

        That is a literal as Turtle writes it, a thing where the property relates things, a number
        or date where the property has such values, else the text in ``language``.

        Raises:
            UsageError: it stands for none.
        """
        if _LITERAL.fullmatch(text):
            return self._literal(text)
        names_class = predicate.value == expand("rdf:type")
        if names_class or re.fullmatch(r"<\S+>|(id|source|claim|dfo):\S+", text):
            return self.cls(text) if names_class else self.thing(text)
        kinds = objects(self._store, predicate, "rdf:type")
        if NamedNode(expand("owl:ObjectProperty")) in kinds:
            return self.thing(text)
        ranges = {
            term.value
            for name in ("rdfs:range", "schema:rangeIncludes")
            for term in objects(self._store, predicate, name)
            if isinstance(term, NamedNode)
        }
        for pattern, name in _DATATYPES:
            if pattern.fullmatch(text) and expand(name) in ranges:
                return Literal(text, datatype=NamedNode(expand(name)))
        if typed := ranges - {expand("xsd:string"), expand("rdf:langString")}:
            names = " or ".join(sorted(map(shorten, typed)))
            raise UsageError(f"'{text}' is no {names}, which {shorten(predicate.value)} takes")
        if expand("xsd:string") in ranges:
            return Literal(text)
        return Literal(text, language=language)

    @cached_property
    def properties(self) -> dict[str, NamedNode]:
        """The properties that claims may have, by short name: those of the ontology and of RDF."""
        return self._instances(_PROPERTIES) | {name: NamedNode(expand(name)) for name in _OF_RDF}

    @cached_property
    def classes(self) -> dict[str, NamedNode]:
        """The classes that the ontology declares, by short name."""
        return self._instances(("owl:Class",))

    def label(self, node: NamedNode, language: str = "en") -> str:
        """Return what a term is called, its short name where it has no label."""
        labels = labels_of(self._store, node.value)
        return labels.get(language) or labels.get("en") or shorten(node.value)

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(filter(_may_be_meant, read_entities(self._store, own=False).values()))

    def _instances(self, classes: Iterable[str]) -> dict[str, NamedNode]:
        deprecated = NamedNode(expand("owl:deprecated"))
        found = {}
        for name in classes:
            kind = NamedNode(expand(name))
            for quad in self._store.quads_for_pattern(None, _TYPE, kind, DefaultGraph()):
                gone = self._store.quads_for_pattern(quad.subject, deprecated, None)
                if isinstance(quad.subject, NamedNode) and next(gone, None) is None:
                    found[shorten(quad.subject.value)] = quad.subject
        return dict(sorted(found.items()))

    def _declared(self, text: str, known: dict[str, NamedNode], kind: str) -> NamedNode:
        """Return what a short name, a local name or a label names among the ``known``."""
        if (name := shorten(expand(text))) in known:
            return known[name]
        names = {name: [name, name.partition(":")[2]] for name in known}
        for name, node in known.items():
            names[name] += labels_of(self._store, node.value).values()
        wanted = text.casefold()
        exact = [name for name, all_ in names.items() if wanted in map(str.casefold, all_)]
        if len(exact) == 1:
            return known[exact[0]]
        if exact:
            raise UsageError(f"several are called '{text}': take {' or '.join(exact)}")
        forms = {form.casefold(): name for name, all_ in names.items() for form in all_}
        near = dict.fromkeys(forms[form] for form in get_close_matches(wanted, forms, _SHOWN))
        hint = f"; the nearest are {', '.join(near)}" if near else ""
        raise UsageError(f"the ontology has no {kind} '{text}'{hint}")

    def _short(self, text: str) -> NamedNode:
        node = NamedNode(expand(text))
        if self._is_described(node) or not node.value.startswith(BASE):
            return node
        known = (
            shorten(quad.subject.value)
            for quad in self._store.quads_for_pattern(None, _TYPE, None, DefaultGraph())
            if isinstance(quad.subject, NamedNode)
        )
        near = get_close_matches(text, set(known), _SHOWN)
        hint = f"; the nearest are {', '.join(near)}" if near else ""
        raise UsageError(f"the graph describes no {text}{hint}")

    def _is_described(self, node: NamedNode) -> bool:
        quads = self._store.quads_for_pattern(node, _TYPE, None, DefaultGraph())
        return next(quads, None) is not None

    def _literal(self, text: str) -> Literal:
        heads = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
        try:
            quads = list(parse(f"{heads}<a:a> <a:a> {text} .".encode(), RdfFormat.TURTLE))
        except SyntaxError:
            raise UsageError(f"{text} is no literal of Turtle: mind its quotation marks") from None
        value = quads[0].object
        if not isinstance(value, Literal) or not is_well_formed(value.value, value.datatype.value):
            raise UsageError(f"{text} is no value of its datatype")
        return value


def _may_be_meant(entity: Entity) -> bool:
    return entity.iri.startswith(_NAMED)


def _listed(found: Sequence[Candidate], between: str) -> str:
    return between.join(f"{shorten(each.entity.iri)} ({each.entity.label()})" for each in found)
