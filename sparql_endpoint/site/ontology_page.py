"""``/ontology``: the terms for readers, or the ontology in RDF, by what the client accepts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

from flask import Blueprint, Response, render_template, request

from sparql_endpoint import __version__
from sparql_endpoint.describe.rdf import sent
from sparql_endpoint.endpoint.media_types import GRAPHS
from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.endpoint.query_response import QueryPlan, respond
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.graph.dataset import graph_name, read_quads, turtle_files
from sparql_endpoint.names import BASE, PREFIXES, expand
from sparql_endpoint.paths import ONTOLOGY, SHAPES
from sparql_endpoint.site import class_diagram, kept
from sparql_endpoint.site.asking import Term, rows
from sparql_endpoint.site.class_diagram import Statement
from sparql_endpoint.site.formats import alternates, by_extension
from sparql_endpoint.site.languages import language

__all__ = ["Documented", "Section", "blueprint"]

blueprint = Blueprint("ontology", __name__)

_PATH = "ontology"
_ALIGNMENTS = ONTOLOGY / "alignments.ttl"
_ITSELF = f"{BASE}{_PATH}"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_OWN = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s rdfs:isDefinedBy <{_ITSELF}> ; ?p ?o }}"
_TERMS = f"""
SELECT ?s ?p ?o {{
    {{ ?s rdfs:isDefinedBy <{_ITSELF}> ; ?p ?o FILTER (isIRI(?s)) }}
    UNION {{ BIND (<{_ITSELF}> AS ?s) ?s ?p ?o }}
    UNION {{ VALUES ?p {{ schema:domainIncludes schema:rangeIncludes }}
        ?s ?p ?o FILTER (isIRI(?s) && !STRSTARTS(STR(?s), STR(dfo:))) }}
}}"""
_USES = f"""
SELECT ?p (SAMPLE(?s) AS ?subject) (SAMPLE(?o) AS ?object) (COUNT(*) AS ?n) {{
    ?s ?p ?o FILTER (STRSTARTS(STR(?p), STR(dfo:)) && STRSTARTS(STR(?s), "{BASE}id/"))
}} GROUP BY ?p"""
_KINDS = (
    ("classes", ("owl:Class",)),
    ("properties", ("owl:ObjectProperty", "owl:DatatypeProperty")),
    ("marks", ("owl:AnnotationProperty",)),
    ("lists", ("skos:ConceptScheme",)),
)
_DOMAIN = ("rdfs:domain", "schema:domainIncludes")
_RANGE = ("rdfs:range", "schema:rangeIncludes")


@dataclass(frozen=True)
class Documented:
    """A term with everything the ontology says of it, by property, and an example of its use."""

    iri: str
    values: dict[str, list[Term]]
    example: str = ""
    subject: Term | None = None
    object: Term | None = None
    count: int = 0

    @property
    def anchor(self) -> str:
        """The name after the #."""
        return self.iri.removeprefix(PREFIXES["dfo"])

    def of(self, *names: str) -> list[Term]:
        """Return the values of some properties, each named with its prefix."""
        found = [term for name in names for term in self.values.get(expand(name), ())]
        return sorted(set(found)) if len(found) > 1 else found

    def said(self, name: str) -> list[Term]:
        """Return the texts of a property in the reader's language, or in English, or all."""
        texts = self.of(name)
        for tag in (language(), "en"):
            if found := [text for text in texts if text.language == tag]:
                return found
        return texts


@dataclass(frozen=True)
class Section:
    """Terms of one kind."""

    name: str
    terms: tuple[Documented, ...]


@blueprint.get("/ontology")
def page() -> Response:
    """Show the ontology, or send it."""
    offer = GRAPHS.choose(request.headers.get("Accept", ""), request.args.get("format"))
    if offer.format is not None:
        return _data(offer.format.name)
    response = Response(_page(), mimetype="text/html")
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/ontology/<version>")
def versioned(version: str) -> Response:
    """Show or send a version at its own address, its owl:versionIRI.

    https://www.w3.org/TR/owl2-syntax/#Versioning_of_OWL_2_Ontologies

    Raises:
        NotFoundError: this service has another version.
    """
    if version != __version__:
        raise NotFoundError(f"this service has version {__version__} of the ontology")
    return page()


@blueprint.get("/ontology/alignments")
@blueprint.get("/ontology/alignments/<version>")
def alignments(version: str = __version__) -> Response:
    """Send the alignments, an ontology that imports ours and is no OWL 2 DL.

    Raises:
        NotFoundError: this service has another version.
    """
    if version != __version__:
        raise NotFoundError(f"this service has version {__version__} of the alignments")
    return sent(quad.triple for quad in read_quads(_ALIGNMENTS))


