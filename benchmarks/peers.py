"""The servers that are measured beside one another, each started on a free port and stopped again.

Each peer runs with the defaults its own documentation recommends, and without a limit that would
cut an answer short. A peer that is not installed is left out and said to be.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from benchmarks.memory import family, held, worked

__all__ = ["PEERS", "Forumgraph", "Oxigraph", "Peer", "RdflibEndpoint", "Virtuoso"]

_START_LIMIT = 600.0
"""Seconds within which a peer must answer, its load included."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Peer(ABC):
    """A SPARQL server over one N-Triples file."""

    name: ClassVar[str]
    program: ClassVar[str]
    variable: ClassVar[str]
    """The environment variable that names the program where it is not on PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        self.seconds_to_load = 0.0
        """Seconds from start to the first right answer, loading included."""
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def path(cls) -> str | None:
        """Return the program, or None where it is not installed."""
        return shutil.which(os.environ.get(cls.variable, cls.program))

    @property
    def url(self) -> str:
        """Where queries go."""
        return f"http://127.0.0.1:{self.port}/sparql"

    @property
    def media_type(self) -> str:
        """What to ask SELECT and ASK answers as."""
        return "application/sparql-results+json"

    @abstractmethod
    def command(self, data: Path) -> list[str]:
        """Return the command that serves ``data``."""

    def prepare(self, data: Path) -> None:  # noqa: B027  # most peers need nothing
        """Do what must be done before the server starts."""

    def fill(self, data: Path) -> None:  # noqa: B027  # as above
        """Load ``data`` into the server that now runs, where it is not told to at its start."""

    def start(self, data: Path) -> None:
        """Serve ``data``, and return once it answers.

        Raises:
            TimeoutError: it did not answer within ten minutes.
            ChildProcessError: it ended by itself.
        """
        began = time.perf_counter()
        self.prepare(data)
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                self.command(data), cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait(self._process)
        self.fill(data)
        self.seconds_to_load = time.perf_counter() - began

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        url = f"{self.url}?query=ASK%20%7B%7D"
        request = urllib.request.Request(url, headers={"Accept": self.media_type})
        end = time.monotonic() + _START_LIMIT
        while time.monotonic() < end:
            if process.poll() is not None:
                raise ChildProcessError(f"{self.name} ended: see {self.folder / 'log'}")
            try:
                with urllib.request.urlopen(request, timeout=60):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
        raise TimeoutError(f"{self.name} did not answer within {_START_LIMIT:.0f} s")

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None  # noqa: S101  # only a started peer is measured
        return self._process.pid

    def memory(self) -> int:
        """Return the bytes of memory that its processes hold (proportional set size)."""
        return sum(held(pid) for pid in family(self.pid))

    def worked(self) -> float:
        """Return the seconds that its processes have worked so far."""
        return sum(worked(pid) for pid in family(self.pid))

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Forumgraph(Peer):
    """Ours, with every limit at its default."""

    name = "forumgraph"
    program = sys.executable
    variable = "FORUMGRAPH_PYTHON"
    options: ClassVar[list[str]] = [
        *("--requests-per-second", "0"),
        *("--max-queries-per-client", "64"),
    ]
    """The load comes from one address and stands for many clients."""
    source: ClassVar[str] = "--data"
    """The option that names what to serve; the project's data where it is empty."""

    def command(self, data: Path) -> list[str]:
        """Serve ``data`` by the command line that users type."""
        serve = [str(self.path()), "-m", "sparql_endpoint", "serve", "--port", str(self.port)]
        return [*serve, *([self.source, str(data)] if self.source else []), *self.options]


class Oxigraph(Peer):
    """Oxigraph's own server, on a store of its own on disk, as it has no other."""

    name = "oxigraph"
    program = "oxigraph"
    variable = "OXIGRAPH"

    @property
    def url(self) -> str:
        """Its endpoint is called /query."""
        return f"http://127.0.0.1:{self.port}/query"

    def prepare(self, data: Path) -> None:
        """Load the file in bulk."""
        load = [str(self.path()), "load", "--location", "store", "--file", str(data)]
        subprocess.run(load, cwd=self.folder, check=True, capture_output=True)

    def command(self, data: Path) -> list[str]:
        """Serve the store, read only."""
        serve = [str(self.path()), "serve-read-only", "--location", "store"]
        return [*serve, "--bind", f"127.0.0.1:{self.port}"]


class RdflibEndpoint(Peer):
    """rdflib-endpoint on rdflib's own store."""

    name = "rdflib-endpoint"
    program = "rdflib-endpoint"
    variable = "RDFLIB_ENDPOINT"

    @property
    def url(self) -> str:
        """Its endpoint is the root."""
        return f"http://127.0.0.1:{self.port}/"

    def command(self, data: Path) -> list[str]:
        """Serve the file."""
        where = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [str(self.path()), "serve", *where, str(data)]


_VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = {isql}
DirsAllowed = {data}, .
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxClientConnections = 64
[HTTPServer]
ServerPort = {http}
ServerThreads = 64
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = 600
[Client]
SQL_QUERY_TIMEOUT = 0
"""


class Virtuoso(Peer):
    """Virtuoso 7 with the buffers that its manual gives for 2 GB of memory."""

    name = "virtuoso"
    program = "virtuoso-t"
    variable = "VIRTUOSO"
    isql = "isql-vt"

    def prepare(self, data: Path) -> None:
        """Write its settings."""
        self._isql_port = _free_port()
        ini = _VIRTUOSO_INI.format(isql=self._isql_port, http=self.port, data=data.parent)
        (self.folder / "virtuoso.ini").write_text(ini)

    def command(self, data: Path) -> list[str]:
        """Run in the foreground on the settings written."""
        return [str(self.path()), "+foreground", "+configfile", "virtuoso.ini"]

    def fill(self, data: Path) -> None:
        """Load the file by its bulk loader into a graph, which is its default graph too."""
        script = (
            f"ld_dir('{data.parent}', '{data.name}', 'https://example.org/benchmark');"
            "rdf_loader_run(); checkpoint;"
        )
        isql = [self.isql, f"127.0.0.1:{self._isql_port}", "dba", "dba", f"exec={script}"]
        subprocess.run(isql, cwd=self.folder, check=True, capture_output=True)


PEERS: tuple[type[Peer], ...] = (Forumgraph, Oxigraph, RdflibEndpoint, Virtuoso)
"""Ours first: the others are told as ratios to it."""
