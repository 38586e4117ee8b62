"""The rank by which each claimed triple is stated, 0 the first.

What a document of all parties says comes first, wherever it is printed; then the tiers of the
sources, as CONTRIBUTING.md tells.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Store

from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Claim, Evidence, objects
from sparql_endpoint.names import expand

__all__ = ["UNRANKED", "WEAK", "ClaimedTriple", "ranks", "triple_of"]

_DOCUMENT = expand("dfo:OutcomeDocument")
WEAK, UNRANKED = 4, 9
"""The rank of a weak source, and the place of a source without a tier: below all others."""
ClaimedTriple = tuple[Term | None, Term | None, Term | None]


def ranks(store: Store, evidence: Evidence, claims: Iterable[Claim]) -> Mapping[ClaimedTriple, int]:
    """Return the best rank by which the claims state each triple."""
    places: defaultdict[ClaimedTriple, int] = defaultdict(lambda: UNRANKED)
    documents = _documents(store)
    quoted = {quote.iri: quote.source for quote in evidence.quotes}
    of_source: dict[Term, int] = {}
    for source in evidence.sources:
        tiers = objects(store, source.iri, "dfo:tier")
        numbers = [rank for tier in tiers for rank in objects(store, tier, "dfo:rank")]
        of_source[source.iri] = min(
            (int(n.value) for n in numbers if isinstance(n, Literal)), default=UNRANKED
        )
    for claim in claims:
        voiced = any(term in documents for term in objects(store, claim.iri, "dfo:voicedIn"))
        sources = (
            quoted.get(term, term) if isinstance(term, NamedNode) else term
            for term in claim.evidence
        )
        place = (
            0
            if voiced
            else min(
                (of_source.get(source, UNRANKED) for source in sources if source), default=UNRANKED
            )
        )
        places[triple_of(claim)] = min(places[triple_of(claim)], place)
    return places


def _documents(store: Store) -> frozenset[Term]:
    """Return the outcome documents, with those of the classes below."""
    query = f"SELECT ?d {{ ?d a/<{expand('rdfs:subClassOf')}>* <{_DOCUMENT}> }}"
    return frozenset(row[0] for row in store.query(query))  # type: ignore[union-attr]


def triple_of(claim: Claim) -> ClaimedTriple:
    """Return subject, predicate and object of a claim."""
    return claim.subject, claim.predicate, claim.object
