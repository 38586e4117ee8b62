"""Entities, links and mappings as the graph states them."""

from pyoxigraph import Store

from sparql_endpoint.link.entities import Entity, Name, read_entities
from sparql_endpoint.link.links import links_by_subject, read_links
from sparql_endpoint.link.mapping import PropertyMapping, fitting_classes, property_mappings

_ID = "https://w3id.org/forumgraph/id/"
_DFO = "https://w3id.org/forumgraph/ontology#"


def test_an_entity_has_names_classes_and_values(graph: Store) -> None:
    """The label of the language asked for comes first, broader classes count."""
    entities = read_entities(graph)
    celac = entities[f"{_ID}celac"]
    assert celac.slug == "celac"
    assert celac.label("es") == "Comunidad de Estados Latinoamericanos y Caribeños"
    assert celac.label("zh") == "Community of Latin American and Caribbean States"
    assert Name("CELAC") in celac.names
    assert "http://www.w3.org/ns/org#Organization" in celac.classes
    assert celac.linked("owl:sameAs") == ("Q1045401",)


def test_what_has_no_label_shows_its_slug(graph: Store) -> None:
    """Every entity has something to show."""
    assert read_entities(graph)[f"{_ID}nobody"].label() == "nobody"
    assert Entity(f"{_ID}x", (Name("Nur deutsch", "de", preferred=True),)).label() == "Nur deutsch"


def test_links_come_with_their_reasons(graph: Store) -> None:
    """A reason is the comment of the axiom about the same triple."""
    links = links_by_subject(read_links(graph))
    (chile,) = links[f"{_ID}chile"]
    assert (chile.predicate, chile.item, chile.reasons) == (
        "skos:exactMatch",
        "Q298",
        ("The codes agree.",),
    )
    assert [link.reasons for link in links[f"{_ID}celac"]] == [()]


def test_a_mapping_is_exact_or_close_and_has_a_type(graph: Store) -> None:
    """Related properties are for readers only."""
    mappings = property_mappings(graph)
    assert mappings[f"{_DFO}establishedIn"] == PropertyMapping(
        f"{_DFO}establishedIn", "P571", "inception", "Time"
    )
    assert "http://purl.org/dc/terms/subject" not in mappings
    assert not any(ours.startswith(_ID) for ours in mappings)


def test_classes_fit_by_themselves_or_by_a_broader_one(graph: Store) -> None:
    """A class without an alignment takes that of the class above it."""
    classes = fitting_classes(graph)
    assert classes[f"{_DFO}State"] == {"Q6256", "Q3624078"}
    assert classes[f"{_DFO}MinisterialMeeting"] == {"Q2761147"}
