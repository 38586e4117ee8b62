"""Everything the graph knows of one thing, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.link.links import LINK_PROPERTIES
from sparql_endpoint.names import PREFIXES, expand
from sparql_endpoint.site import claims, kept
from sparql_endpoint.site.asking import Row, Term, node, rows
from sparql_endpoint.site.catalogue import Name
from sparql_endpoint.site.searching import suggest
from sparql_endpoint.site.statements import Property, group

__all__ = ["Code", "Incoming", "Link", "Thing", "describe", "ensure"]

_MOST = 500

_NAMES = frozenset(
    expand(name) for name in ("rdfs:label", "skos:prefLabel", "skos:altLabel", "rdf:type")
)
_CODES = (
    "dfo:isoAlpha2",
    "dfo:isoAlpha3",
    "dfo:unM49",
    "dfo:geonamesId",
    "geo:lat",
    "geo:long",
    "schema:sha256",
    "dfo:bodyEnd",
)
_FIRST = (
    "dcterms:title",
    "dcterms:creator",
    "dcterms:publisher",
    "dcterms:issued",
    "dfo:establishedIn",
    "dfo:launchedIn",
    "dfo:initiatedBy",
    "dfo:proposedIn",
    "dfo:hasParty",
    "dfo:heldOn",
    "dfo:heldUntil",
    "dfo:scheduledOn",
    "dfo:scheduledUntil",
    "schema:location",
    "dfo:mode",
    "dfo:chairedBy",
    "dfo:hostedBy",
    "dfo:deliveredBy",
    "dfo:deliveredAt",
    "dfo:addressee",
    "dfo:callsFor",
    "dfo:outcome",
    "schema:attendee",
    "dfo:representedState",
    "dfo:hasCount",
    "dfo:ordinal",
    "dfo:inSeries",
    "dfo:previousMeeting",
    "dfo:theme",
    "org:memberOf",
    "org:member",
    "org:organization",
    "dfo:ofPost",
    "org:memberDuring",
    "dcterms:temporal",
    "dcterms:subject",
    "dfo:ofForum",
)
"""The properties that weigh most, in the order in which they are shown; others follow by name."""
_LINKS = (*LINK_PROPERTIES, "rdfs:seeAlso", "dcterms:source")
_INNER = (
    "rdf:subject, rdf:object, rdf:predicate, owl:annotatedSource, owl:annotatedTarget,"
    " dfo:claimant, dfo:evidence, dfo:voicedIn, oa:hasSource, void:exampleResource"
)

_OUTGOING = """
SELECT ?p ?o ?note {{ {thing} ?p ?o
    OPTIONAL {{ ?axiom owl:annotatedSource {thing} ; owl:annotatedProperty ?p ;
        owl:annotatedTarget ?o ; rdfs:comment ?note }}
}}"""
_COUNTS = "SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p {thing} }} GROUP BY ?p ORDER BY ?p"
_INCOMING = f"""
SELECT ?p ?s {{{{ ?s ?p {{thing}} FILTER (isIRI(?s) && ?p NOT IN ({_INNER})) }}}}
ORDER BY ?p ?s LIMIT {_MOST}"""


@dataclass(frozen=True)
class Code:
    """A code or coordinate of a thing."""

    property: str
    value: str


@dataclass(frozen=True)
class Link:
    """A thing in somebody else's data, how it relates to this one, and why an editor says so."""

    property: str
    target: str
    reason: str


@dataclass(frozen=True)
class Incoming:
    """What leads here by one property: how many things, and the first of them."""

    property: str
    count: int
    things: tuple[str, ...]


