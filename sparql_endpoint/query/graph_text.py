"""Writing triples and quads so that the same ones always give the same bytes, pleasant to read.

The engine's writers do the work; they write in the order in which they are given, and name every
prefix, used or not, in an order of their own.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple, serialize

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.rdfxml import rdfxml

__all__ = ["Statement", "graph_text", "prefixes_in"]

Statement: TypeAlias = Triple | Quad

_RDF = PREFIXES["rdf"]
_FIRST = {f"{_RDF}type": 0, f"{PREFIXES['rdfs']}label": 1}
_IRI = re.compile(r"<([^<>]*)>")
_BLOCK_END = re.compile(r"(?: \.|^\})\n(?! *\}|\Z)", re.MULTILINE)
_LAID_OUT = frozenset({RdfFormat.TURTLE, RdfFormat.TRIG})


def graph_text(
    statements: Iterable[Statement],
    rdf_format: RdfFormat,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return the text of statements, each written once, sorted, with those prefixes that they need.

    Sorted means by graph, then subject; ``a`` before labels before the rest. Turtle and TriG get an
    empty line between subjects. The bytes are always the same as long as no blank node is among
    the statements, whose labels differ from one reading to the next.

    Raises:
        UsageError: there is a term that the format cannot hold.
    """
    ordered = sorted(set(statements), key=_sort_key)
    needed = prefixes_in(ordered, prefixes)
    if rdf_format == RdfFormat.RDF_XML:
        return b"".join(rdfxml(ordered, needed))
    written = serialize(cast("list[Quad]", ordered), format=rdf_format, prefixes=needed) or b""
    return _lay_out(written, needed) if rdf_format in _LAID_OUT else written


def prefixes_in(
    statements: Iterable[Statement], prefixes: Mapping[str, str] = PREFIXES
) -> dict[str, str]:
    """Return those of ``prefixes`` whose namespace some IRI of the statements starts with."""
    iris = {iri for statement in statements for iri in _IRI.findall(str(statement))}
    return {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if any(iri.startswith(namespace) for iri in iris)
    }


def _sort_key(statement: Statement) -> tuple[str, str, int, str, str]:
    graph = statement.graph_name if isinstance(statement, Quad) else DefaultGraph()
    predicate = statement.predicate.value
    return (
        "" if isinstance(graph, DefaultGraph) else str(graph),
        str(statement.subject),
        _FIRST.get(predicate, 2),
        predicate,
        str(statement.object),
    )


def _lay_out(text: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Sort and align the prefixes, indent by four spaces, set an empty line between subjects.

    The engine escapes line feeds and tabs in literals, so each line feed and tab is layout.
    """
    lines = [line for line in text.decode().split("\n") if not line.startswith("@prefix ")]
    body = "\n".join(line.replace("\t", "    ") for line in lines)
    body = _BLOCK_END.sub(r"\g<0>\n", body).strip("\n")
    used = {prefix: iri for prefix, iri in prefixes.items() if f"{prefix}:" in body}
    width = max(map(len, used), default=0) + 1
    header = [f"@prefix {prefix + ':':<{width}} <{iri}> ." for prefix, iri in used.items()]
    return "\n".join([*header, *([""] if header else []), body, ""]).encode()
