"""The numbers and terms of use in data/dataset.ttl."""

import rdflib
from rdflib import DCTERMS, OWL, RDFS, SKOS, VOID, Literal, URIRef

from sparql_endpoint import __version__
from sparql_endpoint.names import BASE
from sparql_endpoint.paths import DATA, ONTOLOGY

DATASET = URIRef(f"{BASE}dataset")
LINKS = [
    ("close", SKOS.closeMatch),
    ("exact", SKOS.exactMatch),
    ("same", OWL.sameAs),
]


def _part(name: str) -> URIRef:
    return URIRef(f"{DATASET}#{name}")


def _instances(graph: rdflib.Graph, cls: URIRef) -> set[rdflib.term.Node]:
    ontology = rdflib.Graph().parse(ONTOLOGY / "forums.ttl")
    below = ontology.transitive_subjects(RDFS.subClassOf, cls)
    return {thing for each in below for thing in graph.subjects(rdflib.RDF.type, each)}


def test_the_number_of_triples_is_that_of_the_merge(data_graph: rdflib.Graph) -> None:
    """void:triples counts each triple of data/ once, this description's own included."""
    assert data_graph.value(DATASET, VOID.triples) == Literal(len(data_graph))


def test_the_number_of_entities_is_that_of_the_things_described(data_graph: rdflib.Graph) -> None:
    """void:entities counts the subjects below id/."""
    things = {s for s in data_graph.subjects() if str(s).startswith(f"{BASE}id/")}
    assert data_graph.value(DATASET, VOID.entities) == Literal(len(things))


def test_each_part_by_class_counts_its_instances(data_graph: rdflib.Graph) -> None:
    """Claims, quotations, sources and states are counted with the classes below theirs."""
    parts = set(data_graph.objects(DATASET, VOID.classPartition))
    assert parts == {_part(name) for name in ("claims", "quotes", "sources", "states")}
    for part in parts:
        cls = data_graph.value(part, VOID["class"])
        assert isinstance(cls, URIRef)
        number = Literal(len(_instances(data_graph, cls)))
        assert (part, data_graph.value(part, VOID.entities)) == (part, number)


def test_each_link_set_counts_its_links(data_graph: rdflib.Graph) -> None:
    """The links of each relation, and all of them, are as many as data/wikidata.ttl holds."""
    links = rdflib.Graph().parse(DATA / "wikidata.ttl")
    total = 0
    for name, relation in LINKS:
        part = _part(f"links-{name}")
        number = len(list(links.subject_objects(relation)))
        assert data_graph.value(part, VOID.linkPredicate) == relation
        assert data_graph.value(part, VOID.triples) == Literal(number)
        total += number
    assert data_graph.value(_part("links"), VOID.triples) == Literal(total)


def test_version_licence_and_rights_are_told(data_graph: rdflib.Graph) -> None:
    """The data go with the package's version, under CC BY 4.0, quotations apart."""
    assert data_graph.value(DATASET, OWL.versionInfo) == Literal(__version__)
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert data_graph.value(DATASET, DCTERMS.license) == licence
    assert "Quotations" in str(data_graph.value(DATASET, DCTERMS.rights))


def test_every_origin_of_codes_says_what_is_from_there(data_graph: rdflib.Graph) -> None:
    """Each source of codes, coordinates and names has a name and tells what was taken."""
    origins = list(data_graph.objects(DATASET, rdflib.PROV.wasDerivedFrom))
    assert origins
    for origin in origins:
        assert data_graph.value(origin, RDFS.label)
        assert data_graph.value(origin, RDFS.comment)
