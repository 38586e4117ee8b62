"""The picture of the ontology's core: what it draws holds, and is readable in every language."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import OWL, RDF, RDFS, SDO, Graph, URIRef

from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.names import BASE, PREFIXES
from sparql_endpoint.paths import ONTOLOGY
from sparql_endpoint.site.class_diagram import draw, read_plan
from sparql_endpoint.site.languages import LANGUAGES

BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """Return the ontology's files as one graph."""
    graph = Graph()
    for path in turtle_files([ONTOLOGY]):
        graph.parse(path)
    return graph


@pytest.mark.parametrize("statement", read_plan().arrows)
def test_each_arrow_is_a_statement_of_the_ontology(
    ontology: Graph, statement: tuple[str, str, str]
) -> None:
    """The property is said of the class where the arrow begins, and takes the one where it ends."""
    source, name, target = map(URIRef, statement)
    schema = PREFIXES["schema"]
    assert source in {
        *ontology.objects(name, RDFS.domain),
        *ontology.objects(name, URIRef(f"{schema}domainIncludes")),
    }
    assert target in {
        *ontology.objects(name, RDFS.range),
        *ontology.objects(name, URIRef(f"{schema}rangeIncludes")),
    }


@pytest.mark.parametrize("name", read_plan().places)
def test_each_class_placed_is_one(ontology: Graph, name: str) -> None:
    """And has a place of its own."""
    assert (URIRef(name), RDF.type, OWL.Class) in ontology
    places = read_plan().places
    cells = {
        (column, row) for column, first, last in places.values() for row in range(first, last + 1)
    }
    assert len(cells) == sum(last - first + 1 for _, first, last in places.values())


def test_all_that_is_planned_is_drawn(client: FlaskClient) -> None:
    """A box a class, an arrow a statement, each with a link; so the keyboard reaches all."""
    text = client.get("/ontology", headers=BROWSER).text
    picture = re.search(r'<svg class="diagram".*?</svg>', text, re.DOTALL)
    assert picture is not None
    plan = read_plan()
    assert picture[0].count("<rect") == len(plan.places)
    assert picture[0].count('class="tip"') == len(plan.arrows)
    assert picture[0].count("<a href=") == len(plan.places) + len(plan.arrows)
    assert 'href="./ontology#Forum"' in picture[0]
    assert 'aria-label="forum → initiated by → agent"' in picture[0]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_names_fit_their_boxes(project: Flask, tag: str) -> None:
    """None is cut in any language."""
    text = project.test_client().get(f"/ontology?lang={tag}", headers=BROWSER).text
    labels = re.findall(r'<text class="class"[^>]*>([^<]+)<', text)
    assert len(labels) == len(read_plan().places)
    assert not [label for label in labels if "…" in label]


def test_what_the_ontology_does_not_state_is_not_drawn() -> None:
    """Nor the classes that only it would join."""
    own = f"{BASE}ontology#"
    drawn = draw({(f"{own}Meeting", f"{own}outcome", f"{own}OutcomeDocument")})
    assert drawn is not None
    assert [box.iri for box in drawn.boxes] == [f"{own}Meeting", f"{own}OutcomeDocument"]
    assert len(drawn.arrows) == 1


def test_nothing_is_drawn_where_nothing_holds() -> None:
    """An ontology without these statements has no picture."""
    assert draw({(str(SDO.Event), str(SDO.about), str(SDO.Thing))}) is None


def test_a_class_names_its_properties(client: FlaskClient) -> None:
    """Those said of it, and those whose value it is."""
    text = client.get("/ontology", headers=BROWSER).text
    forum = text[text.index('<article class="term" id="Forum">') :]
    forum = forum[: forum.index("</article>")]
    own, others = forum.index("<dt>properties</dt>"), forum.index("<dt>value of</dt>")
    assert 'href="./ontology#hasParty"' in forum[own:others]
    assert 'href="./ontology#ofForum"' in forum[others:]
