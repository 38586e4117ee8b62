"""Writing the results of a query, by the engine's own writers.

They were held against https://www.w3.org/TR/sparql11-results-json/,
https://www.w3.org/TR/rdf-sparql-XMLres/ and https://www.w3.org/TR/sparql11-results-csv-tsv/; only
the XML needs repair, and RDF/XML a writer of its own.
"""

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import IO, TypeAlias, cast

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple, serialize

from sparql_endpoint.errors import QueryError, UnwritableTermError, UsageError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import (
    RDF_FORMATS,
    RESULT_FORMATS,
    Format,
    GraphFormat,
    ResultFormat,
)
from sparql_endpoint.query.graph_text import graph_text
from sparql_endpoint.query.rdfxml import rdfxml
from sparql_endpoint.query.xml_text import XmlRepair

__all__ = ["Results", "in_jsonld", "write", "write_triples"]

Results: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
"""What a SELECT, an ASK, or a CONSTRUCT or DESCRIBE gives."""

_READABLE = 10_000


def write(results: Results, fmt: Format, output: IO[bytes]) -> None:
    """Write ``results`` to ``output``, by the engine as they come.

    A graph of at most ten thousand triples is sorted and set out to be read; a larger one has all
    our prefixes.

    Raises:
        UsageError: the format is not one for this kind of result.
        UnwritableTermError: it cannot hold a term of the result.
        QueryError: the query fails as it runs on.
    """
    try:
        if isinstance(results, QueryTriples) and isinstance(fmt, GraphFormat):
            _write_graph(results, fmt, output)
        elif not isinstance(results, QueryTriples) and isinstance(fmt, ResultFormat):
            xml = fmt is RESULT_FORMATS["xml"]
            target = cast("IO[bytes]", XmlRepair(output.write)) if xml else output
            results.serialize(target, fmt.engine)
            target.flush()
        else:
            raise UsageError(f"{fmt.title} is no format for this kind of query")
    except RuntimeError as fault:
        raise QueryError(str(fault)) from None


def write_triples(
    triples: Iterable[Triple],
    fmt: GraphFormat,
    output: IO[bytes],
    prefixes: Mapping[str, str] = PREFIXES,
) -> None:
    """Write triples in the order in which they come.

    Raises:
        UnwritableTermError: there is a term that the format cannot hold; the error names it.
    """
    if fmt is RDF_FORMATS["rdfxml"]:
        for piece in rdfxml(triples, prefixes):
            output.write(piece)
        return
    checked = map(in_jsonld, triples) if fmt is RDF_FORMATS["jsonld"] else triples
    serialize(checked, output, fmt.engine, prefixes=dict(prefixes))


def in_jsonld(triple: Triple) -> Triple:
    """Return a triple that JSON-LD can hold (https://www.w3.org/TR/json-ld11/#data-model).

    Raises:
        UnwritableTermError: its object is a triple term.
    """
    if isinstance(triple.object, Triple):
        raise UnwritableTermError(
            f"JSON-LD cannot hold the triple term {triple.object}: take turtle, trig, ntriples or"
            " nquads"
        )
    return triple


def _write_graph(results: QueryTriples, fmt: GraphFormat, output: IO[bytes]) -> None:
    first = list(islice(results, _READABLE + 1))
    if len(first) <= _READABLE and fmt is not RDF_FORMATS["jsonld"]:
        output.write(graph_text(first, fmt.engine))
    else:
        write_triples(chain(first, results), fmt, output)
    output.flush()
