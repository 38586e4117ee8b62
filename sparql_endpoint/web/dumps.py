"""The whole dataset as files, the same bytes whenever they are made of the same data.

Formats of triples hold the default graph, sorted; formats of quads hold every named graph, and the
default graph as well unless it is only their merge.
"""

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock
from weakref import finalize

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from sparql_endpoint import __version__
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat
from sparql_endpoint.web.runner import Question, Runner
from sparql_endpoint.web.statistics import Statistics

__all__ = ["Dump", "Dumps", "format_of"]

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_QUADS = frozenset({"trig", "nquads"})
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
            if name not in self._made:
                self._made[name] = self._make(name, [graph.iri for graph in statistics.graphs])
            return self._made[name]

    def _make(self, name: str, graphs: Sequence[str]) -> Dump:
        packed, fmt = name.endswith(".gz"), format_of(name)
        body = self._write(fmt, graphs)
        if packed:
            body = gzip.compress(body, _LEVEL, mtime=0)
        file = self._place() / name
        file.write_bytes(body)
        return Dump(name, file, fmt, packed, len(body), hashlib.sha256(body).hexdigest())

    def _place(self) -> Path:
        """Return the folder of the files, which goes when this object goes."""
        if self._folder is None:
            self._folder = Path(mkdtemp(prefix="forumgraph-"))
            finalize(self, rmtree, self._folder, ignore_errors=True)
        return self._folder

    def _write(self, fmt: GraphFormat, graphs: Sequence[str]) -> bytes:
        if fmt.name in _QUADS:
            quads = self._quads(graphs)
            return serialize(quads, format=fmt.engine, prefixes=dict(PREFIXES)) or b""
        triples = self._triples(None)
        return serialize(triples, format=fmt.engine, prefixes=dict(PREFIXES)) or b""

    def _quads(self, graphs: Sequence[str]) -> Iterator[Quad]:
        if not self._merged:
            yield from (Quad(*triple) for triple in self._triples(None))
        for graph in graphs:
            name = NamedNode(graph)
            for triple in self._triples(graph):
                yield Quad(triple.subject, triple.predicate, triple.object, name)

    def _triples(self, graph: str | None) -> list[Triple]:
        """Return the triples of a graph, None for the default graph, in the order of N-Triples."""
        dataset = None if graph is None else ((graph,), ())
        answer = self._runner.run(Question(_ALL, dataset, graph_format="ntriples", whole=True))
        lines = sorted(set(b"".join(answer.chunks).splitlines(keepends=True)))
        return [quad.triple for quad in parse(b"".join(lines), RdfFormat.N_TRIPLES)]


def format_of(name: str) -> GraphFormat:
    """Return the format that the name of a file ends with."""
    ending = name.removesuffix(".gz").rpartition(".")[2]
    return next(fmt for fmt in RDF_FORMATS.values() if fmt.extension == ending)
