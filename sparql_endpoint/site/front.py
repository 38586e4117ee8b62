"""The front page: what this is, how much, when, what to ask, how to cite it and take it away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Blueprint, Response, render_template

from sparql_endpoint.describe.dataset_metadata import schema_org
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.names import expand
from sparql_endpoint.query.formats import RDF_FORMATS
from sparql_endpoint.site import citation, claims, kept, timeline
from sparql_endpoint.site.asking import Row, Term, rows
from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.disagreement_picture import FOUNDING
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.meetings import all_meetings, all_spans
from sparql_endpoint.site.members_map import FORUM, members_map
from sparql_endpoint.site.picture import Picture
from sparql_endpoint.site.picture_pages import shown
from sparql_endpoint.site.pictures import drawings
from sparql_endpoint.site.questions import groups
from sparql_endpoint.site.signposting import signposts
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
_INITIATED = expand("dfo:initiatedBy")
_ABOUT = f"""
SELECT ?thing ?kind ?founded (COUNT(DISTINCT ?member) AS ?members) {{
    VALUES (?thing ?kind) {{ (<{FORUM}> "forum") }}
    OPTIONAL {{ ?thing dfo:establishedIn ?founded }}
    OPTIONAL {{ ?member dfo:ofForum ?thing ; a dfo:MinisterialMeeting ; dfo:heldOn ?day }}
}} GROUP BY ?thing ?kind ?founded"""
_PARTIES = f"""
SELECT ?thing ?founded (COUNT(DISTINCT ?state) AS ?members) {{
    <{FORUM}> dfo:hasParty ?thing
    OPTIONAL {{ ?thing dfo:establishedIn ?founded }}
    OPTIONAL {{ ?state org:memberOf ?thing }}
}} GROUP BY ?thing ?founded"""


_OWN_MEETINGS = f"SELECT ?thing {{ ?thing dfo:ofForum <{FORUM}> }}"
_OTHERS = f"""
SELECT ?thing {{
    ?thing a dfo:Forum ; rdfs:label ?name
    FILTER (LANG(?name) = "en" && ?thing != <{FORUM}>)
}} ORDER BY ?name LIMIT 12"""


@dataclass(frozen=True)
class About:
    """A forum or a bloc in a few figures: when it was founded, and its meetings or its members."""

    iri: str
    founded: Term | None
    count: int

    @property
    def founded_on_a_day(self) -> bool:
        """Whether the day of its founding is known, and not only the month or year."""
        return self.founded is not None and self.founded.datatype == expand("xsd:date")

    @property
    def abbreviation(self) -> str:
        """An alternative name in capitals, or nothing."""
        names = kept.catalogue().names.get(self.iri, ())
        return next(
            (
                name.text
                for name in names
                if name.text.isupper() and name.text.isalpha() and name.text.isascii()
            ),
            "",
        )


@blueprint.get("/")
def page() -> Response:
    """Show the front page; all that it asks is asked once a dataset."""
    served, known = service(), kept.catalogue()
    found = all_meetings()
    forum, parties = kept.once((__name__, "about"), _about)
    said = kept.once((__name__, "example"), _example)
    ministerial = expand("dfo:MinisterialMeeting")
    own = kept.once((__name__, "own"), lambda: {row["thing"].value for row in rows(_OWN_MEETINGS)})
    held = [m for m in found if m.kind == ministerial and m.held and m.iri in own]
    dataset = schema_org(served)
    text = render_template(
        "home.html",
        counts=[
            (expand(name), gettext(title), len(known.members[expand(name)]))
            for name, title in _COUNTED.items()
            if expand(name) in known.members
        ],
        forum=forum,
        parties=parties,
        latest=held[-1] if held else None,
        others=[row["thing"].value for row in kept.rows_of(_OTHERS)],
        example=next((claim for claim in said if claim.has_words), None),
        sides=said,
        meetings=found,
        drawn=timeline.draw(found, all_spans()),
        members=members_map(),
        founding=shown(f"picture/{FOUNDING}.svg", _founding()),
        groups=groups(),
        citation=citation.of_graph(served.about.modified.year),
        formats=RDF_FORMATS.values(),
        dataset=dataset,
    )
    response = Response(text, mimetype="text/html")
    described_by = {"text/turtle": ".well-known/void", "application/ld+json": "dataset.jsonld"}
    items = [
        (item["encodingFormat"], item["contentUrl"]) for item in dataset.get("distribution", [])
    ]
    response.headers["Link"] = signposts(dataset["@id"], "Dataset", described_by, items)
    return response


def _founding() -> Picture | None:
    """Return the picture of when sources say that the forum was founded."""
    made = (drawing for drawing in drawings() if drawing.slug == FOUNDING)
    return next((drawing.picture() for drawing in made), None)


def _about() -> tuple[About | None, list[About]]:
    """Return the forum and those of its parties that have members."""
    forums = _abouts(rows(_ABOUT))
    return (forums[0] if forums else None), [one for one in _abouts(rows(_PARTIES)) if one.count]


def _abouts(found: Iterable[Row]) -> list[About]:
    """Return one entry a thing, with the most precise date of its founding."""
    best: dict[str, About] = {}
    for row in found:
        if "thing" not in row:
            continue
        one = About(row["thing"].value, row.get("founded"), int(row["members"].value))
        known = best.get(one.iri)
        if known is None or _length(one.founded) > _length(known.founded):
            best[one.iri] = one
    return [one for one in best.values() if one.founded or one.count]


def _length(day: Term | None) -> int:
    return len(day.value) if day else 0


def _example() -> list[Claim]:
    """Return the claims on who started the forum."""
    return claims.claims_where(f"?claim rdf:subject <{FORUM}> ; rdf:predicate <{_INITIATED}>")
