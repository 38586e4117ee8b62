"""``/disagreements``: where sources give values that cannot all be right, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template

from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.site import claims, kept
from sparql_endpoint.site.asking import Term, rows
from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.statements import Property, group

__all__ = ["Disagreement", "blueprint", "disagreements"]

blueprint = Blueprint("disagreements", __name__)


@dataclass(frozen=True)
class Disagreement:
    """A property of a thing on which sources differ, with all values that they give."""

    subject: Term
    property: Property


@blueprint.get("/disagreements")
def page() -> str:
    """Show every disagreement."""
    return render_template(
        "site/disagreements.html", disagreements=kept.once(__name__, disagreements)
    )


def disagreements() -> list[Disagreement]:
    """Return the disagreements by the IRI of the thing they are about.

    What a disagreement is the competency question says.
    """
    disputed = {
        (row["subject"], row["property"].value) for row in rows(catalogue()["disagreements"].text)
    }
    by_subject: dict[Term, list[Claim]] = {}
    for claim in claims.open_to_conflict():
        by_subject.setdefault(claim.subject, []).append(claim)
    single_valued = kept.catalogue().single_valued
    return [
        Disagreement(subject, entry)
        for subject in sorted(by_subject)
        for entry in group(_stated(by_subject[subject]), by_subject[subject], single_valued)
        if (subject, entry.iri) in disputed
    ]


def _stated(found: Iterable[Claim]) -> list[tuple[str, Term]]:
    return sorted({(claim.predicate, claim.object) for claim in found if claim.asserted})
