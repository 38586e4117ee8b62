"""What the pages of one claim and of one quotation need beside what every page has."""

from typing import Any

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.site import citation, claims, description
from sparql_endpoint.site.asking import node, turtle
from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.sources import Record, records

__all__ = ["of_claim", "of_quote"]


def of_claim(iri: str) -> dict[str, Any]:
    """Return a claim, the other claims on the same property of the same thing, and how to cite it.

    Raises:
        NotFoundError: there is no such claim.
    """
    claim = claims.one(iri)
    if claim is None:
        raise NotFoundError(f"there is no claim <{iri}>")
    known = records(claim.sources)
    cited = [known.get(source, Record(source)) for source in claim.sources]
    return {
        "claim": claim,
        "others": _others(claim),
        "records": cited,
        "citation": citation.of_claim(claim, cited, service().about.modified.year),
        "turtle": turtle(description.query(iri)),
    }


def of_quote(iri: str) -> dict[str, Any]:
    """Return a quotation, the claims that rest on it, and how to cite it.

    Raises:
        NotFoundError: nothing rests on it.
    """
    resting = claims.resting_on(iri)
    words = next((item for claim in resting for item in claim.evidence if item.iri == iri), None)
    if words is None:
        raise NotFoundError(f"no claim rests on <{iri}>")
    record = records([words.source]).get(words.source, Record(words.source))
    return {
        "words": words,
        "resting": resting,
        "quoted_from": record,
        "citation": citation.of_quote(words.exact, iri, record, service().about.modified.year),
        "turtle": turtle(description.query(iri)),
    }


def _others(claim: Claim) -> list[Claim]:
    if not claim.subject.is_iri:
        return []
    same = claims.claims_where(
        f"?claim rdf:subject {node(claim.subject.value)} ; rdf:predicate {node(claim.predicate)}"
    )
    return [other for other in same if other.iri != claim.iri]
