"""A graph as JSON-LD with a context of short names, sorted.

https://www.w3.org/TR/json-ld11/. The document is flat: each subject stands once, in ``@graph``, and
refers to others, blank nodes among them, by ``@id``. No list is folded and no node nested, so that
nothing depends on who refers to whom.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from sparql_endpoint.names import PREFIXES, shorten
from sparql_endpoint.query.graph_text import prefixes_in
from sparql_endpoint.query.write import in_jsonld

__all__ = ["context_for", "jsonld"]

_STRING, _INTEGER, _BOOLEAN = (f"{PREFIXES['xsd']}{n}" for n in ("string", "integer", "boolean"))
_NATIVE = frozenset({_STRING, _INTEGER, _BOOLEAN})
_TYPE = f"{PREFIXES['rdf']}type"
_LANGUAGE_STRING = f"{PREFIXES['rdf']}langString"
_EXACT_INTEGER = re.compile("0|-?[1-9][0-9]{0,14}")
"""Integers that every reader of JSON reads exactly (RFC 8259, section 6)."""
_PREFIXED = re.compile(r"[a-z][a-z0-9]*:(?!//)[^\s]+")


def jsonld(quads: Iterable[Quad]) -> bytes:
    """Return the triples of ``quads`` as one JSON-LD document, graphs merged.

    Raises:
        UsageError: there is a triple term among them.
    """
    triples = sorted({in_jsonld(quad.triple) for quad in quads}, key=str)
    context = context_for(Quad(*triple) for triple in triples)
    document = {"@context": context, "@graph": _Compaction(context).nodes(triples)}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def context_for(quads: Iterable[Quad]) -> dict[str, Any]:
    """Return the prefixes that the IRIs need, and a short name for each property.

    A name says how to read plain strings: as IRIs, or as values of a datatype, where the property
    has no others. No name is the scheme of an IRI in the data, which would be read as that name
    (JSON-LD 1.1 API, section 5.2: https://www.w3.org/TR/json-ld11-api/#iri-expansion).
    """
    statements = list(quads)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for quad in statements:
        kinds[quad.predicate.value].add(_kind(quad.object))
    schemes = {iri.partition(":")[0] for quad in statements for iri in _iris(quad)}
    prefixes = {
        prefix: namespace
        for prefix, namespace in prefixes_in(statements).items()
        if prefix not in schemes
    }
    uses = Counter(quad.predicate.value for quad in statements)
    del uses[_TYPE]
    names = _names(uses, prefixes, schemes)
    terms = {
        name: {"@id": _short(iri, prefixes), **_coercion(kinds[iri], prefixes)}
        for iri, name in names.items()
    }
    return prefixes | dict(sorted(terms.items()))


def _iris(quad: Quad) -> list[str]:
    """Return the IRIs of a statement, its datatype among them."""
    iris = [term.value for term in (quad.subject, quad.predicate) if isinstance(term, NamedNode)]
    if isinstance(quad.object, NamedNode):
        iris.append(quad.object.value)
    elif isinstance(quad.object, Literal):
        iris.append(quad.object.datatype.value)
    return iris


def _kind(term: object) -> str:
    """Return ``@id`` for an IRI or a blank node, a literal's datatype else."""
    if isinstance(term, NamedNode | BlankNode):
        return "@id"
    return term.datatype.value if isinstance(term, Literal) else ""


def _coercion(kinds: set[str], prefixes: Mapping[str, str]) -> dict[str, str]:
    kind = next(iter(kinds)) if len(kinds) == 1 else ""
    if not kind or kind in _NATIVE or kind.startswith(PREFIXES["rdf"]):
        return {}
    return {"@type": kind if kind == "@id" else _short(kind, prefixes)}


def _names(
    uses: Mapping[str, int], prefixes: Mapping[str, str], schemes: set[str]
) -> dict[str, str]:
    """Return the local name of each property with a prefix, the most used first to get it."""
    names: dict[str, str] = {}
    for iri in sorted(uses, key=lambda iri: (-uses[iri], iri)):
        short = _short(iri, prefixes)
        local = short.partition(":")[2] if short != iri else ""
        if local.isalnum() and local not in {*prefixes, *schemes, *names.values()}:
            names[iri] = local
    return names


def _short(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the prefixed name of an IRI, or the IRI where there is none that reads as this IRI."""
    short = shorten(iri, prefixes)
    return short if _PREFIXED.fullmatch(short) and not short.startswith("<") else iri


class _Compaction:
    """How terms are written under a context."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._prefixes = {name: iri for name, iri in context.items() if isinstance(iri, str)}
        terms = {name: term for name, term in context.items() if isinstance(term, dict)}
        self._names = {term["@id"]: name for name, term in terms.items()}
        self._coerced = {name: term.get("@type", "") for name, term in terms.items()}

    def nodes(self, triples: Iterable[Triple]) -> list[dict[str, Any]]:
        """Return the node objects of triples that are sorted by their subject."""
        nodes = []
        for subject, group in groupby(triples, key=lambda triple: triple.subject):
            node: defaultdict[str, list[Any]] = defaultdict(list)
            for triple in group:
                key, value = self._member(triple)
                node[key].append(value)
            members = {key: node[key] for key in sorted(node, key=lambda k: (k[0] != "@", k))}
            nodes.append(
                {"@id": self._id(subject)}
                | {key: _alone(sorted(values, key=_order)) for key, values in members.items()}
            )
        return sorted(nodes, key=lambda node: str(node["@id"]))

    def _member(self, triple: Triple) -> tuple[str, Any]:
        predicate, value = triple.predicate.value, triple.object
        if predicate == _TYPE and isinstance(value, NamedNode | BlankNode):
            return "@type", self._id(value)
        short = _short(predicate, self._prefixes)
        key = self._names.get(short, short)
        return key, self._value(value, self._coerced.get(key, ""))

    def _id(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return _short(term.value, self._prefixes)
        return str(term)

    def _value(self, term: object, coerced: str) -> Any:
        if not isinstance(term, Literal):
            return self._id(term) if coerced == "@id" else {"@id": self._id(term)}
        datatype = term.datatype.value
        if (
            coerced or datatype == _STRING
        ):  # a name is coerced only where all values are of one kind
            return term.value
        if term.language is not None:
            direction = {"@direction": str(term.direction)} if term.direction else {}
            return {"@language": term.language, **direction, "@value": term.value}
        if datatype == _INTEGER and _EXACT_INTEGER.fullmatch(term.value):
            return int(term.value)
        if datatype == _BOOLEAN and term.value in {"true", "false"}:
            return term.value == "true"
        return {"@type": _short(datatype, self._prefixes), "@value": term.value}


def _alone(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _order(value: Any) -> tuple[str, str]:
    """Sort references by their ``@id``, other values by how they are written."""
    identity = value.get("@id", "") if isinstance(value, dict) else ""
    return str(identity), json.dumps(value, ensure_ascii=False, sort_keys=True)
