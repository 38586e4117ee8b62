"""What the service says of itself: parsed with rdflib, and counted with it as well."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse
from query_runners import CountingRunner, FailingRunner
from rdflib import DCAT, RDF, VOID, Graph, Literal, Namespace, URIRef

from sparql_endpoint.app import create_app
from sparql_endpoint.describe.class_partitions import properties_of_classes
from sparql_endpoint.describe.void_counts import statistics
from sparql_endpoint.endpoint.service import About, service
from sparql_endpoint.errors import QueryTimeoutError, ResultTooLargeError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.limits import Limits
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.server.data_source import DataSource

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

FORMATS = {
    f"http://www.w3.org/ns/formats/{name}"
    for name in (
        *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
        *("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"),
    )
}
"""Unique URIs of file formats that W3C has registered: https://www.w3.org/ns/formats/."""

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
    assert response.mimetype == media_type
    assert "Accept" in response.headers["Vary"].split(", ")
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
    assert set(graph.objects(ENDPOINT, SD.supportedLanguage)) == {
        SD.SPARQL10Query,
        SD.SPARQL11Query,
    }
    assert {str(name) for name in graph.objects(ENDPOINT, SD.resultFormat)} == FORMATS
    dataset = graph.value(ENDPOINT, SD.defaultDataset)
    default = graph.value(dataset, SD.defaultGraph)
    assert graph.value(default, VOID.triples) == Literal(3)
    named = {
        str(graph.value(node, SD.name)): graph.value(graph.value(node, SD.graph), VOID.triples)
        for node in graph.objects(dataset, SD.namedGraph)
    }
    assert named == {f"{EX}g1": Literal(1), f"{EX}g2": Literal(1)}


def test_the_service_says_what_it_keeps_by_value(store: Store, about: About) -> None:
    """Who asks for a form learns why it is another; a server behind keeps what it keeps."""

    def said(about: About) -> bool:
        client = create_app(QueryRunner.over(store), about).test_client()
        return (
            "kept by their value" in client.get("/sparql", headers={"Accept": "text/turtle"}).text
        )

    assert said(about)
    assert not said(replace(about, immutable=False))


def test_a_union_default_graph_is_a_feature_where_there_is_one(
    fetch: Fetch, store: Store, project: tuple[Store, FlaskClient]
) -> None:
    """Files of somebody else keep their graphs apart, unless it is asked for."""
    feature = (ENDPOINT, SD.feature, SD.UnionDefaultGraph)
    own = project[1].get("/sparql", headers={"Accept": "text/turtle"})
    assert feature not in fetch("/sparql")
    assert feature in Graph().parse(data=own.data, format="turtle")
    about = DataSource((Path(__file__),), union=True).dataset().about
    union = create_app(QueryRunner.over(store), about).test_client().get("/sparql")
    assert feature in Graph().parse(data=union.data, format="turtle")


def test_other_endpoints_are_a_feature_only_where_some_are_listed(store: Store) -> None:
    """Service Description, section 3.2.6: sd:BasicFederatedQuery is SERVICE."""
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC))
    for services in ((), ("https://query.example/sparql",)):
        runner = QueryRunner.over(Store(), limits=Limits(services=services))
        client = create_app(runner, about).test_client()
        said = Graph().parse(data=client.get("/sparql").data, format="turtle")
        assert ((ENDPOINT, SD.feature, SD.BasicFederatedQuery) in said) == bool(services)


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
    """DCAT 3, section 5: the catalog, its dataset, and the service with what describes it."""
    graph = fetch("/.well-known/void")
    assert (ENDPOINT, RDF.type, DCAT.DataService) in graph
    assert (ENDPOINT, DCAT.endpointURL, ENDPOINT) in graph
    assert graph.value(ENDPOINT, DCAT.endpointDescription) == URIRef(
        "http://localhost/openapi.json"
    )
    assert list(graph.objects(ENDPOINT, DCAT.servesDataset)) == [DATASET]
    (service,) = graph.subjects(DCAT.accessService, ENDPOINT)
    assert (DATASET, DCAT.distribution, service) in graph
    (catalog,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert {*graph.objects(catalog, DCAT.dataset)} == {DATASET}
    assert {*graph.objects(catalog, DCAT.service)} == {ENDPOINT}


@pytest.fixture(scope="module")
def project() -> tuple[Store, FlaskClient]:
    """Return the project's data and a client of a service of it."""
    store = load_project()
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC), own=True)
    return store, create_app(QueryRunner.over(store), about).test_client()


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
    for part in graph.subjects(RDF.type, VOID.Linkset):
        assert {str(end) for end in graph.objects(part, VOID.objectsTarget)} == {f"{wikidata}Q2013"}
        assert {*graph.objects(part, VOID.subjectsTarget)} == {DATASET}
    forum = URIRef(f"{PREFIXES['dfo']}Forum")
    parts = list(graph.objects(DATASET, VOID.classPartition))
    (part,) = (part for part in parts if (part, VOID["class"], forum) in graph)
    instances = store.quads_for_pattern(None, NamedNode(RDF.type), NamedNode(forum), DefaultGraph())
    assert graph.value(part, VOID.entities) == Literal(len(list(instances)))


