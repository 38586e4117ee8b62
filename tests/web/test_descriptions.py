"""What the service says of itself: parsed with rdflib, and counted with it as well."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, Store
from rdflib import DCAT, RDF, VOID, Graph, Literal, Namespace, URIRef

from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.web.app import create_app
from sparql_endpoint.web.runner import InProcessRunner
from sparql_endpoint.web.service import About

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = Namespace("http://www.w3.org/ns/shacl#")
ENDPOINT = URIRef("http://localhost/sparql")
DATASET = URIRef("http://localhost/.well-known/void#dataset")
EX = "https://example.org/"
DOCUMENTS = ["/sparql", "/.well-known/void", "/.well-known/sparql-examples"]
PARSERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}

Fetch = Callable[[str], Graph]


@pytest.fixture
def fetch(client: FlaskClient) -> Fetch:
    """Return a function that fetches a document and parses it."""

    def fetching(path: str) -> Graph:
        response = client.get(path, headers={"Accept": "text/turtle"})
        assert (response.status_code, response.mimetype) == (200, "text/turtle")
        return Graph().parse(data=response.data, format="turtle")

    return fetching


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's
@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("media_type", PARSERS)
def test_a_description_in_every_format_says_the_same(
    client: FlaskClient, fetch: Fetch, path: str, media_type: str
) -> None:
    """Turtle, N-Triples, RDF/XML and JSON-LD are read back as the same triples."""
    response = client.get(path, headers={"Accept": media_type})
    assert (response.mimetype, "Accept" in response.headers["Vary"]) == (media_type, True)
    graph = Graph().parse(data=response.data, format=PARSERS[media_type])
    assert set(graph) == set(fetch(path))


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_description_without_rdf_is_a_406(client: FlaskClient, path: str) -> None:
    """A client that takes pictures only gets none."""
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_a_browser_sees_the_form_and_a_program_the_description(client: FlaskClient) -> None:
    """Service Description, section 2: the endpoint's own address, asked nothing."""
    page = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    program = client.get("/sparql", headers={"Accept": "*/*"})
    assert (page.mimetype, program.mimetype) == ("text/html", "text/turtle")


def test_the_service_and_its_dataset(fetch: Fetch) -> None:
    """Service Description, section 3: endpoint, languages, formats, graphs with their counts."""
    graph = fetch("/sparql")
    assert (ENDPOINT, RDF.type, SD.Service) in graph
    assert graph.value(ENDPOINT, SD.endpoint) == ENDPOINT
    assert (ENDPOINT, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert len(list(graph.objects(ENDPOINT, SD.resultFormat))) == 10
    dataset = graph.value(ENDPOINT, SD.defaultDataset)
    default = graph.value(dataset, SD.defaultGraph)
    assert graph.value(default, VOID.triples) == Literal(3)
    named = {
        str(graph.value(node, SD.name)): graph.value(graph.value(node, SD.graph), VOID.triples)
        for node in graph.objects(dataset, SD.namedGraph)
    }
    assert named == {f"{EX}g1": Literal(1), f"{EX}g2": Literal(1)}


def test_a_union_default_graph_is_a_feature_only_of_the_project(
    fetch: Fetch, project: tuple[Store, FlaskClient]
) -> None:
    """Files of somebody else keep their graphs apart."""
    feature = (ENDPOINT, SD.feature, SD.UnionDefaultGraph)
    own = project[1].get("/sparql", headers={"Accept": "text/turtle"})
    assert feature not in fetch("/sparql")
    assert feature in Graph().parse(data=own.data, format="turtle")


def test_the_counts_of_void(fetch: Fetch) -> None:
    """VoID, section 4: totals, and partitions by property."""
    graph = fetch("/.well-known/void")
    totals = [
        graph.value(DATASET, VOID[name])
        for name in ("triples", "distinctSubjects", "distinctObjects", "properties", "classes")
    ]
    assert totals == [Literal(3), Literal(1), Literal(3), Literal(2), Literal(0)]
    by_property = {
        str(graph.value(part, VOID.property)): graph.value(part, VOID.triples)
        for part in graph.objects(DATASET, VOID.propertyPartition)
    }
    assert by_property == {f"{EX}label": Literal(2), f"{EX}size": Literal(1)}
    assert list(graph.objects(DATASET, VOID.vocabulary)) == [URIRef(EX)]
    assert list(graph.objects(DATASET, VOID.sparqlEndpoint)) == [ENDPOINT]


def test_the_catalogue_names_the_service(fetch: Fetch) -> None:
    """DCAT: a data service with its endpoint and its description."""
    graph = fetch("/.well-known/void")
    assert (ENDPOINT, RDF.type, DCAT.DataService) in graph
    assert (ENDPOINT, DCAT.endpointURL, ENDPOINT) in graph
    assert graph.value(ENDPOINT, DCAT.endpointDescription) == URIRef(
        "http://localhost/openapi.json"
    )


@pytest.fixture(scope="module")
def project() -> tuple[Store, FlaskClient]:
    """Return the project's data and a client of a service of it."""
    store = load_project()
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC), own=True)
    return store, create_app(InProcessRunner(store), about).test_client()


def test_the_project_counts_its_links_and_classes(project: tuple[Store, FlaskClient]) -> None:
    """The link set to Wikidata, and each class with its instances."""
    store, client = project
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    links = {
        str(graph.value(part, VOID.linkPredicate)): int(str(graph.value(part, VOID.triples)))
        for part in graph.objects(DATASET, VOID.subset)
        if (part, RDF.type, VOID.Linkset) in graph
    }
    wikidata = PREFIXES["wd"]
    expected = {
        predicate: sum(
            str(quad.object).startswith(f"<{wikidata}")
            for quad in store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph())
        )
        for predicate in links
    }
    assert links == expected
    assert sum(links.values()) >= 36
    forum = URIRef(f"{PREFIXES['dfo']}Forum")
    part = graph.value(predicate=VOID["class"], object=forum)
    assert graph.value(part, VOID.entities) == Literal(1)
