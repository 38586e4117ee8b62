"""The catalogue of what can be matched, asked of the dataset's runner once and then kept."""

from threading import Lock

from flask import current_app
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.link.catalogue import Catalogue, read_catalogue
from sparql_endpoint.link.entities import ENTITY_SPACE
from sparql_endpoint.web.runner import Question, Runner
from sparql_endpoint.web.service import service

__all__ = ["catalogue", "load_catalogue"]

_KEY = "forumgraph.catalogue"
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
"""Triples of somebody's data up to which their names are matched, all of them in memory."""
_lock = Lock()


def catalogue() -> Catalogue:
    """Return the catalogue of the current application's dataset, made when first asked for.

    Raises:
        DataError: the runner did not give all of it.
        NotFoundError: the data are too large.
        ForumGraphError: the runner could not answer.
    """
    with _lock:
        kept = current_app.extensions.get(_KEY)
        if not isinstance(kept, Catalogue):
            served = service()
            if not served.about.own and served.statistics().quads > _MOST:
                raise NotFoundError(f"no matching of names: the data are over {_MOST:,} statements")
            kept = load_catalogue(served.runner, own=served.about.own)
            current_app.extensions[_KEY] = kept
        return kept


def load_catalogue(runner: Runner, *, own: bool = True) -> Catalogue:
    """Return the catalogue of the dataset behind ``runner``, which is the project's ``own`` or not.

    Raises:
        DataError: the runner did not give all of it.
    """
    answer = runner.run(
        Question(_QUERY if own else _QUERY_ANY, graph_format="ntriples", whole=True)
    )
    body = b"".join(answer.chunks)
    if answer.complete is False:
        raise DataError("the entities are more than a result may hold: raise the limit on rows")
    store = Store()
    store.load(body, format=RdfFormat.N_TRIPLES)
    return read_catalogue(store, own=own)
