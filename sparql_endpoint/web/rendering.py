"""The process that writes the files of a dataset: minutes of work that no query is to wait for.

It is told by its one argument (JSON) what to write, and finds what the dataset holds, as results in
TSV, and the files to write in descriptors that it inherits. What became of each format it tells in
JSON on standard output.
"""

import gzip
import hashlib
import json
import os
import sys
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pickle import loads

from pyoxigraph import Quad, QueryResultsFormat, QuerySolutions, parse_query_results, serialize

from sparql_endpoint.engine.isolation import die_with_parent, prefer_for_oom
from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.export.content import labelled
from sparql_endpoint.export.render import render
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat
from sparql_endpoint.query.write import in_jsonld
from sparql_endpoint.store.as_written import AsWritten

__all__ = ["main"]

_LEVEL = 6
_WITH_GRAPHS = frozenset({"trig", "nquads"})


def main() -> None:
    """Write each of ``files``, plain and packed, to the two descriptors that are its value.

    ``sources`` are the descriptors that have the statements of a format's file, by the format.
    ``as_written`` is where their literals stand as they were written, pickled, in Base64.
    ``parent`` is the process with which this one ends, ``niceness`` how far it gives way, and
    ``compact`` whether JSON-LD gets a context.
    """
    order = json.loads(sys.argv[1])
    die_with_parent(order["parent"])
    prefer_for_oom()
    os.nice(order["niceness"])
    as_written = loads(b64decode(order["as_written"]))  # noqa: S301  # from our own parent
    told: dict[str, dict[str, str | list[str]]] = {}
    for name, (plain, packed) in order["files"].items():
        sources = tuple(order["sources"][name])
        try:
            body = _text(RDF_FORMATS[name], sources, as_written, compact=order["compact"])
        except ForumGraphError as error:
            told[name] = {"refused": str(error)}
        else:
            sums = [_put(body, plain), _put(gzip.compress(body, _LEVEL, mtime=0), packed)]
            told[name] = {"sums": sums}
    json.dump(told, sys.stdout)


def _text(
    fmt: GraphFormat, sources: tuple[int, ...], as_written: AsWritten, *, compact: bool
) -> bytes:
    quads = _statements(sources, as_written, named=fmt.name in _WITH_GRAPHS)
    if fmt.name == "jsonld" and not compact:  # to compact it takes a minute a million triples
        triples = [in_jsonld(quad.triple) for quad in sorted(quads, key=str)]
        return serialize(triples, format=fmt.engine) or b""
    return render(quads, fmt)


@cache
def _statements(sources: tuple[int, ...], as_written: AsWritten, *, named: bool) -> list[Quad]:
    found = (quad for source in sources for quad in _found(source))
    return labelled(as_written.statements(found, named=named))


def _found(source: int) -> Iterator[Quad]:
    solutions = parse_query_results(path=_path(source), format=QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101  # the queries are SELECTs
    return (Quad(*solution) for solution in solutions)


def _put(body: bytes, file: int) -> str:
    """Write ``body`` and return its SHA-256."""
    _path(file).write_bytes(body)
    return hashlib.sha256(body).hexdigest()


def _path(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}")
