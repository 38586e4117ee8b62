"""Evidence in an export: as claims, left out, or by the reifiers of RDF 1.2.

https://www.w3.org/TR/rdf12-concepts/#section-triple-terms-reification: a reifier is related by
``rdf:reifies`` to a triple term, which says nothing about whether the triple holds. That is what a
claim does, so the claim's node becomes the reifier.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from sparql_endpoint.names import expand

__all__ = ["EvidenceForm", "with_evidence"]

_TYPE, _SUBJECT, _PREDICATE, _OBJECT, _REIFIES, _HAS_COUNT = (
    NamedNode(expand(name))
    for name in (
        "rdf:type",
        "rdf:subject",
        "rdf:predicate",
        "rdf:object",
        "rdf:reifies",
        "dfo:hasCount",
    )
)
_CLAIM = NamedNode(expand("dfo:Claim"))
_COUNT = NamedNode(expand("dfo:Count"))
_EVIDENCE = frozenset(
    NamedNode(expand(name))
    for name in (
        "dfo:Claim",
        "dfo:Source",
        "oa:SpecificResource",
        "oa:TextPositionSelector",
        "oa:TextQuoteSelector",
    )
)


class EvidenceForm(StrEnum):
    """The forms that evidence takes."""

    CLAIMS = "claims"
    """Claim nodes with their quotes and sources, as in the project's files."""
    NONE = "none"
    """Facts only: no claim, quote or source, and no count that nothing endorsed refers to."""
    RDF12 = "rdf12"
    """Each claim a reifier of its triple."""


def with_evidence(quads: Iterable[Quad], form: EvidenceForm) -> list[Quad]:
    """Return ``quads`` with their evidence in another form."""
    every = list(quads)
    if form is EvidenceForm.NONE:
        return _without_loose_counts(_without(every, _instances(every, _EVIDENCE)))
    if form is EvidenceForm.RDF12:
        return _reified(every)
    return every


def _instances(
    quads: Iterable[Quad], classes: frozenset[NamedNode]
) -> frozenset[NamedNode | BlankNode | Triple]:
    return frozenset(
        quad.subject for quad in quads if quad.predicate == _TYPE and quad.object in classes
    )


def _without(quads: Iterable[Quad], nodes: frozenset[NamedNode | BlankNode | Triple]) -> list[Quad]:
    """Return the statements that neither tell of ``nodes`` nor refer to them."""
    return [quad for quad in quads if quad.subject not in nodes and quad.object not in nodes]


def _without_loose_counts(quads: list[Quad]) -> list[Quad]:
    """Leave out the counts that stand only for what somebody claimed."""
    stated = frozenset(quad.object for quad in quads if quad.predicate == _HAS_COUNT)
    return _without(quads, _instances(quads, frozenset({_COUNT})) - stated)


def _reified(quads: list[Quad]) -> list[Quad]:
    """Put ``rdf:reifies`` and a triple term in the place of subject, predicate and object."""
    claims = _instances(quads, frozenset({_CLAIM}))
    parts: defaultdict[object, dict[NamedNode, Quad]] = defaultdict(dict)
    kept = []
    for quad in quads:
        if quad.subject in claims and quad.predicate in {_SUBJECT, _PREDICATE, _OBJECT}:
            parts[quad.subject, quad.graph_name][quad.predicate] = quad
        else:
            kept.append(quad)
    return kept + [quad for claim in parts.values() for quad in _reifier(claim)]


def _reifier(parts: dict[NamedNode, Quad]) -> list[Quad]:
    """Return the one statement for the parts of a claim, or these where they make no triple."""
    subject, predicate, object_ = (
        parts[part].object if part in parts else None for part in (_SUBJECT, _PREDICATE, _OBJECT)
    )
    if not isinstance(subject, NamedNode | BlankNode) or not isinstance(predicate, NamedNode):
        return list(parts.values())
    if object_ is None:
        return list(parts.values())
    claim = parts[_SUBJECT]
    triple = Triple(subject, predicate, object_)
    return [Quad(claim.subject, _REIFIES, triple, claim.graph_name)]
