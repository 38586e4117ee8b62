"""A graph as JSON-LD with a context of short names, sorted.

https://www.w3.org/TR/json-ld11/. rdflib compacts; which nodes come first and last is up to it and
changes from run to run, so they are sorted afterwards.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from sparql_endpoint.errors import UsageError
from sparql_endpoint.names import PREFIXES, shorten
from sparql_endpoint.query.graph_text import prefixes_in

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["context_for", "jsonld"]

_NATIVE = frozenset(f"{PREFIXES['xsd']}{name}" for name in ("string", "integer", "boolean"))
_TYPE = f"{PREFIXES['rdf']}type"
_LANGUAGE_STRING = f"{PREFIXES['rdf']}langString"


def jsonld(quads: Iterable[Quad]) -> bytes:
    """Return the triples of ``quads`` as one JSON-LD document, graphs merged.

    Raises:
        UsageError: there is a triple term among them.
    """
    from rdflib import Graph  # noqa: PLC0415  # 0.1 s, of which a server is not to start later

    triples = sorted({quad.triple for quad in quads}, key=str)
    context = context_for(Quad(*triple) for triple in triples)
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    written = json.loads(graph.serialize(format="json-ld", context=context, use_native_types=True))
    document = {"@context": context, "@graph": _sorted(_nodes(written))}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def context_for(quads: Iterable[Quad]) -> dict[str, Any]:
    """Return the prefixes that the IRIs need, and a short name for each property.

    A name says how to read plain strings: as IRIs, or as values of a datatype, where the property
    has no others.
    """
    statements = list(quads)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for quad in statements:
        kinds[quad.predicate.value].add(_kind(quad.object))
    prefixes = prefixes_in(statements)
    uses = Counter(quad.predicate.value for quad in statements)
    del uses[_TYPE]
    names = _names(uses, prefixes)
    terms = {
        name: {"@id": shorten(iri, prefixes), **_coercion(kinds[iri])}
        for iri, name in names.items()
    }
    return prefixes | dict(sorted(terms.items()))


def _node(term: NamedNode | BlankNode | Literal | Triple) -> "Node":
    """Return a term for rdflib, a blank node by the label that it has."""
    import rdflib  # noqa: PLC0415  # as above

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal) and term.language is not None:
        return rdflib.Literal(term.value, lang=term.language)
    if isinstance(term, Literal):
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
    raise UsageError("JSON-LD has no triple terms: export these as Turtle, TriG or N-Quads")


def _nodes(written: Any) -> list[Any]:
    """Return the nodes of what rdflib wrote: a list, a graph, or one node with a context."""
    if isinstance(written, list):
        return written
    if "@graph" in written:
        return list(written["@graph"])
    return [{key: value for key, value in written.items() if key != "@context"}]


def _kind(term: object) -> str:
    """Return ``@id`` for an IRI or a blank node, a literal's datatype else."""
    if isinstance(term, NamedNode | BlankNode):
        return "@id"
    return term.datatype.value if isinstance(term, Literal) else ""


def _coercion(kinds: set[str]) -> dict[str, str]:
    kind = next(iter(kinds)) if len(kinds) == 1 else ""
    if not kind or kind in _NATIVE or kind == _LANGUAGE_STRING:
        return {}
    return {"@type": kind if kind == "@id" else shorten(kind)}


def _names(uses: Mapping[str, int], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the local name of each property with a prefix, the most used first to get it."""
    names: dict[str, str] = {}
    for iri in sorted(uses, key=lambda iri: (-uses[iri], iri)):
        local = shorten(iri, prefixes).partition(":")[2]
        if local.isalnum() and local not in {*prefixes, *names.values()}:
            names[iri] = local
    return names


def _sorted(value: Any) -> Any:
    """Return a JSON value with lists and members in order, ``@id`` and ``@type`` first."""
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=_order)
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (not key.startswith("@"), key))
        return {key: _sorted(value[key]) for key in keys}
    return value


def _order(value: Any) -> tuple[str, str]:
    """Sort nodes by their ``@id``, other values by how they are written."""
    identity = value.get("@id", "") if isinstance(value, dict) else ""
    return str(identity), json.dumps(value, ensure_ascii=False, sort_keys=True)
