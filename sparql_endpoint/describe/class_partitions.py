"""Which properties the things of a class have, and what these lead to, counted in SPARQL.

VoID partitions within partitions (https://www.w3.org/TR/void/#class-property-partitions), in the
form that https://github.com/sib-swiss/void-generator gives them: a property partition of a class
is divided again by the class or the datatype of its objects. Editors complete queries by them.
"""

import logging
from dataclasses import dataclass
from itertools import groupby

from sparql_endpoint.describe.void_counts import Partition, rows, statistics
from sparql_endpoint.endpoint.service import Service
from sparql_endpoint.errors import EngineError
from sparql_endpoint.query.evaluation import QueryRunner

__all__ = ["PropertyOfClass", "properties_of_classes"]

_MOST_TRIPLES = 1_000_000
"""Triples up to which every pair of class and property is counted."""
_PROPERTIES = """
SELECT ?class ?property (COUNT(*) AS ?n)
{ ?s a ?class ; ?property ?o FILTER (isIRI(?class)) }
GROUP BY ?class ?property ORDER BY ?class ?property"""
_CLASSES = """
SELECT ?class ?property ?key (COUNT(*) AS ?n)
{ ?s a ?class ; ?property ?o . ?o a ?key FILTER (isIRI(?class) && isIRI(?key)) }
GROUP BY ?class ?property ?key ORDER BY ?class ?property ?key"""
_DATATYPES = """
SELECT ?class ?property ?key (COUNT(*) AS ?n)
{ ?s a ?class ; ?property ?o FILTER (isIRI(?class) && isLiteral(?o))
  BIND (IF(LANG(?o) = "", DATATYPE(?o), <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>)
    AS ?key) }
GROUP BY ?class ?property ?key ORDER BY ?class ?property ?key"""
_log = logging.getLogger(__name__)

Key = tuple[str, str]


@dataclass(frozen=True)
class PropertyOfClass:
    """A property of the things of a class: its triples, and those of them by what they lead to."""

    iri: str
    count: int
    classes: tuple[Partition, ...]
    datatypes: tuple[Partition, ...]


def properties_of_classes(service: Service) -> dict[str, tuple[PropertyOfClass, ...]]:
    """Return the properties of each class, by the IRI of the class, in the order of the IRIs.

    They are for convenience, so there are none for a large dataset, or where a limit is met.
    """
    if statistics(service).triples > _MOST_TRIPLES:
        return {}
    return service.once("class partitions", lambda: _count(service.runner))


def _count(runner: QueryRunner) -> dict[str, tuple[PropertyOfClass, ...]]:
    try:
        found = list(rows(runner, _PROPERTIES))
        classes, datatypes = _ends(runner, _CLASSES), _ends(runner, _DATATYPES)
    except EngineError as error:
        _log.warning("the properties of each class are not described: %s", error)
        return {}
    pairs = [((row["class"], row["property"]), int(row["n"])) for row in found]
    return {
        key: tuple(
            PropertyOfClass(pair[1], count, classes.get(pair, ()), datatypes.get(pair, ()))
            for pair, count in group
        )
        for key, group in groupby(pairs, lambda entry: entry[0][0])
    }


def _ends(runner: QueryRunner, query: str) -> dict[Key, tuple[Partition, ...]]:
    grouped = groupby(rows(runner, query), lambda row: (row["class"], row["property"]))
    return {
        pair: tuple(Partition(row["key"], int(row["n"])) for row in group if "key" in row)
        for pair, group in grouped
    }
