"""Writing the results of a query, by the engine's own writers.

They were held against https://www.w3.org/TR/sparql11-results-json/,
https://www.w3.org/TR/rdf-sparql-XMLres/ and https://www.w3.org/TR/sparql11-results-csv-tsv/; only
the XML needs repair.
"""

from itertools import chain, islice
from typing import IO, TypeAlias, cast

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, serialize

from sparql_endpoint.errors import QueryError, UsageError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import (
    RDF_FORMATS,
    RESULT_FORMATS,
    Format,
    GraphFormat,
    ResultFormat,
)
from sparql_endpoint.query.graph_text import graph_text
from sparql_endpoint.query.xml_text import XmlRepair

__all__ = ["Results", "write"]

Results: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
"""What a SELECT, an ASK, or a CONSTRUCT or DESCRIBE gives."""

_READABLE = 10_000
_XML_FORMATS: tuple[Format, ...] = (RDF_FORMATS["rdfxml"], RESULT_FORMATS["xml"])


def write(results: Results, fmt: Format, output: IO[bytes]) -> None:
    """Write ``results`` to ``output``, by the engine as they come.

    A graph of at most ten thousand triples is sorted and set out to be read; a larger one has all
    our prefixes.

    Raises:
        UsageError: the format is not one for this kind of result.
        QueryError: the query fails as it runs on.
    """
    target = cast("IO[bytes]", XmlRepair(output.write)) if fmt in _XML_FORMATS else output
    try:
        if isinstance(results, QueryTriples) and isinstance(fmt, GraphFormat):
            _write_graph(results, fmt, target)
        elif not isinstance(results, QueryTriples) and isinstance(fmt, ResultFormat):
            results.serialize(target, fmt.engine)
        else:
            raise UsageError(f"{fmt.title} is no format for this kind of query")
    except RuntimeError as fault:
        raise QueryError(str(fault)) from None
    target.flush()


def _write_graph(results: QueryTriples, fmt: GraphFormat, target: IO[bytes]) -> None:
    first = list(islice(results, _READABLE + 1))
    if len(first) <= _READABLE:
        target.write(graph_text(first, fmt.engine))
    else:
        serialize(chain(first, results), target, fmt.engine, prefixes=dict(PREFIXES))