EDITOR = """
SELECT DISTINCT ?class ?property ?leads ?datatype {
    ?c void:class ?class ; void:propertyPartition ?p . ?p void:property ?property
    OPTIONAL { { ?p void:classPartition/void:class ?leads }
        UNION { ?p void-ext:datatypePartition/void-ext:datatype ?datatype } } }"""


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_an_editor_learns_what_the_things_of_a_class_have(
    project: tuple[Store, FlaskClient], path: str
) -> None:
    """VoID, class and property partitions, as the editor of sib-swiss asks for them.

    It asks the endpoint by SPARQL first and, where that finds nothing, reads the Service
    Description: so they need not stand among the data.
    """
    store, client = project
    prefixes = {**PREFIXES, "void-ext": "http://ldf.fi/void-ext#"}
    accept = "application/n-quads,application/trig;q=0.95,text/turtle;q=0.6,text/html;q=0.2"
    description = client.get(path, headers={"Accept": accept}).data
    said = Store()
    said.extend(parse(description, RdfFormat.N_QUADS))
    found = set()
    for row in said.query(EDITOR, prefixes=prefixes):  # type: ignore[union-attr]  # solutions
        found.add(tuple(term and term.value for term in row))
    dfo, rdfs = PREFIXES["dfo"], PREFIXES["rdfs"]
    meeting = f"{dfo}MinisterialMeeting"
    assert (meeting, f"{dfo}inSeries", f"{dfo}MeetingSeries", None) in found
    assert (meeting, f"{rdfs}label", None, f"{PREFIXES['rdf']}langString") in found
    assert not list(store.query(EDITOR, prefixes=prefixes))  # type: ignore[arg-type]  # solutions


def test_the_triples_of_each_class_and_property_are_counted(
    project: tuple[Store, FlaskClient],
) -> None:
    """Counted here with rdflib, out of a dump: the same pairs, the same numbers."""
    store, client = project
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    told = {
        (str(graph.value(part, VOID["class"])), str(graph.value(held, VOID.property))): int(
            str(graph.value(held, VOID.triples))
        )
        for part in graph.objects(DATASET, VOID.classPartition)
        for held in graph.objects(part, VOID.propertyPartition)
    }
    triples = [quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())]
    classes: dict[object, list[str]] = {}
    for triple in triples:
        if triple.predicate.value == str(RDF.type) and isinstance(triple.object, NamedNode):
            classes.setdefault(triple.subject, []).append(triple.object.value)
    counted = Counter(
        (name, triple.predicate.value)
        for triple in triples
        for name in classes.get(triple.subject, ())
    )
    assert told == counted


def test_what_takes_too_long_to_count_is_left_out(store: Store, about: About) -> None:
    """The rest of the description is there, with each class as ever."""
    late = FailingRunner(QueryTimeoutError("too long"), store, "?class")
    client = create_app(late, about).test_client()
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    assert graph.value(DATASET, VOID.triples) == Literal(3)


def test_a_large_dataset_is_not_divided(
    store: Store, about: About, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked of its runner beyond the counts."""
    monkeypatch.setattr("sparql_endpoint.describe.class_partitions._MOST_TRIPLES", 2)
    runner = CountingRunner(store)
    served = service(create_app(runner, about))
    statistics(served)
    asked = len(runner.asked)
    assert properties_of_classes(served) == {}
    assert len(runner.asked) == asked


def test_a_file_that_a_limit_forbids_is_not_listed(store: Store, about: About) -> None:
    """And the rest is described all the same."""
    short = FailingRunner(ResultTooLargeError("the result is too large"), store, "?g")
    client = create_app(short, about).test_client()
    told = client.get("/.well-known/void")
    assert (told.status_code, b".nt.gz>" in told.data, b".nq.gz>" in told.data) == (
        200,
        True,
        False,
    )
