"""What belongs to the description of one thing in RDF."""

from sparql_endpoint.site.asking import node

__all__ = ["query"]

_QUERY = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
    {{ BIND ({thing} AS ?s) ?s ?p ?o }}
    UNION {{ {thing} oa:hasSelector ?s . ?s ?p ?o }}
    UNION {{ ?s owl:annotatedSource {thing} ; ?p ?o }}
    UNION {{ ?s rdf:subject {thing} ; ?p ?o }}
    UNION {{ ?claim rdf:subject {thing} ; dfo:evidence ?s . ?s a oa:SpecificResource ; ?p ?o }}
    UNION {{ ?claim rdf:subject {thing} ; dfo:evidence/oa:hasSelector ?s . ?s ?p ?o }}
    UNION {{ {thing} dfo:evidence ?s . ?s a oa:SpecificResource ; ?p ?o }}
    UNION {{ {thing} dfo:evidence/oa:hasSelector ?s . ?s ?p ?o }}
    UNION {{ ?s oa:hasSource {thing} ; ?p ?o }}
    UNION {{ ?quote oa:hasSource {thing} ; oa:hasSelector ?s . ?s ?p ?o }}
}}"""


def query(iri: str) -> str:
    """Return the CONSTRUCT for a thing with its claims and the quotations that carry them.

    Raises:
        NotFoundError: it is no IRI.
    """
    return _QUERY.format(thing=node(iri))
