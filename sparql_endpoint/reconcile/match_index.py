"""The catalogue of what can be matched, asked of the dataset's runner once and then kept."""

from pyoxigraph import RdfFormat, Store

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.link.catalogue import Catalogue, read_catalogue
from sparql_endpoint.link.entities import ENTITY_SPACE
from sparql_endpoint.query.evaluation import Query, QueryRunner

__all__ = ["catalogue", "load_catalogue"]

_QUERY = f"""
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), "{ENTITY_SPACE}")) }}
  UNION {{ ?s rdfs:subClassOf ?o BIND (rdfs:subClassOf AS ?p) }}
  UNION {{ ?s rdfs:label ?o FILTER (LANG(?o) = "en") BIND (rdfs:label AS ?p) }}
}}"""


def catalogue() -> Catalogue:
    """Return the catalogue of the current application's dataset, made when first asked for.

    Raises:
        ForumGraphError: the query has no answer.
    """
    return service().once("reconcile", lambda: load_catalogue(service().runner))


def load_catalogue(runner: QueryRunner) -> Catalogue:
    """Return the catalogue of the dataset behind ``runner``.

    Raises:
        ForumGraphError: the query has no answer.
    """
    result = runner.run(Query(_QUERY, graph_format="ntriples", whole=True))
    store = Store()
    store.load(result.body.read(), format=RdfFormat.N_TRIPLES)
    return read_catalogue(store)
