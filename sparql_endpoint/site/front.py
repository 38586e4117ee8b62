"""The front page: what this is, how much, when, what to ask, how to cite it and take it away."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, render_template

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.names import expand
from sparql_endpoint.query.catalogue import CompetencyQuestion
from sparql_endpoint.query.formats import RDF_FORMATS
from sparql_endpoint.site import citation, kept, timeline
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.meetings import all_meetings
from sparql_endpoint.site.members_map import members_map
from sparql_endpoint.site.questions import questions
from sparql_endpoint.site.wording import N_

__all__ = ["blueprint"]

blueprint = Blueprint("front", __name__)

_COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "dfo:Meeting": N_("meetings"),
        "dfo:State": N_("states"),
        "foaf:Person": N_("people"),
        "dfo:OutcomeDocument": N_("documents"),
        "dfo:Source": N_("sources"),
        "dfo:Claim": N_("claims"),
    }
)
_START = ("china-celac-forum", "celac", "xi-jinping", "ccf-ministerial-3")
_QUESTIONS = (
    "founding-dates",
    "who-started-the-forum",
    "meetings",
    "documents",
    "addresses",
    "attendance",
    "figures",
    "celac-presidencies",
    "not-members",
    "disagreements",
)


@blueprint.get("/")
def page() -> str:
    """Show the front page; all that it asks is asked once a dataset."""
    served, known = service(), kept.catalogue()
    found = all_meetings()
    asked = questions()
    chosen = _chosen(asked)
    return render_template(
        "home.html",
        counts=[
            (expand(name), gettext(title), len(known.members[expand(name)]))
            for name, title in _COUNTED.items()
            if expand(name) in known.members
        ],
        start=[iri for iri in (expand(f"id:{slug}") for slug in _START) if iri in known.names],
        meetings=found,
        drawn=timeline.draw(found),
        members=members_map(),
        examples=chosen,
        more=[item for item in asked if item not in chosen],
        citation=citation.of_graph(served.about.modified.year),
        formats=RDF_FORMATS.values(),
    )


def _chosen(asked: list[CompetencyQuestion]) -> list[CompetencyQuestion]:
    """Return ten questions to begin with, in the order in which a reader may want them."""
    by_slug = {item.slug: item for item in asked}
    return [by_slug[slug] for slug in _QUESTIONS if slug in by_slug]
