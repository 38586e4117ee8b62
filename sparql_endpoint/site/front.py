"""The front page: what this is, how much, when, what to ask, how to cite it and take it away."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import render_template

from sparql_endpoint.names import expand
from sparql_endpoint.query.catalogue import catalogue as questions
from sparql_endpoint.query.formats import RDF_FORMATS
from sparql_endpoint.site import citation, kept, timeline
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.meetings import meetings
from sparql_endpoint.site.wording import N_
from sparql_endpoint.web.service import service

__all__ = ["page"]

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
_QUESTIONS = 10


def page() -> str:
    """Show the front page: one query beside the catalogue."""
    served, catalogue = service(), kept.catalogue()
    found = meetings()
    return render_template(
        "home.html",
        counts=[
            (expand(name), gettext(title), len(catalogue.members[expand(name)]))
            for name, title in _COUNTED.items()
            if expand(name) in catalogue.members
        ],
        start=[iri for iri in (expand(f"id:{slug}") for slug in _START) if iri in catalogue.names],
        meetings=found,
        drawn=timeline.draw(found),
        examples=list(questions().values())[:_QUESTIONS] if served.about.own else (),
        citation=citation.of_graph(served.about.modified.year),
        formats=RDF_FORMATS.values(),
    )
