"""What data/dataset.ttl says of the dataset, its terms of use among it."""

import rdflib
from rdflib import DCTERMS, OWL, RDFS, VOID, Literal, URIRef

from sparql_endpoint import __version__
from sparql_endpoint.names import BASE

DATASET = URIRef(f"{BASE}dataset")


def test_what_can_be_counted_is_not_kept(data_graph: rdflib.Graph) -> None:
    """A count in the data would be wrong with the next article; the server counts for VoID."""
    counts = {VOID.triples, VOID.entities, VOID.distinctSubjects, VOID.properties, VOID.classes}
    assert counts.isdisjoint(data_graph.predicates(DATASET))


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
