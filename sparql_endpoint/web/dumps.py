"""The whole dataset as files, the same bytes whenever they are made of the same data.

They are written as ``forumgraph export`` writes them, by a process of its own (``rendering``): it
takes seconds of work, which would keep queries waiting here. Formats of triples hold the default
graph, formats of quads every named graph, and the default graph too unless it is only their merge.
"""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path
from pickle import dumps
from tempfile import TemporaryFile
from threading import Lock
from typing import Any
from weakref import finalize

from sparql_endpoint import __version__
from sparql_endpoint.engine.scheduler import LOWEST
from sparql_endpoint.errors import (
    ForumGraphError,
    NotFoundError,
    QueryCrashedError,
    ResultTooLargeError,
    UsageError,
)
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat
from sparql_endpoint.store.as_written import AsWritten
from sparql_endpoint.web.runner import Question, Runner
from sparql_endpoint.web.statistics import Statistics

__all__ = ["Dump", "Dumps", "format_of"]

_DEFAULT = "SELECT ?s ?p ?o { ?s ?p ?o }"
_NAMED = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
_WITH_GRAPHS = frozenset({"trig", "nquads"})
_SMALL = 100_000
"""Triples up to which JSON-LD is compacted."""
_ENDINGS = ("", ".gz")
_AS_STORED = AsWritten()
_PROGRAM = "from sparql_endpoint.web.rendering import main; main()"


@dataclass(frozen=True)
class Dump:
    """A file that holds the dataset: its name, where it lies, its length and its SHA-256.

    It has no name on the disk, so that nothing is left of it however this process ends; this
    process alone can open it by its path, as long as the ``Dumps`` are there that made it.
    """

    name: str
    file: Path
    format: GraphFormat
    packed: bool
    size: int
    sha256: str


