"""Whether the rule that a claim names is the one by which its standing follows from the others.

The rules are those of the code list dfo:rules; CONTRIBUTING.md tells the rank of the sources. What
a document of all parties says comes first, wherever it is printed; then the tiers of the sources.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Store

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.graph.disagreement import rivals, topics
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Claim, Evidence, objects
from sparql_endpoint.names import expand

__all__ = ["check_ranking"]

_DOCUMENT = expand("dfo:OutcomeDocument")
_WEAK, _UNRANKED = 4, 9
"""The rank of a weak source, and the place of a source without a tier: below all others."""

_COMPARING = {"strongestSource", "weakerSource", "equalSources", "contemporarySource"}
Triple = tuple[Term | None, Term | None, Term | None]


def check_ranking(evidence: Evidence, store: Store) -> Iterator[Finding]:
    """Yield claims whose dfo:rule does not follow from the claims beside them."""
    found = rivals(store, evidence.claims)
    places = _places(evidence, store)
    disputed = {subject for subject, _ in topics(found)}
    for claim in evidence.claims:
        others = found.get(claim.iri, ())
        rule = next((_local(term) for term in objects(store, claim.iri, "dfo:rule")), "")
        own = places[_triple(claim)]
        best = min((places[_triple(other)] for other in others), default=None)
        fault = _fault(rule, own, best, disputed=claim.subject in disputed)
        if fault:
            yield Finding(
                check="evidence",
                rule="rule-follows",
                severity=Severity.WARNING,
                message=f"The rule dfo:{rule} does not hold: {fault}.",
                mend="Take the rule that does, and the standing that it decides for.",
                focus=claim.iri,
                predicate=NamedNode(expand("dfo:rule")),
            )


def _fault(rule: str, own: int, best: int | None, *, disputed: bool) -> str:
    """Return why a rule does not hold, where ``own`` and ``best`` are ranks, 0 the first."""
    if best is None:
        alone = not disputed and not (rule == "weakerSource" and own >= _WEAK)
        return "no other claim gives another value" if rule in _COMPARING and alone else ""
    faults = {
        "undisputed": (True, "another claim gives another value"),
        "strongestSource": (own >= best, "a source of another value ranks as high or higher"),
        "weakerSource": (own <= best, "no source of another value ranks higher"),
        "equalSources": (own != best, "the sources of other values rank higher or lower"),
        "contemporarySource": (own != best, "the sources of other values rank higher or lower"),
    }
    fails, reason = faults.get(rule, (False, ""))
    return reason if fails else ""


def _places(evidence: Evidence, store: Store) -> Mapping[Triple, int]:
    """Return the best rank by which each claimed triple is stated."""
    places: defaultdict[Triple, int] = defaultdict(lambda: _UNRANKED)
    documents = _documents(store)
    quoted = {quote.iri: quote.source for quote in evidence.quotes}
    ranks: dict[Term, int] = {}
    for source in evidence.sources:
        tiers = objects(store, source.iri, "dfo:tier")
        numbers = [rank for tier in tiers for rank in objects(store, tier, "dfo:rank")]
        ranks[source.iri] = min(
            (int(n.value) for n in numbers if isinstance(n, Literal)), default=_UNRANKED
        )
    for claim in evidence.claims:
        voiced = any(term in documents for term in objects(store, claim.iri, "dfo:voicedIn"))
        sources = (
            quoted.get(term, term) if isinstance(term, NamedNode) else term
            for term in claim.evidence
        )
        place = (
            0
            if voiced
            else min(
                (ranks.get(source, _UNRANKED) for source in sources if source), default=_UNRANKED
            )
        )
        places[_triple(claim)] = min(places[_triple(claim)], place)
    return places


def _documents(store: Store) -> frozenset[Term]:
    """Return the outcome documents, with those of the classes below."""
    query = f"SELECT ?d {{ ?d a/<{expand('rdfs:subClassOf')}>* <{_DOCUMENT}> }}"
    return frozenset(row[0] for row in store.query(query))  # type: ignore[union-attr]


def _triple(claim: Claim) -> Triple:
    return claim.subject, claim.predicate, claim.object


def _local(term: Term) -> str:
    return term.value.partition("#")[2] if isinstance(term, NamedNode) else ""
