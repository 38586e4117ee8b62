"""The ontology: for readers with an anchor a term, for programs in RDF."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import OWL, RDF, Graph
from rdflib.compare import isomorphic

from sparql_endpoint import __version__
from sparql_endpoint.names import BASE

FORMATS = [
    ("text/turtle", RdfFormat.TURTLE),
    ("application/n-triples", RdfFormat.N_TRIPLES),
    ("text/html", RdfFormat.TURTLE),
]
FORUM = NamedNode(f"{BASE}ontology#Forum")


def test_each_term_has_an_anchor_and_a_definition(client: FlaskClient) -> None:
    """``/ontology#Forum`` leads to its definition; concepts stand with their list."""
    text = client.get("/ontology", headers={"Accept": "text/html"}).text
    for anchor in ("Forum", "claimant", "standings", "asserted", "requiresEvidence"):
        assert f'id="{anchor}"' in text
    assert "A standing mechanism of dialogue and cooperation" in text
    assert "stated only where a claim asserts it" in text


@pytest.mark.parametrize(
    ("path", "accept", "rdf_format"),
    [
        ("/ontology", "text/turtle", RdfFormat.TURTLE),
        ("/ontology", "application/ld+json", RdfFormat.JSON_LD),
        ("/ontology", "*/*", RdfFormat.TURTLE),
        ("/ontology.nt", "text/html", RdfFormat.N_TRIPLES),
        ("/ontology.rdf", "*/*", RdfFormat.RDF_XML),
    ],
)
def test_programs_get_the_ontology(
    client: FlaskClient, path: str, accept: str, rdf_format: RdfFormat
) -> None:
    """All of its files and nothing of the data."""
    response = client.get(path, headers={"Accept": accept})
    subjects = {quad.subject for quad in parse(response.data, rdf_format)}
    assert FORUM in subjects
    assert NamedNode(f"{BASE}ontology") in subjects
    assert not any(str(subject).startswith(f"<{BASE}id/") for subject in subjects)


@pytest.mark.parametrize(
    "path", ["/ontology.exe", "/ontology/99.0.0", "/ontology/alignments/99.0.0"]
)
def test_there_are_no_other_endings_or_versions(client: FlaskClient, path: str) -> None:
    """404."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/ontology", f"/ontology/{__version__}", "/ontology/alignments"])
def test_what_is_served_is_one_ontology_with_its_version(client: FlaskClient, path: str) -> None:
    """One owl:Ontology and one owl:versionIRI, which is the address of that version."""
    graph = Graph().parse(data=client.get(path, headers={"Accept": "text/turtle"}).text)
    (itself,) = graph.subjects(RDF.type, OWL.Ontology)
    assert str(itself) == BASE + path.removeprefix("/").removesuffix(f"/{__version__}")
    (version,) = graph.objects(itself, OWL.versionIRI)
    there = client.get("/" + str(version).removeprefix(BASE), headers={"Accept": "text/turtle"})
    assert isomorphic(Graph().parse(data=there.text), graph)


def test_the_page_of_a_version_shows_the_terms(client: FlaskClient) -> None:
    """A browser gets the page there too."""
    text = client.get(f"/ontology/{__version__}", headers={"Accept": "text/html"}).text
    assert 'id="Forum"' in text


@pytest.mark.parametrize(("accept", "rdf_format"), FORMATS)
def test_the_shapes_are_there_too(client: FlaskClient, accept: str, rdf_format: RdfFormat) -> None:
    """In any format; a browser gets Turtle."""
    response = client.get("/shapes", headers={"Accept": accept})
    subjects = {quad.subject for quad in parse(response.data, rdf_format)}
    assert NamedNode(f"{BASE}shapes#Claim") in subjects


@pytest.mark.parametrize(
    ("tag", "definition"),
    [
        ("en", "An organization whose members are states."),
        ("es", "Organización cuyos miembros son Estados."),
        ("zh", "以国家为成员的组织。"),
    ],
)
def test_a_definition_is_read_in_the_language_of_the_page(
    client: FlaskClient, tag: str, definition: str
) -> None:
    """Once, and an example in English where there is none in that language."""
    text = client.get(f"/ontology?lang={tag}", headers={"Accept": "text/html"}).text
    bloc = text[text.index('id="Bloc"') : text.index('id="Claim"')]
    assert bloc.count("<p>") == 1
    assert f"<p><span>{definition}</span></p>" in bloc
    assert (
        '<dd lang="en">CELAC, &#39;a regional bloc of 33 nations of the Americas&#39;.</dd>' in bloc
    )


def test_a_text_in_a_language_of_others_is_shown(
    client_of: Callable[[str], FlaskClient],
) -> None:
    """Where there is neither the reader's nor English."""
    client = client_of(
        f"dfo:Club a owl:Class ; rdfs:isDefinedBy <{BASE}ontology> ; skos:definition 'Verein.'@de ."
    )
    text = client.get("/ontology", headers={"Accept": "text/html"}).text
    assert '<span lang="de">Verein.</span>' in text
