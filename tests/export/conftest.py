"""Small graphs to export, and the project's own."""

import io

import pytest
from pyoxigraph import Quad, RdfFormat, Store

from sparql_endpoint.graph.dataset import project_quads

TRIG = """
PREFIX claim: <https://w3id.org/forumgraph/claim/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dfo: <https://w3id.org/forumgraph/ontology#>
PREFIX graph: <https://w3id.org/forumgraph/graph/>
PREFIX id: <https://w3id.org/forumgraph/id/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX quote: <https://w3id.org/forumgraph/quote/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX source: <https://w3id.org/forumgraph/source/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

graph:data\\/things {
    id:meeting rdfs:label "Reunión"@es , "Meeting"@en ; dfo:heldOn "2018-01-22"^^xsd:date .
    id:count-9 a dfo:Count ; dfo:value 9 .
    id:count-33 a dfo:Count ; dfo:value 33 .
    id:celac rdfs:label "CELAC"@es ; dfo:hasCount id:count-33 .
    id:appeal dfo:madeIn source:s ; dfo:callsFor "unity"@en .
}
graph:data\\/claims\\/s {
    source:s a dfo:Source ; dcterms:title "A \\"report\\""@en .
    quote:s-0-6 a oa:SpecificResource ; oa:hasSource source:s ; oa:hasSelector quote:sel .
    quote:sel a oa:TextQuoteSelector , oa:TextPositionSelector ;
        oa:exact "on the 22" ; oa:start 0 ; oa:end 9 .
    quote:s-20-24 a oa:SpecificResource ; oa:hasSource source:s ; oa:hasSelector quote:sel2 .
    quote:sel2 a oa:TextQuoteSelector , oa:TextPositionSelector ;
        oa:exact "2018" ; oa:start 20 ; oa:end 24 .
    claim:s-01 a dfo:Claim ;
        rdf:subject id:meeting ; rdf:predicate dfo:heldOn ; rdf:object "2018-01-22"^^xsd:date ;
        dfo:claimant source:s ; dfo:standing dfo:asserted ; dfo:basis dfo:inferred ;
        dfo:evidence quote:s-0-6 , quote:s-20-24 ; skos:editorialNote "Year by dateline."@en .
    claim:s-02 a dfo:Claim ;
        rdf:subject id:meeting ; rdf:predicate dfo:hasCount ; rdf:object id:count-9 ;
        dfo:claimant id:celac ; dfo:voicedIn id:speech ; dfo:standing dfo:attributed ;
        dfo:basis dfo:stated ; dfo:evidence source:s ; dfo:locator "para. 2" .
}
id:extra rdfs:label "stands in the default graph alone"@en .
id:celac rdfs:label "CELAC"@es .
"""


@pytest.fixture
def store() -> Store:
    """Return things, claims on them, and a default graph that is in part their merge."""
    store = Store()
    store.load(io.BytesIO(TRIG.encode()), RdfFormat.TRIG)
    return store


@pytest.fixture(scope="session")
def project() -> list[Quad]:
    """Return the project's statements."""
    return list(project_quads())