@dataclass(frozen=True)
class Thing:
    """One thing: names, classes, statements, codes, links, and what leads to it."""

    iri: str
    names: tuple[Name, ...]
    classes: tuple[str, ...]
    properties: tuple[Property, ...]
    codes: tuple[Code, ...]
    links: tuple[Link, ...]
    incoming: tuple[Incoming, ...]
    claims_made: int
    """How many claims have it as their claimant."""

    @property
    def incoming_count(self) -> int:
        """How many things lead here, a thing once for each property."""
        return sum(entry.count for entry in self.incoming)

    def other_names(self, shown: str) -> list[Name]:
        """Return its names but for the one that is shown already; each text once."""
        return list({name.text: name for name in self.names if name.text != shown}.values())

    @property
    def facts(self) -> list[Property]:
        """The properties of which the graph states a value, with other sources' values beside."""
        return [entry for entry in self.properties if entry.stated]

    @property
    def words(self) -> list[Property]:
        """What is only said of it, apart from values that already stand beside a disputed fact."""
        return [
            Property(entry.iri, tuple(entry.words), entry.disputed)
            for entry in self.properties
            if entry.words and not (entry.stated and entry.disputed)
        ]


def describe(iri: str) -> Thing:
    """Return what is known of ``iri``: four queries, however much it is.

    Raises:
        NotFoundError: nothing is.
    """
    here = node(iri)
    outgoing = rows(_OUTGOING.format(thing=here))
    said = claims.about(iri)
    counts = {
        row["p"].value: int(row["n"].value)
        for row in rows(_COUNTS.format(thing=here))
        if "p" in row
    }
    if not (outgoing or said or counts):
        raise _unknown(iri)
    catalogue = kept.catalogue()
    weight = {expand(name): place for place, name in enumerate(_FIRST)}
    properties = group(_stated(outgoing), said, catalogue.single_valued)
    return Thing(
        iri,
        catalogue.names.get(iri, ()),
        tuple(catalogue.most_specific(iri)),
        tuple(sorted(properties, key=lambda entry: weight.get(entry.iri, len(weight)))),
        tuple(Code(row["p"].value, row["o"].value) for row in _of(outgoing, _CODES)),
        tuple(_link(row) for row in _of(outgoing, _LINKS)),
        tuple(_incoming(counts, rows(_INCOMING.format(thing=here)))),
        counts.get(expand("dfo:claimant"), 0),
    )


def ensure(iri: str) -> None:
    """Let pass what is known of.

    Raises:
        NotFoundError: nothing is known of ``iri``.
    """
    if not iri or not rows(
        f"SELECT ?p {{ {{ {node(iri)} ?p ?o }} UNION {{ ?s ?p {node(iri)} }} }} LIMIT 1"
    ):
        raise _unknown(iri)


def _unknown(iri: str) -> NotFoundError:
    """Return the error for an IRI of which nothing is known, with names written nearly like it."""
    slug = iri.rstrip("/").rpartition("/")[2].replace("-", " ")
    near = suggest(kept.catalogue().names, slug, 3)
    advice = f"; did you mean {' or '.join(near)}?" if near else ""
    return NotFoundError(f"nothing is known of <{iri}>{advice}")


def _stated(outgoing: Iterable[Row]) -> list[tuple[str, Term]]:
    apart = _NAMES | {expand(name) for name in (*_CODES, *_LINKS)}
    return sorted(
        {(row["p"].value, row["o"]) for row in outgoing if row["p"].value not in apart},
        key=lambda pair: (not pair[0].startswith(PREFIXES["dfo"]), pair),
    )


def _of(outgoing: Iterable[Row], names: Sequence[str]) -> list[Row]:
    """Return the rows of some properties, in the order of these."""
    order = {expand(name): place for place, name in enumerate(names)}
    found = (row for row in outgoing if row["p"].value in order)
    return sorted(found, key=lambda row: order[row["p"].value])


def _link(row: Row) -> Link:
    note = row["note"].value if "note" in row else ""
    return Link(row["p"].value, row["o"].value, note)


def _incoming(counts: dict[str, int], found: list[Row]) -> Iterable[Incoming]:
    groups: dict[str, list[str]] = {}
    for row in found:
        groups.setdefault(row["p"].value, []).append(row["s"].value)
    for name, things in groups.items():
        yield Incoming(name, counts.get(name, len(things)), tuple(things))
