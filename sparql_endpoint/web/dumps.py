"""The whole dataset as files, the same bytes whenever they are made of the same data.

They are written as ``forumgraph export`` writes them. Formats of triples hold the default graph,
formats of quads every named graph, and the default graph too unless it is only their merge.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock
from weakref import finalize

from pyoxigraph import (
    Quad,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    parse_query_results,
    serialize,
)

from sparql_endpoint import __version__
from sparql_endpoint.errors import NotFoundError, ResultTooLargeError
from sparql_endpoint.export.content import labelled
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat
from sparql_endpoint.web.runner import Question, Runner
from sparql_endpoint.web.statistics import Statistics

__all__ = ["Dump", "Dumps", "format_of"]

_DEFAULT = "SELECT ?s ?p ?o { ?s ?p ?o }"
_NAMED = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
_WITH_GRAPHS = frozenset({"trig", "nquads"})
_SMALL = 100_000
"""Triples up to which what was read for one file is kept for the others, and JSON-LD compacted."""
_LEVEL = 6


@dataclass(frozen=True)
class Dump:
    """A file that holds the dataset: its name, where it lies, its length and its SHA-256."""

    name: str
    file: Path
    format: GraphFormat
    packed: bool
    size: int
    sha256: str


class Dumps:
    """The files of one dataset, each made when it is first asked for."""

    def __init__(self, runner: Runner, digest: str, *, most_triples: int, merged: bool) -> None:
        self._runner, self._most, self._merged = runner, most_triples, merged
        self._folder: Path | None = None
        self._made: dict[str, Dump] = {}
        self._kept: dict[str, list[Quad]] = {}
        self._lock = Lock()
        self.version = f"{__version__}-{digest[:12]}"

    def names(self, statistics: Statistics) -> tuple[str, ...]:
        """Return the names of all files, plain and packed; none where the dataset is too large."""
        if statistics.quads > self._most:
            return ()
        endings = [fmt.extension for fmt in RDF_FORMATS.values()]
        return tuple(
            f"{self.version}.{ending}{packed}" for ending in endings for packed in ("", ".gz")
        )

    def get(self, name: str, statistics: Statistics) -> Dump:
        """Return the file of that name.

        Raises:
            NotFoundError: there is no file of that name.
            ForumGraphError: the runner could not tell what is in the dataset.
        """
        names = self.names(statistics)
        if name not in names:
            raise NotFoundError(f"there is no dump '{name}'; there is {', '.join(names) or 'none'}")
        with self._lock:
            return self._get(name, statistics)

    def _get(self, name: str, statistics: Statistics) -> Dump:
        if name not in self._made:
            self._made[name] = self._make(name, statistics)
        return self._made[name]

    def _make(self, name: str, statistics: Statistics) -> Dump:
        packed, fmt = name.endswith(".gz"), format_of(name)
        if packed:
            plain = self._get(name.removesuffix(".gz"), statistics)
            body = gzip.compress(plain.file.read_bytes(), _LEVEL, mtime=0)
        else:
            body = self._write(fmt, small=statistics.quads <= _SMALL)
        file = self._place() / name
        file.write_bytes(body)
        return Dump(name, file, fmt, packed, len(body), hashlib.sha256(body).hexdigest())

    def _place(self) -> Path:
        """Return the folder of the files, which goes when this object goes."""
        if self._folder is None:
            self._folder = Path(mkdtemp(prefix="forumgraph-"))
            finalize(self, rmtree, self._folder, ignore_errors=True)
        return self._folder

    def _write(self, fmt: GraphFormat, *, small: bool) -> bytes:
        from sparql_endpoint.export.render import render  # noqa: PLC0415  # rdflib, for dumps alone

        if fmt.name not in _WITH_GRAPHS:
            quads = self._statements(_DEFAULT, keep=small)
        else:
            default = [] if self._merged else self._statements(_DEFAULT, keep=small)
            quads = [*default, *self._statements(_NAMED, keep=small)]
        if fmt.name == "jsonld" and not small:  # to compact it takes a minute a million triples
            triples = [quad.triple for quad in sorted(labelled(quads), key=str)]
            return serialize(triples, format=fmt.engine) or b""
        return render(labelled(quads), fmt)

    def _statements(self, query: str, *, keep: bool) -> list[Quad]:
        """Return what ``query`` finds, each once, in the order of N-Quads; kept for the next file.

        Raises:
            ResultTooLargeError: a limit cuts it.
        """
        if query in self._kept:
            return self._kept[query]
        answer = self._runner.run(Question(query, result_format="tsv", whole=True))
        if not answer.complete:
            raise ResultTooLargeError("the dataset is larger than a result may be: no file of it")
        solutions = parse_query_results(b"".join(answer.chunks), QueryResultsFormat.TSV)
        assert isinstance(solutions, QuerySolutions)  # noqa: S101  # both queries are a SELECT
        found = sorted({_quad(solution) for solution in solutions}, key=str)
        if keep:
            self._kept[query] = found
        return found


def _quad(solution: QuerySolution) -> Quad:
    return Quad(*solution)


def format_of(name: str) -> GraphFormat:
    """Return the format that the name of a file ends with."""
    ending = name.removesuffix(".gz").rpartition(".")[2]
    return next(fmt for fmt in RDF_FORMATS.values() if fmt.extension == ending)
