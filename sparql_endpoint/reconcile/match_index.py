"""The catalogue of entities that can be matched, read by one query and then cached."""

from pyoxigraph import RdfFormat, Store

from sparql_endpoint.describe.void_counts import statistics
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError
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
_QUERY_ANY = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }
  FILTER (isIRI(?s))
}"""
_MOST = 500_000
"""Maximum triples of data other than ours whose names are matched; all names are in memory."""


def catalogue() -> Catalogue:
    """Return the catalogue of the current application's dataset, made when first asked for.

    Raises:
        NotFoundError: the data are too large.
        ForumGraphError: the query has no answer.
    """
    state = service()
    own = state.about.own
    if not own and statistics(state).quads > _MOST:
        raise NotFoundError(f"no matching of names: the data are over {_MOST:,} statements")
    return state.once("reconcile", lambda: load_catalogue(state.runner, own=own))


def load_catalogue(runner: QueryRunner, *, own: bool = True) -> Catalogue:
    """Return the catalogue of the dataset behind ``runner``, which is the project's ``own`` or not.

    Raises:
        ForumGraphError: the query has no answer.
    """
    query = Query(_QUERY if own else _QUERY_ANY, graph_format="ntriples", whole=True)
    store = Store()
    store.load(runner.run(query).body.read(), format=RdfFormat.N_TRIPLES)
    return read_catalogue(store, own=own)
