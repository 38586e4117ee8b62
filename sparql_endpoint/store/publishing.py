"""Loading RDF files into another server, graph by graph.

SPARQL 1.1 Graph Store HTTP Protocol, section 5.3, HTTP PUT:
https://www.w3.org/TR/sparql11-http-rdf-update/#http-put.
"""

import io
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, cast

import httpx
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from sparql_endpoint.errors import DataError, RemoteError
from sparql_endpoint.graph.dataset import read_quads
from sparql_endpoint.graph.files import format_of
from sparql_endpoint.store.loading import Loaded, Progress
from sparql_endpoint.store.remote import credentials, log_in_by_digest

__all__ = ["publish"]

_IN_MEMORY = 1 << 20
_BLOCK = 1 << 16
_STEP = 10_000
_TIMEOUT = 300.0
_EXCERPT = 200


def publish(
    files: Sequence[Path],
    url: str,
    rdf_format: RdfFormat | None = None,
    progress: Progress = lambda _bytes, _statements: None,
) -> Loaded:
    """Replace each graph that ``files`` fill in the graph store at ``url`` by what they say of it.

    All files are read before the first graph is sent, so that a syntax error changes nothing. Each
    graph is replaced whole or not; there is no such promise for all of them together. Credentials
    come from the environment (see ``remote.credentials``).

    Raises:
        NotFoundError, DataError, RdfSyntaxError: a file cannot be read; nothing was sent.
        RemoteError: the server cannot be reached or refuses; the message says what it holds.
    """
    formats = [rdf_format or format_of(path) for path in files]
    began = time.perf_counter()
    with ExitStack() as stack:
        graphs: dict[NamedNode | DefaultGraph, IO[bytes]] = {}
        statements = 0
        for path, fmt in zip(files, formats, strict=True):
            for quad in read_quads(path, fmt, apart=len(files) > 1):
                name = _name_of(quad)
                if name not in graphs:
                    graphs[name] = cast(
                        "IO[bytes]", stack.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY))
                    )
                graphs[name].write(_line(quad.triple))
                statements += 1
                if statements % _STEP == 0:
                    progress(0, statements)
        _send_all(graphs, url)
    progress(sum(path.stat().st_size for path in files), statements)
    return Loaded(statements, time.perf_counter() - began)


def _name_of(quad: Quad) -> NamedNode | DefaultGraph:
    if isinstance(quad.graph_name, NamedNode | DefaultGraph):
        return quad.graph_name
    raise DataError(f"the graph {quad.graph_name} has no IRI, and a graph store needs one")


def _line(triple: Triple) -> bytes:
    return serialize([triple], format=RdfFormat.N_TRIPLES) or b""


def _send_all(graphs: dict[NamedNode | DefaultGraph, IO[bytes]], url: str) -> None:
    sent: list[str] = []
    with httpx.Client(timeout=_TIMEOUT, headers=credentials(), trust_env=False) as client:
        if log_in_by_digest(client, url):
            client.head(url)  # so that no graph is sent twice: the server's challenge is known then
        for name, file in graphs.items():
            graph = {"graph": name.value} if isinstance(name, NamedNode) else {"default": ""}
            done = f"; replaced before: {', '.join(sent)}" if sent else "; nothing was replaced"
            try:
                response = client.put(
                    url,
                    params=graph,
                    content=_Blocks(file),
                    headers={
                        "Content-Type": "application/n-triples",
                        "Content-Length": str(file.seek(0, io.SEEK_END)),
                    },
                )
            except httpx.HTTPError as fault:
                raise RemoteError(f"{url} cannot be reached: {fault}{done}") from None
            if not response.is_success:
                said = " ".join(response.text.split())[:_EXCERPT]
                reason = f"{response.status_code} {response.reason_phrase} {said}".strip()
                raise RemoteError(f"{url} refused the graph {_label(name)}: {reason}{done}")
            sent.append(_label(name))


def _label(name: NamedNode | DefaultGraph) -> str:
    return name.value if isinstance(name, NamedNode) else "(default)"


class _Blocks:
    """A file by blocks, from its beginning each time that it is asked for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        while block := self._file.read(_BLOCK):
            yield block
