"""The terms of the ontology, and those of others that the project uses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD

import sparql_endpoint
from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.names import BASE, PREFIXES, shorten
from sparql_endpoint.paths import DATA, ONTOLOGY, SHAPES, TOP

CLOSED = (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD)
# Vocabularies of which rdflib has no closed list: the terms that we use, each looked up there.
LISTED = {
    # https://www.w3.org/2003/01/geo/
    "geo": "lat long",
    # https://www.w3.org/TR/annotation-vocab/
    "oa": "Annotation SpecificResource TextPositionSelector TextQuoteSelector end exact hasSelector"
    " hasSource hasTarget start",
    # https://mapping-commons.github.io/semantic-mapping-vocabulary/
    "semapv": "ManualMappingCuration",
    # https://mapping-commons.github.io/sssom/
    "sssom": "confidence mapping_date mapping_justification",
    # https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format
    "wikibase": "ExternalId Monolingualtext Property Quantity String Time Url WikibaseItem"
    " propertyType",
}
LANGUAGES = ["en", "es", "pt", "zh"]
OURS = (BASE, PREFIXES["wd"], PREFIXES["wdt"])
FILES = [path.relative_to(TOP) for path in turtle_files([ONTOLOGY, DATA, SHAPES])]


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    """Return the files of the ontology as one graph."""
    graph = rdflib.Graph()
    for path in turtle_files([ONTOLOGY]):
        graph.parse(path)
    return graph


def test_each_term_is_defined_in_four_languages(ontology: rdflib.Graph) -> None:
    """In English with the term, in the others in translations.ttl; so is what the whole is for."""
    itself = rdflib.URIRef(f"{BASE}ontology")
    texts = {
        term: set(ontology.objects(term, SKOS.definition))
        for term in ontology.subjects(RDFS.isDefinedBy, itself)
    }
    texts[itself] = set(ontology.objects(itself, DCTERMS.description))
    languages = {
        term: sorted(str(getattr(text, "language", "")) for text in found)
        for term, found in texts.items()
    }
    assert {term: tags for term, tags in languages.items() if tags != LANGUAGES} == {}


def _terms(graph: rdflib.Graph) -> Iterator[rdflib.URIRef]:
    """Yield properties and classes, and what the ontology and the shapes say of these."""
    for _, predicate, value in graph:
        assert isinstance(predicate, rdflib.URIRef)
        yield predicate
        # An IRI of no known vocabulary shortens to <…>, a vocabulary itself to prefix and colon.
        if isinstance(value, rdflib.URIRef) and shorten(value)[-1] not in ">:":
            yield value
        if isinstance(value, rdflib.Literal) and value.datatype:
            yield value.datatype


def _exists(term: rdflib.URIRef) -> bool:
    for vocabulary in CLOSED:
        if term.startswith(str(vocabulary)):
            return term in vocabulary
    prefix, _, local = shorten(term).partition(":")
    return str(term).startswith(OURS) or local in LISTED.get(prefix, "").split()


@pytest.mark.parametrize("path", FILES, ids=map(str, FILES))
def test_every_reused_term_exists_in_its_vocabulary(path: Path) -> None:
    """No term of another vocabulary is misspelt or made up."""
    terms = set(_terms(rdflib.Graph().parse(TOP / path)))
    assert [term for term in sorted(terms) if not _exists(term)] == []


def test_a_term_that_does_not_exist_is_seen() -> None:
    """The test above tells dcterms:rightsHolder from its known misspelling."""
    assert _exists(DCTERMS.rightsHolder)
    assert not _exists(rdflib.URIRef(f"{DCTERMS}rigthsHolder"))
    assert not _exists(rdflib.URIRef(f"{PREFIXES['oa']}exakt"))


def test_ontology_alignments_and_shapes_have_the_version_of_the_package() -> None:
    """They are released with the package and carry its version."""
    graph = rdflib.Graph()
    for path in turtle_files([ONTOLOGY, SHAPES]):
        graph.parse(path)
    headers = set(graph.subjects(RDF.type, OWL.Ontology))
    assert {header.removeprefix(BASE) for header in map(str, headers)} == {
        "ontology",
        "ontology/alignments",
        "shapes",
    }
    for header in headers:
        version = sparql_endpoint.__version__
        assert graph.value(header, OWL.versionInfo) == rdflib.Literal(version)
        assert graph.value(header, OWL.versionIRI) == rdflib.URIRef(f"{header}/{version}")


def test_own_terms_are_named_alike_in_no_language(ontology: rdflib.Graph) -> None:
    """No two properties, and no two classes, share a name: a reader could not tell them apart."""
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        names = [
            (term, name)
            for term in ontology.subjects(RDF.type, kind)
            if str(term).startswith(PREFIXES["dfo"])
            for name in ontology.objects(term, RDFS.label)
        ]
        assert len({name for _, name in names}) == len(names)


def test_a_property_with_one_value_is_held_to_it_by_a_shape(ontology: rdflib.Graph) -> None:
    """Each own owl:FunctionalProperty that data uses has a shape with sh:maxCount 1."""
    shapes = rdflib.Graph()
    for path in turtle_files([SHAPES]):
        shapes.parse(path)
    one = {
        shapes.value(shape, SH.path) for shape in shapes.subjects(SH.maxCount, rdflib.Literal(1))
    }
    functional = set(ontology.subjects(RDF.type, OWL.FunctionalProperty))
    assert functional - one == {
        rdflib.URIRef(f"{PREFIXES['dfo']}rank")
    }  # of codes, held by a query


def test_what_an_example_quotes_stands_in_an_article(
    ontology: rdflib.Graph, articles: Path
) -> None:
    """Examples and notes that put words in quotation marks have them from one of the articles."""
    texts = [path.read_bytes().decode() for path in articles.glob("*.txt")]
    notes = [*ontology.objects(None, SKOS.example), *ontology.objects(None, SKOS.scopeNote)]
    quoted = {words for note in notes for words in re.findall(r"(?<!\w)'([^']+)'(?!\w)", str(note))}
    assert len(quoted) > 10
    assert [words for words in quoted if not any(words in text for text in texts)] == []
