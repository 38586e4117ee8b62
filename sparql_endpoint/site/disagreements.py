"""``/disagreements``: where sources give values that cannot all be right, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.site import claims, kept
from sparql_endpoint.site.asking import Term
from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.disagreement_picture import FOUNDING, slug_of
from sparql_endpoint.site.picture_pages import shown
from sparql_endpoint.site.pictures import drawings
from sparql_endpoint.site.statements import Property, group

__all__ = ["Disagreement", "blueprint", "disagreements"]

blueprint = Blueprint("disagreements", __name__)

_PAGE = 25
"""How many disagreements a page shows."""


@dataclass(frozen=True)
class Disagreement:
    """A property of a thing on which sources differ, with all values that they give."""

    subject: Term
    property: Property


@blueprint.get("/disagreements")
def page() -> str:
    """Show the disagreements, some on each page."""
    made = {drawing.slug: drawing for drawing in drawings()}
    found = [(entry, _slug(entry)) for entry in kept.once(__name__, disagreements)]
    found = [(entry, slug) for entry, slug in found if slug in made]
    number = max(request.args.get("page", 1, type=int), 1)
    shown_with = [
        (entry, slug, shown(f"picture/{slug}.svg", made[slug].picture(), beside=True))
        for entry, slug in found[(number - 1) * _PAGE : number * _PAGE]
    ]
    return render_template(
        "site/disagreements.html",
        disagreements=shown_with,
        count=len(found),
        page=number,
        pages=-(-len(found) // _PAGE),
    )


def disagreements() -> list[Disagreement]:
    """Return the disagreements by the IRI of the thing, that on the Forum's founding first.

    What a disagreement is the competency question says.
    """
    disputed = {
        (row["subject"], row["property"].value)
        for row in kept.rows_of(catalogue()["disagreements"].text)
    }
    by_subject: dict[Term, list[Claim]] = {}
    for claim in claims.open_to_conflict():
        by_subject.setdefault(claim.subject, []).append(claim)
    single_valued = kept.catalogue().single_valued
    found = [
        Disagreement(subject, entry)
        for subject in sorted(by_subject)
        for entry in group(_stated(by_subject[subject]), by_subject[subject], single_valued)
        if (subject, entry.iri) in disputed
    ]
    return sorted(found, key=lambda entry: _slug(entry) != FOUNDING)


def _slug(entry: Disagreement) -> str:
    """Return what the picture of a disagreement is called in an address."""
    return slug_of(entry.subject.value, entry.property.iri)


def _stated(found: Iterable[Claim]) -> list[tuple[str, Term]]:
    return sorted({(claim.predicate, claim.object) for claim in found if claim.asserted})
