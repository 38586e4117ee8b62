"""Things and their relations as GraphML, for Gephi or networkx: http://graphml.graphdrawing.org/."""

import io
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from pyoxigraph import Quad, QuerySolutions, Store

from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["graphml"]

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_KEYS = {"node": ("label", "class"), "edge": ("label", "property", "claims")}
_NODES = """
SELECT ?thing (MIN(?name) AS ?label) (MIN(?kind) AS ?class) {
  ?thing a ?kind FILTER (STRSTARTS(STR(?thing), STR(id:)))
  OPTIONAL { ?thing rdfs:label|skos:prefLabel ?name FILTER (LANG(?name) = "en") }
} GROUP BY ?thing ORDER BY ?thing"""
_EDGES = """
SELECT ?from ?property ?to (COUNT(DISTINCT ?claim) AS ?claims) {
  ?from a ?kind . ?to a ?otherKind . ?from ?property ?to
  FILTER (STRSTARTS(STR(?from), STR(id:)) && STRSTARTS(STR(?to), STR(id:)))
  OPTIONAL { ?claim rdf:subject ?from ; rdf:predicate ?property ; rdf:object ?to }
} GROUP BY ?from ?property ?to ORDER BY ?from ?property ?to"""


def graphml(statements: Iterable[Quad]) -> bytes:
    """Return a directed graph: a node for each thing, an edge for each statement between two.

    The id of a node is the IRI of the thing; nodes have ``label`` (English) and ``class``, edges
    ``label`` and ``property``, the short name and the IRI of the property, and ``claims``, the
    number of claims that make the statement. What is attributed to somebody only is no edge.
    """
    store = Store()
    store.bulk_extend(Quad(*quad.triple) for quad in statements)
    ET.register_namespace("", _SPACE)
    document = ET.Element(f"{{{_SPACE}}}graphml")
    for end, names in _KEYS.items():
        for name in names:
            kind = "int" if name == "claims" else "string"
            values = {"id": f"{end}-{name}", "for": end, "attr.name": name, "attr.type": kind}
            ET.SubElement(document, f"{{{_SPACE}}}key", values)
    graph = ET.SubElement(document, f"{{{_SPACE}}}graph", {"edgedefault": "directed"})
    for thing, label, kind in _rows(store, _NODES):
        node = ET.SubElement(graph, f"{{{_SPACE}}}node", {"id": thing})
        _write(node, "node", {"label": label or shorten(thing), "class": kind})
    for number, (start, relation, end, claims) in enumerate(_rows(store, _EDGES)):
        ends = {"id": f"e{number}", "source": start, "target": end}
        edge = ET.SubElement(graph, f"{{{_SPACE}}}edge", ends)
        _write(edge, "edge", {"label": shorten(relation), "property": relation, "claims": claims})
    ET.indent(document, " ")
    output = io.BytesIO()
    ET.ElementTree(document).write(output, encoding="utf-8", xml_declaration=True)
    return output.getvalue()


def _write(element: ET.Element, end: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        data = ET.SubElement(element, f"{{{_SPACE}}}data", {"key": f"{end}-{name}"})
        data.text = value


def _rows(store: Store, query: str) -> Iterable[list[str]]:
    """Yield the solutions as texts, empty where a variable is unbound."""
    solutions = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(solutions, QuerySolutions)  # noqa: S101  # the queries are SELECTs
    for solution in solutions:
        yield [getattr(term, "value", "") for term in solution]
