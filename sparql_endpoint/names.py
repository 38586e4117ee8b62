"""The project's IRIs and the prefixes it writes them with."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["BASE", "GRAPH", "PREFIXES", "expand", "shorten"]

BASE = "https://w3id.org/forumgraph/"
GRAPH = f"{BASE}graph/"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "claim": f"{BASE}claim/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "dfo": f"{BASE}ontology#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "graph": GRAPH,
        "id": f"{BASE}id/",
        "link": f"{BASE}link/",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "quote": f"{BASE}quote/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "semapv": "https://w3id.org/semapv/vocab/",
        "sh": "http://www.w3.org/ns/shacl#",
        "shapes": f"{BASE}shapes#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "source": f"{BASE}source/",
        "sssom": "https://w3id.org/sssom/",
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
        "wd": "http://www.wikidata.org/entity/",
        "wdt": "http://www.wikidata.org/prop/direct/",
        "wikibase": "http://wikiba.se/ontology#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""Prefix to namespace IRI, sorted by prefix: known to every query, used by every export."""


def shorten(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return ``iri`` as ``prefix:local`` by the longest namespace that fits, else as ``<iri>``."""
    fits = [(ns, prefix) for prefix, ns in prefixes.items() if iri.startswith(ns)]
    if not fits:
        return f"<{iri}>"
    namespace, prefix = max(fits, key=lambda fit: len(fit[0]))
    return f"{prefix}:{iri[len(namespace) :]}"


def expand(name: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return the IRI that ``prefix:local`` or ``<iri>`` stands for; other text as it is."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name
