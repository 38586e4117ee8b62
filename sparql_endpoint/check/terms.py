"""Terms in use: each must exist in the vocabulary of its namespace.

Neither RDF nor a shape that does not mention it reports a misspelt property or class. The lists of
the well-known vocabularies' terms come from rdflib.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD
from rdflib.namespace import WGS, DefinedNamespace

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.names import PREFIXES, expand, shorten

__all__ = ["check_terms", "check_terms_of_shapes"]

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
_TYPE = NamedNode(expand("rdf:type"))


def check_terms(statements: Iterable[Quad]) -> Iterator[Finding]:
    """Yield statements with a name that a well-known vocabulary does not have.

    Names of our own are left to the shapes.
    """
    for quad in statements:
        for name in _names(quad):
            if not _is_known(name.value):
                yield _finding(quad, f"{shorten(name.value)} is no term of that vocabulary.")


def check_terms_of_shapes(store: Store, statements: Iterable[Quad]) -> Iterator[Finding]:
    """Yield statements of shapes with a term of our own that the ontology does not have.

    No shape checks the shapes, and one with a misspelt path finds no values.
    """
    for quad in statements:
        for name in _names(quad):
            local = name.value.removeprefix(PREFIXES["dfo"])
            if local not in ("", name.value) and not _is_described(store, name):
                yield _finding(quad, f"The ontology does not have {shorten(name.value)}.")


def _names(quad: Quad) -> Iterator[NamedNode]:
    yield quad.predicate
    if isinstance(quad.object, NamedNode):
        yield quad.object
    if isinstance(quad.object, Literal):
        yield quad.object.datatype


@lru_cache(maxsize=10_000)
def _is_known(name: str) -> bool:
    """Return whether a name is a term of its vocabulary, or its vocabulary is not on our list."""
    namespace = next((known for known in _VOCABULARIES if name.startswith(known)), None)
    local = name.removeprefix(namespace or "")
    return namespace is None or not local or local in _VOCABULARIES[namespace]


def _is_described(store: Store, name: NamedNode) -> bool:
    quads = store.quads_for_pattern(name, _TYPE, None, DefaultGraph())
    return next(quads, None) is not None


def _finding(quad: Quad, message: str) -> Finding:
    return Finding(
        check="terms",
        rule="known-term",
        severity=Severity.ERROR,
        message=message,
        mend="Correct the spelling.",
        focus=quad.subject,
        predicate=quad.predicate,
        value=quad.object,
    )
