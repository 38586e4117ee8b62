"""How much the graph holds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store

from sparql_endpoint.graph.disagreement import rivals, topics
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.names import GRAPH, PREFIXES, expand, shorten

__all__ = ["Statistics", "statistics"]

_TYPE = NamedNode(expand("rdf:type"))


@dataclass(frozen=True)
class Statistics:
    """Numbers of the project's data.

    Args:
        statements: triples in ``data/``, each once.
        ontology_statements: triples in ``ontology/``, each once.
        claims: claims, asserted and attributed.
        asserted: claims whose triple the graph states too.
        attributed: claims whose triple is only somebody's word.
        inferred: claims that the words of the source only imply.
        claims_with_words: claims that carry the words of their source; others carry its place only.
        disagreements: things with a property of which claims give values that exclude each other.
        sources: sources of claims.
        quotes: quotations.
        entities: things under ``id/`` that have a class, each once.
        classes: entities by the short name of their class, in order of names; a thing of two
            classes counts in both.
    """

    statements: int
    ontology_statements: int
    claims: int
    asserted: int
    attributed: int
    inferred: int
    claims_with_words: int
    disagreements: int
    sources: int
    quotes: int
    entities: int
    classes: Mapping[str, int]


def statistics(store: Store) -> Statistics:
    """Count what a store of the project holds, one named graph a file."""
    quads = list(store)
    data = _triples(quads, "data/")
    evidence = read_evidence(store)
    standings = Counter(claim.standing for claim in evidence.claims)
    bases = Counter(claim.basis for claim in evidence.claims)
    things = [quad for quad in data if str(quad.subject).startswith(f"<{PREFIXES['id']}")]
    classes = Counter(
        shorten(quad.object.value)
        for quad in things
        if quad.predicate == _TYPE and isinstance(quad.object, NamedNode)
    )
    return Statistics(
        statements=len(data),
        ontology_statements=len(_triples(quads, "ontology/")),
        claims=len(evidence.claims),
        asserted=standings[NamedNode(expand("dfo:asserted"))],
        attributed=standings[NamedNode(expand("dfo:attributed"))],
        inferred=bases[NamedNode(expand("dfo:inferred"))],
        claims_with_words=sum(bool(evidence.words(claim)) for claim in evidence.claims),
        disagreements=len(topics(rivals(store, evidence.claims))),
        sources=len(evidence.sources),
        quotes=len(evidence.quotes),
        entities=len({quad.subject for quad in things if quad.predicate == _TYPE}),
        classes=dict(sorted(classes.items())),
    )


def _triples(quads: list[Quad], folder: str) -> set[Quad]:
    """Return the triples of the named graphs of one folder, in the default graph."""
    start = f"<{GRAPH}{folder}"
    return {
        Quad(quad.subject, quad.predicate, quad.object)
        for quad in quads
        if str(quad.graph_name).startswith(start)
    }
