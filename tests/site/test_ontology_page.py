"""The ontology: for readers with an anchor a term, for programs in RDF."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

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


@pytest.mark.parametrize("path", ["/ontology.exe", "/ontology/99.0.0"])
def test_there_are_no_other_endings_or_versions(client: FlaskClient, path: str) -> None:
    """404."""
    assert client.get(path).status_code == 404


def test_the_iri_of_the_version_leads_to_it(client: FlaskClient) -> None:
    """That of the version that is served."""
    response = client.get(f"/ontology/{__version__}")
    assert (response.status_code, response.headers["Location"]) == (303, "../ontology")


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