class Dumps:
    """The files of one dataset, each made when it is first asked for."""

    def __init__(
        self,
        runner: Runner,
        digest: str,
        *,
        most_triples: int,
        merged: bool,
        as_written: AsWritten = _AS_STORED,
    ) -> None:
        self._runner, self._most, self._merged = runner, most_triples, merged
        self._as_written = as_written
        self._made: dict[str, Dump] = {}
        self._refused: dict[str, ForumGraphError] = {}
        """Why there is no file in a format, by its name."""
        self._lock = Lock()
        self.version = f"{__version__}-{digest[:12]}"

    def names(self, statistics: Statistics) -> tuple[str, ...]:
        """Return the names of all files, plain and packed; none where the dataset is too large."""
        if statistics.quads > self._most:
            return ()
        return tuple(name for fmt in RDF_FORMATS.values() for name in self._names(fmt))

    def get(self, name: str, statistics: Statistics) -> Dump:
        """Return the file of that name.

        Raises:
            NotFoundError: there is no file of that name.
            UsageError: its format cannot hold what is in the data.
            ResultTooLargeError: a limit cuts what would be in it.
            ForumGraphError: the runner could not tell what is in the dataset.
        """
        names = self.names(statistics)
        if name not in names:
            raise NotFoundError(f"there is no dump '{name}'; there is {', '.join(names) or 'none'}")
        fmt = format_of(name)
        self._make([fmt], statistics)
        if fmt.name in self._refused:
            raise copy(self._refused[fmt.name])  # without the way it came the first time
        return self._made[name]

    def all(self, statistics: Statistics) -> Mapping[str, Dump]:
        """Return all files by their names, but those that no format or limit allows.

        Raises:
            ForumGraphError: the runner could not tell what is in the dataset.
        """
        names = self.names(statistics)
        if names:
            self._make(RDF_FORMATS.values(), statistics)
        return {name: self._made[name] for name in names if name in self._made}

    def _names(self, fmt: GraphFormat) -> list[str]:
        return [f"{self.version}.{fmt.extension}{ending}" for ending in _ENDINGS]

    def _make(self, formats: Iterable[GraphFormat], statistics: Statistics) -> None:
        """Make the files of ``formats`` that are not made yet, all of them by one process."""
        if not self._missing(formats):  # what is there waits for nothing that is being made
            return
        with self._lock:
            if missing := self._missing(formats):
                self._write(missing, compact=statistics.quads <= _SMALL)

    def _missing(self, formats: Iterable[GraphFormat]) -> list[GraphFormat]:
        return [
            fmt
            for fmt in formats
            if self._names(fmt)[-1] not in self._made and fmt.name not in self._refused
        ]

    def _write(self, formats: list[GraphFormat], *, compact: bool) -> None:
        """Have the files of ``formats`` written to descriptors that close with this object."""
        with ExitStack() as kept, ExitStack() as read:
            sources = self._sources(formats, read)
            files = {
                name: [kept.enter_context(TemporaryFile()).fileno() for _ in _ENDINGS]
                for name in sources
            }
            order = {"compact": compact, "files": files, "sources": sources}
            told = _rendered(order | {"as_written": b64encode(dumps(self._as_written)).decode()})
            finalize(self, kept.pop_all().close)
        for name, said in told.items():
            self._note(RDF_FORMATS[name], files[name], said)

    def _sources(self, formats: list[GraphFormat], opened: ExitStack) -> dict[str, list[int]]:
        """Return the descriptors of what a file holds, by the format; no format that a limit cuts.

        They close with ``opened``.
        """
        statements = cache(partial(self._statements, opened))
        sources = {}
        for fmt in formats:
            try:
                sources[fmt.name] = [statements(query) for query in self._queries(fmt)]
            except ResultTooLargeError as error:
                self._refused[fmt.name] = copy(error)
        return sources

    def _note(self, fmt: GraphFormat, files: list[int], told: Mapping[str, Any]) -> None:
        """Take note of the two files of a format, or of why there are none."""
        if "refused" in told:
            self._refused[fmt.name] = UsageError(told["refused"])
            return
        for name, file, digest in zip(self._names(fmt), files, told["sums"], strict=True):
            path, packed = Path(f"/proc/self/fd/{file}"), name.endswith(".gz")
            self._made[name] = Dump(name, path, fmt, packed, path.stat().st_size, digest)

    def _queries(self, fmt: GraphFormat) -> list[str]:
        """Return the queries that find what a file of that format holds."""
        if fmt.name not in _WITH_GRAPHS:
            return [_DEFAULT]
        return [_NAMED] if self._merged else [_DEFAULT, _NAMED]

    def _statements(self, opened: ExitStack, query: str) -> int:
        """Return the descriptor of a file of what ``query`` finds.

        Raises:
            ResultTooLargeError: a limit cuts it.
        """
        file = opened.enter_context(TemporaryFile())  # noqa: SIM115  # it closes with the stack
        with closing(self._runner.run(Question(query, result_format="tsv"))) as answer:
            file.writelines(answer.chunks)
        if answer.complete is False:
            raise ResultTooLargeError("the dataset is larger than a result may be: no file of it")
        file.flush()
        return file.fileno()


def _rendered(order: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Have a process do as ``order`` says, and return what it tells of each format.

    Raises:
        QueryCrashedError: it died.
    """
    order |= {"parent": os.getpid(), "niceness": LOWEST}
    descriptors = chain(*order["files"].values(), *order["sources"].values())
    done = subprocess.run(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-c", _PROGRAM, json.dumps(order)],
        check=False,
        pass_fds=list(descriptors),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if done.returncode:
        raise QueryCrashedError(
            f"the process that makes the files of the dataset died (status {done.returncode}):"
            " ask again, when the machine has more memory to spare"
        )
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return told


def format_of(name: str) -> GraphFormat:
    """Return the format that the name of a file ends with."""
    ending = name.removesuffix(".gz").rpartition(".")[2]
    return next(fmt for fmt in RDF_FORMATS.values() if fmt.extension == ending)
