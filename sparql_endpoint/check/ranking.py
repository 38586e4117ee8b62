"""The check that the rule that a claim names follows from the competing claims and their sources.

The rules are those of the code list dfo:rules; ``graph.ranking`` has the rank of the sources.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Store

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.graph.disagreement import rivals, topics
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Evidence, objects
from sparql_endpoint.graph.ranking import WEAK, ranks, triple_of
from sparql_endpoint.names import expand

__all__ = ["check_ranking"]

_COMPARING = {"strongestSource", "weakerSource", "equalSources", "contemporarySource"}


def check_ranking(evidence: Evidence, store: Store) -> Iterator[Finding]:
    """Yield claims whose dfo:rule does not follow from the competing claims."""
    found = rivals(store, evidence.claims)
    places = ranks(store, evidence, evidence.claims)
    disputed = {subject for subject, _ in topics(found)}
    for claim in evidence.claims:
        others = found.get(claim.iri, ())
        rule = next((_local(term) for term in objects(store, claim.iri, "dfo:rule")), "")
        own = places[triple_of(claim)]
        best = min((places[triple_of(other)] for other in others), default=None)
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
    """Return why a rule does not apply; ``own`` and ``best`` are ranks, and 0 is the highest."""
    if best is None:
        alone = not disputed and not (rule == "weakerSource" and own >= WEAK)
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


def _local(term: Term) -> str:
    return term.value.partition("#")[2] if isinstance(term, NamedNode) else ""