@blueprint.get("/shapes")
def shapes() -> Response:
    """Send the shapes that the data are held to."""
    quads = chain.from_iterable(read_quads(path) for path in turtle_files([SHAPES]))
    return sent(quad.triple for quad in quads)


@blueprint.get("/ontology.<extension>")
def data(extension: str) -> Response:
    """Send the ontology in the format of a file ending.

    Raises:
        NotFoundError: there is no such format.
    """
    return _data(by_extension(extension).name)


def _data(name: str) -> Response:
    """Send the ontology, one owl:Ontology in OWL 2 DL; of other data, our terms in them."""
    own = service().about.own
    files = [path for path in turtle_files([ONTOLOGY]) if path != _ALIGNMENTS]
    graphs = tuple(graph_name(path).value for path in files) if own else ()
    asked = QueryRequest(_ALL if own else _OWN, (graphs, ()) if own else None, name)
    return respond(QueryPlan(asked), lambda _: alternates(_PATH))


def _page() -> str:
    return render_template(
        "site/ontology.html", **kept.once(__name__, _content), alternates=alternates(_PATH)
    )


def _content() -> dict[str, Any]:
    """Return what the page shows, the same in every language."""
    known = _terms()
    itself = known.get(_ITSELF, Documented(_ITSELF, {}))
    terms = {iri: term for iri, term in known.items() if iri.startswith(PREFIXES["dfo"])}
    below = _below(terms)
    return {
        "itself": itself,
        "sections": list(_sections(terms.values())),
        "concepts": _concepts(terms.values()),
        "drawn": class_diagram.draw(_statements(known.values())),
        "said_of": _by_class(terms.values(), *_DOMAIN),
        "value_of": _by_class(terms.values(), *_RANGE),
        "below": below,
        "roots": _roots(terms.values(), below),
    }


def _terms() -> dict[str, Documented]:
    """Return terms by IRI, the ontology itself and properties of others among them; two queries."""
    said: dict[str, dict[str, list[Term]]] = {}
    for row in rows(_TERMS):
        said.setdefault(row["s"].value, {}).setdefault(row["p"].value, []).append(row["o"])
    uses = {row["p"].value: row for row in rows(_USES) if "p" in row}
    members = kept.catalogue().members
    terms: dict[str, Documented] = {}
    for iri, values in said.items():
        use = uses.get(iri, {})
        things = members.get(iri, frozenset())
        terms[iri] = Documented(
            iri,
            values,
            min(things, default=""),
            use.get("subject"),
            use.get("object"),
            int(use["n"].value) if use else len(things),
        )
    return terms


def _sections(terms: Iterable[Documented]) -> Iterable[Section]:
    found = sorted(terms, key=lambda term: term.anchor.casefold())
    for name, kinds in _KINDS:
        wanted = {expand(kind) for kind in kinds}
        own = [term for term in found if wanted & {kind.value for kind in term.of("rdf:type")}]
        if own:
            yield Section(name, tuple(own))


def _concepts(terms: Iterable[Documented]) -> dict[str, list[Documented]]:
    """Return the concepts of each code list."""
    lists: dict[str, list[Documented]] = {}
    for term in terms:
        for scheme in term.of("skos:inScheme"):
            lists.setdefault(scheme.value, []).append(term)
    return lists


def _statements(terms: Iterable[Documented]) -> set[Statement]:
    """Return of which class each property is said, and of which class its value is."""
    return {
        (source.value, term.iri, target.value)
        for term in terms
        for source, target in product(term.of(*_DOMAIN), term.of(*_RANGE))
    }


def _by_class(terms: Iterable[Documented], *names: str) -> dict[str, list[str]]:
    """Return the properties of ours by a class that they name with one of ``names``."""
    found: dict[str, list[str]] = {}
    for term in sorted(terms, key=lambda term: term.anchor.casefold()):
        for name in term.of(*names):
            found.setdefault(name.value, []).append(term.iri)
    return found


def _below(terms: dict[str, Documented]) -> dict[str, list[str]]:
    """Return the classes of ours by the class right above them."""
    below: dict[str, list[str]] = {}
    for iri in sorted(terms):
        for above in terms[iri].of("rdfs:subClassOf"):
            if above.is_iri:
                below.setdefault(above.value, []).append(iri)
    return below


def _roots(terms: Iterable[Documented], below: dict[str, list[str]]) -> list[str]:
    """Return the classes that stand below none: those of others first, then our own."""
    lower = {iri for classes in below.values() for iri in classes}
    is_class = expand("owl:Class")
    own = sorted(
        term.iri
        for term in terms
        if any(kind.value == is_class for kind in term.of("rdf:type")) and term.iri not in lower
    )
    return [iri for iri in below if iri not in lower and iri not in own] + own
