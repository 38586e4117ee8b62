"""The whole dataset as files, the same bytes whenever they are made of the same data.

They are written as ``forumgraph export`` writes them, all by one task that takes seconds of work or
minutes. Formats of triples hold the default graph, formats of quads every named graph, and the
default graph too unless it is only their merge.
"""

import gzip
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from pyoxigraph import Quad, QueryResultsFormat, QuerySolutions, parse_query_results, serialize

from sparql_endpoint import __version__
from sparql_endpoint.describe.void_counts import Statistics, statistics
from sparql_endpoint.endpoint.service import Service
from sparql_endpoint.errors import (
    ForumGraphError,
    NotFoundError,
    ResultTooLargeError,
    ServerBusyError,
    UsageError,
)
from sparql_endpoint.export.atomic import whole_file
from sparql_endpoint.export.labels import labelled
from sparql_endpoint.export.render import render
from sparql_endpoint.query.evaluation import Query
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat
from sparql_endpoint.query.write import in_jsonld

__all__ = [
    "TASK",
    "Dump",
    "await_file",
    "dump",
    "dump_names",
    "dumps",
    "format_of",
    "named_statements",
    "version",
    "write_all",
]

TASK = "dumps"
_DEFAULT = "SELECT ?s ?p ?o { ?s ?p ?o }"
_NAMED = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
_WITH_GRAPHS = frozenset({"trig", "nquads"})
_SMALL = 100_000
"""Triples up to which JSON-LD is compacted: to compact it takes a minute a million triples."""
_ENDINGS = ("", ".gz")
_LEVEL = 6
_POLL_SECONDS = 0.05
_SHARE_OF_QUERY_TIME = 0.5
_RETRY_SECONDS = 10


@dataclass(frozen=True)
class Dump:
    """A file that holds the dataset: its name, where it is, its length and its SHA-256."""

    name: str
    file: Path
    format: GraphFormat
    packed: bool
    size: int
    sha256: str


def version(service: Service) -> str:
    """Return what the names of the files begin with: it changes with the data and the package."""
    return f"{__version__}-{service.about.digest[:12]}"


def format_of(name: str) -> GraphFormat:
    """Return the format that the name of a file ends with."""
    ending = name.removesuffix(".gz").rpartition(".")[2]
    return next(fmt for fmt in RDF_FORMATS.values() if fmt.extension == ending)


def dump_names(service: Service, counts: Statistics) -> tuple[str, ...]:
    """Return the names of all files, plain and packed; none where the dataset is too large."""
    if counts.quads > service.settings.dump_triples:
        return ()
    return tuple(name for fmt in RDF_FORMATS.values() for name in _names(service, fmt))


def dump(service: Service, name: str) -> Dump:
    """Return the file of that name.

    Raises:
        NotFoundError: there is no file of that name.
        UsageError: its format cannot hold what is in the data.
        ResultTooLargeError: a limit cuts what would be in it.
        ServerBusyError: it is being written.
        ForumGraphError: the data could not be read.
    """
    names = dump_names(service, statistics(service))
    if name not in names:
        raise NotFoundError(f"there is no dump '{name}'; there is {', '.join(names) or 'none'}")
    fmt = format_of(name)
    outcome = _outcome(service, fmt)
    if "error" in outcome:
        kind = (
            ResultTooLargeError if outcome["type"] == ResultTooLargeError.__name__ else UsageError
        )
        raise kind(outcome["error"])
    file = _folder(service) / name
    digest = outcome["sha256"][name]
    return Dump(name, file, fmt, name.endswith(".gz"), file.stat().st_size, digest)


def dumps(service: Service) -> Mapping[str, Dump]:
    """Return all files by their names, but those that no format or limit allows.

    Raises:
        ServerBusyError: they are being written.
        ForumGraphError: the data could not be read.
    """
    files = {}
    for name in dump_names(service, statistics(service)):
        if "error" not in _outcome(service, format_of(name)):
            files[name] = dump(service, name)
    return files


