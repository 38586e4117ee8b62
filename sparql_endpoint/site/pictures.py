"""The pictures of the graph, each from one query: disagreements, who met whom, when and where."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.names import expand
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.near import nearest
from sparql_endpoint.query.parameters import variables
from sparql_endpoint.site import disagreement_picture, kept
from sparql_endpoint.site.answers import Answer, as_printed
from sparql_endpoint.site.asking import Row, Term
from sparql_endpoint.site.disagreement_picture import slug_of
from sparql_endpoint.site.fitting import MOST_COLUMNS, on_map, over_time, things_by_things
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.members_map import FORUM
from sparql_endpoint.site.picture import Picture
from sparql_endpoint.site.questions import questions
from sparql_endpoint.site.showing import name_of, text_of
from sparql_endpoint.site.wording import N_

__all__ = ["Drawing", "drawings", "find", "of_question"]

_PREFIXES = """\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dfo: <https://w3id.org/forumgraph/ontology#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX id: <https://w3id.org/forumgraph/id/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>

"""
_MET = """\
SELECT DISTINCT ?who ?kind ?meeting ?day
WHERE {
    { ?meeting schema:attendee ?who . ?who a foaf:Person . BIND (foaf:Person AS ?kind) }
    UNION { ?meeting dfo:representedState ?who . BIND (dfo:State AS ?kind) }
    ?meeting dfo:heldOn ?day .
}
ORDER BY STR(?day) ?meeting ?who
"""
_PRESIDENCIES = """\
SELECT DISTINCT ?state ?first ?last
WHERE {
    ?tenure dfo:ofPost id:celac-pro-tempore-presidency ;
        org:member ?state ;
        org:memberDuring ?period .
    ?period dcat:startDate ?first .
    OPTIONAL { ?period dcat:endDate ?last }
}
ORDER BY STR(?first) ?state
"""
_CITIES = """\
SELECT DISTINCT ?city ?meeting ?day
WHERE {
    ?meeting dfo:heldOn ?day ; schema:location/schema:containedInPlace* ?city .
    ?city a schema:City .
}
ORDER BY ?city STR(?day) ?meeting
"""
_DOCUMENTS = """\
SELECT DISTINCT ?document ?issued ?firstYear ?lastYear
WHERE {
    ?meeting dfo:outcome ?document .
    OPTIONAL { ?document dcterms:issued ?issued }
    OPTIONAL {
        ?document dcterms:temporal ?period .
        ?period dcat:startDate ?firstYear ; dcat:endDate ?lastYear .
    }
    FILTER (BOUND(?issued) || BOUND(?firstYear))
}
ORDER BY ?document
"""
_KINDS = {expand("foaf:Person"): N_("People"), expand("dfo:State"): N_("States")}
_OFTEN = 2
"""At how many meetings one must have been to stand in the picture of who met whom."""


@dataclass(frozen=True)
class Drawing:
    """A picture with an address: what it is called, its query, and how its rows are drawn."""

    slug: str
    title: str
    query: str
    make: Callable[[str, list[Row]], Picture | None]
    question: str = ""
    """The slug of the question that it answers, if it answers one."""
    choose: Callable[[list[Row]], list[Row]] = list
    """Returns those rows that the query finds which it shows."""

    @property
    def answer(self) -> Answer:
        """What it shows as a table, asked for once a dataset."""
        shown = as_printed(self.question, self.choose(kept.rows_of(self.query)))
        return Answer(variables(self.query), shown)

    def picture(self) -> Picture | None:
        """Return it as drawn; None where the dataset has too little for it."""
        return self.make(self.title, kept.rows_of(self.query))


def _met(title: str, found: list[Row]) -> Picture | None:
    times = Counter(row["who"] for row in found)
    often = _best_attended([row for row in found if times[row["who"]] >= _OFTEN])
    often.sort(key=lambda row: (row["kind"].value, -times[row["who"]], text_of(row["who"])))
    order = list(dict.fromkeys((row["day"].value[:4], row["meeting"]) for row in found))
    heads = {
        meeting: Term("literal", f"{year} {name_of(meeting.value).text}") for year, meeting in order
    }
    columns = [heads[meeting] for _, meeting in order if meeting in {r["meeting"] for r in often}]
    pairs = [(row["who"], heads[row["meeting"]]) for row in often]
    names = [gettext(_KINDS.get(row["kind"].value, "")) for row in often]
    return things_by_things(title, pairs, names, columns)


def _best_attended(found: list[Row]) -> list[Row]:
    """Return the rows of those meetings with the most people and states that fit in columns."""
    size = Counter(row["meeting"] for row in found)
    shown = {meeting for meeting, _ in size.most_common(MOST_COLUMNS)}
    return [row for row in found if row["meeting"] in shown]


def _presidencies(title: str, found: list[Row]) -> Picture | None:
    what = gettext(N_("presidency"))
    return over_time(
        title,
        [(row["state"], what, row["first"], row.get("last")) for row in found if "state" in row],
    )


def _cities(title: str, found: list[Row]) -> Picture | None:
    return on_map(title, Counter(row["city"].value for row in found))


def _documents(title: str, found: list[Row]) -> Picture | None:
    covered = gettext(N_("years that it covers"))
    issued = gettext(N_("published"))
    periods: list[tuple[Term, str, Term, Term | None]] = []
    for row in found:
        if "firstYear" in row and "lastYear" in row:
            periods.append((row["document"], covered, row["firstYear"], row["lastYear"]))
        if "issued" in row:
            periods.append((row["document"], issued, row["issued"], None))
    return over_time(title, periods)


_OWN: Mapping[str, tuple[str, str, Callable[[str, list[Row]], Picture | None], str]] = (
    MappingProxyType(
        {
            "who-met-whom": (
                N_("Who met whom: those who came more than once"),
                _MET,
                _met,
                "attendees",
            ),
            "presidencies": (
                N_("Presidencies of CELAC"),
                _PRESIDENCIES,
                _presidencies,
                "celac-presidencies",
            ),
            "meetings-by-city": (N_("Meetings by city"), _CITIES, _cities, "timeline"),
            "documents": (
                N_("Documents, and the years that they cover"),
                _DOCUMENTS,
                _documents,
                "documents",
            ),
        }
    )
)
"""By slug: title, query, how it is drawn, and the question that it answers."""


_DISPUTED = {
    disagreement_picture.FOUNDING: "founding-dates",
    slug_of(FORUM, expand("dfo:initiatedBy")): "who-started-the-forum",
    slug_of(FORUM, expand("schema:name")): "names-of-the-forum",
}
"""By the slug of a disagreement: the question that it answers."""


def drawings() -> list[Drawing]:
    """Return the pictures that stand at addresses of their own, the founding dates first.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    own = [
        Drawing(slug, gettext(title), _PREFIXES + query, make, question)
        for slug, (title, query, make, question) in _OWN.items()
        if questions()
    ]
    disputed = [_disputed(dispute) for dispute in disagreement_picture.disputes()]
    return [*disputed[:1], *own, *disputed[1:]]


def find(slug: str) -> Drawing:
    """Return the picture of this name.

    Raises:
        NotFoundError: there is none; the message names one that is spelt nearly so.
    """
    known = {drawing.slug: drawing for drawing in drawings()}
    if slug in known:
        return known[slug]
    near = nearest(slug, known)
    advice = f"did you mean '{near}'?" if near else "/picture lists those there are"
    raise NotFoundError(f"there is no picture '{slug}'; {advice}")


def of_question(slug: str) -> Drawing | None:
    """Return the picture that was made for a question, if one was."""
    made = {question: name for name, (*_, question) in _OWN.items()}
    made |= {question: name for name, question in _DISPUTED.items()}
    return next((drawing for drawing in drawings() if drawing.slug == made.get(slug)), None)


def _disputed(dispute: disagreement_picture.Dispute) -> Drawing:
    def make(_title: str, found: list[Row]) -> Picture | None:
        return disagreement_picture.draw(dispute, found)

    return Drawing(
        dispute.slug,
        dispute.title,
        catalogue()["disagreements"].text,
        make,
        _DISPUTED.get(dispute.slug, ""),
        lambda found: disagreement_picture.rows_of(dispute, found),
    )
