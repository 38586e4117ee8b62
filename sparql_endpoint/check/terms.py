"""Names in use: each must be defined where its namespace says.

A misspelt property, class or thing is no error to RDF, nor to a shape that does not expect it. The
lists of the well-known vocabularies' terms are rdflib's.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD
from rdflib.namespace import WGS, DefinedNamespace

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.names import BASE, PREFIXES, expand, shorten

__all__ = ["check_terms"]

_VOCABULARIES: Mapping[str, type[DefinedNamespace]] = MappingProxyType(
    {
        PREFIXES[prefix]: vocabulary
        for prefix, vocabulary in {
            "dcat": DCAT,
            "dcterms": DCTERMS,
            "foaf": FOAF,
            "geo": WGS,
            "org": ORG,
            "owl": OWL,
            "prov": PROV,
            "rdf": RDF,
            "rdfs": RDFS,
            "schema": SDO,
            "sh": SH,
            "skos": SKOS,
            "vann": VANN,
            "void": VOID,
            "xsd": XSD,
        }.items()
    }
)
_OURS = tuple(PREFIXES[prefix] for prefix in ("claim", "dfo", "id", "quote", "source"))
_TYPE = NamedNode(expand("rdf:type"))


def check_terms(store: Store, statements: Iterable[Quad]) -> Iterator[Finding]:
    """Yield those ``statements`` with a name that neither its vocabulary nor the graph defines."""
    known: dict[NamedNode, str] = {}
    for quad in statements:
        for name in _names(quad):
            if name not in known:
                known[name] = _fault(store, name)
            if known[name]:
                yield _finding(quad, name, known[name])


def _names(quad: Quad) -> Iterator[NamedNode]:
    yield quad.predicate
    if isinstance(quad.object, NamedNode):
        yield quad.object
    if isinstance(quad.object, Literal):
        yield quad.object.datatype


def _fault(store: Store, name: NamedNode) -> str:
    """Return what is wrong with a name, or nothing."""
    namespace = next((known for known in _VOCABULARIES if name.value.startswith(known)), "")
    local = name.value.removeprefix(namespace)
    if namespace:
        if not local or local in _VOCABULARIES[namespace]:
            return ""
        return f"{shorten(name.value)} is no term of that vocabulary."
    ours = name.value.startswith(_OURS) and name.value not in _OURS
    if not ours or _is_described(store, name):
        return ""
    return f"{shorten(name.value)} is defined nowhere."


def _is_described(store: Store, name: NamedNode) -> bool:
    quads = store.quads_for_pattern(name, _TYPE, None, DefaultGraph())
    return next(quads, None) is not None


def _finding(quad: Quad, name: NamedNode, message: str) -> Finding:
    dangling = name.value.startswith(BASE) and not name.value.startswith(PREFIXES["dfo"])
    return Finding(
        check="terms",
        rule="described-thing" if dangling else "defined-term",
        severity=Severity.ERROR,
        message=message,
        mend="Correct the spelling, or describe it." if dangling else "Correct the spelling.",
        focus=quad.subject,
        predicate=quad.predicate,
        value=quad.object,
    )
