"""How much of what there is in a dataset, asked of its runner in SPARQL.

What VoID counts, https://www.w3.org/TR/void/#statistics, of the default graph; so it works alike
for every store behind the runner.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sparql_endpoint.endpoint.service import Service
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import Query, QueryRunner

__all__ = ["Partition", "Statistics", "rows", "statistics"]

_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "objects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
}
_PROPERTIES = """
SELECT ?key (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
{ ?s ?key ?o } GROUP BY ?key ORDER BY ?key"""
_CLASSES = """
SELECT ?key (COUNT(DISTINCT ?s) AS ?n) { ?s a ?key FILTER (isIRI(?key)) }
GROUP BY ?key ORDER BY ?key"""
_GRAPHS = """
SELECT ?key (COUNT(*) AS ?n) { GRAPH ?key { ?s ?p ?o } FILTER (isIRI(?key)) }
GROUP BY ?key ORDER BY ?key"""
_LINKS = """
SELECT ?key (COUNT(*) AS ?n) { ?s ?key ?o
    FILTER (isIRI(?s) && isIRI(?o) && STRSTARTS(STR(?o), STR(wd:)))
    FILTER (?key IN (owl:sameAs, rdfs:seeAlso, skos:exactMatch, skos:closeMatch, skos:broadMatch,
        skos:narrowMatch, skos:relatedMatch))
} GROUP BY ?key ORDER BY ?key"""


@dataclass(frozen=True)
class Partition:
    """What a property, class, graph or kind of link has: how many, and how many distinct ends."""

    iri: str
    count: int
    subjects: int = 0
    objects: int = 0


@dataclass(frozen=True)
class Statistics:
    """The counts of a dataset, each list in the order of the IRIs."""

    triples: int
    subjects: int
    objects: int
    properties: tuple[Partition, ...]
    classes: tuple[Partition, ...]
    graphs: tuple[Partition, ...]
    links: tuple[Partition, ...]
    """Links to Wikidata by their property."""

    @property
    def quads(self) -> int:
        """The triples of all graphs, the default graph included."""
        return self.triples + sum(graph.count for graph in self.graphs)

    @property
    def vocabularies(self) -> list[str]:
        """The namespaces of the properties and classes in use, sorted."""
        used = {_namespace(part.iri) for part in (*self.properties, *self.classes)}
        return sorted(used - {""})


def statistics(service: Service) -> Statistics:
    """Return the counts of the dataset, which are taken once.

    Raises:
        ForumGraphError: the queries have no answer.
    """
    return service.once("statistics", lambda: _count_all(service.runner))


def _count_all(runner: QueryRunner) -> Statistics:
    totals = {name: next(rows(runner, query))["n"] for name, query in _COUNTS.items()}
    return Statistics(
        **{name: int(total) for name, total in totals.items()},
        properties=_partitions(runner, _PROPERTIES),
        classes=_partitions(runner, _CLASSES),
        graphs=_partitions(runner, _GRAPHS),
        links=_partitions(runner, _LINKS),
    )


def _partitions(runner: QueryRunner, query: str) -> tuple[Partition, ...]:
    return tuple(
        Partition(
            row["key"], int(row["n"]), int(row.get("subjects", 0)), int(row.get("objects", 0))
        )
        for row in rows(runner, query)
    )


def rows(runner: QueryRunner, query: str) -> Iterator[Mapping[str, str]]:
    """Yield the solutions of a query as the values of its variables.

    Raises:
        ForumGraphError: the query has no answer.
    """
    result = json.loads(runner.run(Query(query, whole=True)).body.read())
    for binding in result["results"]["bindings"]:
        yield {name: term["value"] for name, term in binding.items()}


def _namespace(iri: str) -> str:
    """Return the namespace of a term: the longest of ours that fits, else up to # or /."""
    known = [ns for ns in PREFIXES.values() if iri.startswith(ns)]
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return max(known, key=len) if known else iri[:end]