def write_all(service: Service) -> None:
    """Write the files of all formats.

    Raises:
        ForumGraphError: the data could not be read.
    """
    counts = statistics(service)
    if not dump_names(service, counts):
        return
    folder = _folder(service)
    folder.mkdir(parents=True, exist_ok=True)

    @cache
    def statements(query: str) -> list[Quad]:
        return list(_statements(service, query))

    @cache
    def quads(queries: tuple[str, ...], *, named: bool) -> list[Quad]:
        found = (quad for query in queries for quad in statements(query))
        return labelled(service.about.as_written.statements(found, named=named))

    for fmt in RDF_FORMATS.values():
        if (folder / f"{fmt.name}.json").exists():
            continue
        outcome: dict[str, Any]
        try:
            found = quads(_queries(service, fmt), named=fmt.name in _WITH_GRAPHS)
            body = _text(fmt, found, compact=counts.quads <= _SMALL)
        except ForumGraphError as error:
            outcome = {"error": str(error), "type": type(error).__name__}
        else:
            contents = (body, gzip.compress(body, _LEVEL, mtime=0))
            outcome = {"sha256": {}}
            for name, content in zip(_names(service, fmt), contents, strict=True):
                _write(folder / name, content)
                outcome["sha256"][name] = hashlib.sha256(content).hexdigest()
        _write(folder / f"{fmt.name}.json", json.dumps(outcome).encode())


def _write(path: Path, content: bytes) -> None:
    with whole_file(path) as file:
        file.write(content)


def _outcome(service: Service, fmt: GraphFormat) -> dict[str, Any]:
    """Return what became of a format; have the files written and wait for them if need be.

    Raises:
        ServerBusyError: it took too long.
    """
    path = _folder(service) / f"{fmt.name}.json"
    await_file(service, path, TASK, write_all)
    outcome: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return outcome


def await_file(service: Service, path: Path, task: str, write: Callable[[Service], None]) -> None:
    """Have ``write`` make a file that is not there, by the task of that name where there are tasks.

    Raises:
        ServerBusyError: it took too long.
        ForumGraphError: whatever ``write`` raises.
    """
    if path.exists():
        return
    if service.start_task is None:
        write(service)
        return
    service.start_task(task)
    ends = time.monotonic() + service.runner.limits.query_time * _SHARE_OF_QUERY_TIME
    while not path.exists():
        if time.monotonic() > ends:
            raise ServerBusyError("the files of the dataset are being written", _RETRY_SECONDS)
        time.sleep(_POLL_SECONDS)


def _folder(service: Service) -> Path:
    return service.folder / "dumps" / version(service)


def _names(service: Service, fmt: GraphFormat) -> list[str]:
    return [f"{version(service)}.{fmt.extension}{ending}" for ending in _ENDINGS]


def _queries(service: Service, fmt: GraphFormat) -> tuple[str, ...]:
    """Return the queries that find what a file of that format holds."""
    if fmt.name not in _WITH_GRAPHS:
        return (_DEFAULT,)
    return (_NAMED,) if service.about.own else (_DEFAULT, _NAMED)


def named_statements(service: Service) -> list[Quad]:
    """Return the statements of all named graphs, each literal as it was written.

    Raises:
        ForumGraphError: the data could not be read.
    """
    found = _statements(service, _NAMED)
    return labelled(service.about.as_written.statements(found, named=True))


def _statements(service: Service, query: str) -> Iterator[Quad]:
    body = service.runner.run(Query(query, result_format="tsv", whole=True)).body
    with NamedTemporaryFile() as file:
        file.writelines(body)
        file.flush()
        solutions = parse_query_results(path=file.name, format=QueryResultsFormat.TSV)
        assert isinstance(solutions, QuerySolutions)  # noqa: S101  # the queries are SELECTs
        for solution in solutions:
            yield Quad(*solution)


def _text(fmt: GraphFormat, quads: list[Quad], *, compact: bool) -> bytes:
    if fmt.name == "jsonld" and not compact:
        triples = [in_jsonld(quad.triple) for quad in sorted(quads, key=str)]
        return serialize(triples, format=fmt.engine) or b""
    return render(quads, fmt)
