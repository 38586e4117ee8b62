"""The questions as https://github.com/sib-swiss/sparql-examples has them, found as editors look."""

import json

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Literal, URIRef

from sparql_endpoint.app import create_app
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.query.outline import outline
from sparql_endpoint.server.data_source import DataSource, load

EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query {
    ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct|sh:describe ?query
} ORDER BY ?sq"""
DECLARED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }"""
SH = "http://www.w3.org/ns/shacl#"
KINDS = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct", "DESCRIBE": "Describe"}


@pytest.fixture(scope="module")
def project() -> FlaskClient:
    """Return a client of a service of the project's data."""
    return create_app(QueryRunner.over(load()), DataSource().dataset().about).test_client()


def asked(client: FlaskClient, query: str) -> list[dict[str, str]]:
    """Return the solutions of a query, asked as the editor of sib-swiss asks."""
    response = client.get(
        "/sparql",
        query_string={"ac": "1", "query": query},
        headers={"Accept": "application/sparql-results+json"},
    )
    rows = json.loads(response.data)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def test_an_editor_finds_every_question_in_the_data(project: FlaskClient) -> None:
    """With its sentence and its text, which is one that can be asked as it stands."""
    found = {(row["comment"], row["query"]) for row in asked(project, EXAMPLES)}
    assert found == {(known.question, known.text) for known in catalogue().values()}


def test_an_editor_finds_the_prefixes_in_the_data(project: FlaskClient) -> None:
    """Each with its namespace."""
    found = {row["prefix"]: row["namespace"] for row in asked(project, DECLARED)}
    assert found == PREFIXES


def test_the_document_says_of_each_what_it_is_and_where_to_ask_it(project: FlaskClient) -> None:
    """Class by the form of the query, keywords, prefixes, and where the client can ask it."""
    document = project.get("/.well-known/sparql-examples", headers={"Host": "data.example"})
    graph = Graph().parse(data=document.data, format="turtle")
    schema = PREFIXES["schema"]
    for known in catalogue().values():
        ((node, told),) = (
            (node, told)
            for node, told in graph.subject_predicates(Literal(known.text))
            if str(told).startswith(SH)
        )
        form = outline(known.text).form
        assert str(told) == SH + form.lower()
        kinds = {f"{SH}SPARQLExecutable", f"{SH}SPARQL{KINDS[form]}Executable"}
        assert {str(kind) for kind in graph.objects(node, RDF.type)} == kinds
        assert list(graph.objects(node, URIRef(f"{schema}target"))) == [
            URIRef("http://data.example/sparql")
        ]
        keywords = {str(word) for word in graph.objects(node, URIRef(f"{schema}keywords"))}
        assert keywords == set(known.keywords)
        assert graph.value(node, URIRef(f"{SH}prefixes")) is not None
