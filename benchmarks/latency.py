"""Seconds from sending a query to having read the last byte of its answer, peer beside peer."""

import gc
import http.client
import json
import select
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit

from benchmarks.peers import Peer

__all__ = ["CLASSES", "HEAVIER", "Answer", "Connection", "compare", "fresh", "in_turn"]


def _classes(folder: str) -> dict[str, str]:
    paths = sorted((Path(__file__).parent / folder).glob("*.rq"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


CLASSES: Mapping[str, str] = _classes("queries")
"""The sixteen query classes: name to SPARQL text."""
HEAVIER: Mapping[str, str] = _classes("heavier")
"""The same classes, most of them with ten times the work for whoever answers."""

_numbers = count()

_GRAPH_CLASSES = {"construct", "describe"}


def fresh(query: str) -> str:
    """Return the query with a comment at its end that is new each time: no cache has its answer."""
    return f"{query}# {next(_numbers)}"


def in_turn(ways: Sequence[Callable[[], float]], rounds: int) -> list[float]:
    """Return the median of the seconds that each of the ways tells in ``rounds`` calls.

    They take turns within each round, so that whatever else the machine does meets them all.
    Garbage collection waits meanwhile.
    """
    taken: list[list[float]] = [[] for _ in ways]
    gc.disable()
    for turn in range(rounds):
        for n in range(len(ways)):
            way = (n + turn) % len(ways)
            taken[way].append(ways[way]())
    gc.enable()
    return [median(seconds) for seconds in taken]


@dataclass(frozen=True)
class Answer:
    """One answer: the seconds it took, its status, and its body."""

    seconds: float
    status: int
    body: bytes

    @property
    def size(self) -> int:
        """Solutions of a SELECT, truth of an ASK, or triples of N-Triples; -1 where unreadable."""
        if self.status != http.HTTPStatus.OK:
            return -1
        if self.body.lstrip()[:1] == b"{":
            results = json.loads(self.body)
            if "boolean" in results:
                return int(results["boolean"])
            return len(results["results"]["bindings"])
        return sum(1 for line in self.body.splitlines() if line.strip().endswith(b"."))


class Connection:
    """One kept-alive connection to a peer."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        parts = urlsplit(peer.url)
        self._path = parts.path
        self._http = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=900)

    def ask(self, name: str, text: str) -> Answer:
        """Send a query of the class ``name`` by GET, afresh, and read its whole answer."""
        accept = "application/n-triples" if name in _GRAPH_CLASSES else self.peer.media_type
        target = f"{self._path}?{urlencode({'query': fresh(text)})}"
        headers = {"Accept": accept, "Cache-Control": "no-cache"}
        if self._http.sock is not None and select.select([self._http.sock], [], [], 0)[0]:
            self._http.close()  # the peer hung up on an idle connection; the next opens anew
        if self._http.sock is None:
            self._http.connect()
        began = time.perf_counter()
        self._http.request("GET", target, headers=headers)
        response = self._http.getresponse()
        body = response.read()
        return Answer(time.perf_counter() - began, response.status, body)

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def _seconds(connection: Connection, name: str, text: str) -> float:
    return connection.ask(name, text).seconds


def compare(
    peers: Sequence[Peer], rounds: int, classes: Mapping[str, str] = CLASSES
) -> dict[str, dict[str, tuple[float, int]]]:
    """Return, by class and peer, the median seconds of ``rounds`` answers and the answer's size.

    The peers are asked ``in_turn``; one answer each before the first round is not counted.
    """
    connections = [Connection(peer) for peer in peers]
    table: dict[str, dict[str, tuple[float, int]]] = {}
    for name, text in classes.items():
        sizes = [connection.ask(name, text).size for connection in connections]
        ways = [partial(_seconds, connection, name, text) for connection in connections]
        told = zip(connections, in_turn(ways, rounds), sizes, strict=True)
        table[name] = {connection.peer.name: (usual, size) for connection, usual, size in told}
    for connection in connections:
        connection.close()
    return table
