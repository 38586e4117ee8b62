"""Measures over HTTP how a trivial query fares while hostile clients ask without pause.

    python -m benchmarks.hostile_http                          16 clients, 30 s, 100,000 triples
    python -m benchmarks.hostile_http --clients 0              nobody else asks
    python -m benchmarks.hostile_http --size 1000000

The server runs by the command that users type, with every limit at its default. Each client has an
address of its own (127.0.0.0/8), since some limits are for one client. The hostile ones ask from a
process beside the one that measures. Printed: the latency of the trivial query, new each time so
that no cache answers, and how many failed; what became of the hostile ones; and the memory that all
processes of the server held before, at most and after.
"""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode, urlsplit

from benchmarks import generator
from benchmarks.command import show
from benchmarks.latency import fresh
from benchmarks.peers import Forumgraph
from benchmarks.storm import HOSTILE, TRIVIAL, latencies, report, storm_command_line

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["measure"]

_PAUSE = 0.01
"""Seconds between two trivial queries: a client may ask a hundred a second."""
_SETTLING = 2.0
"""Seconds until the storm is at its height, and until it is over."""
_CHUNK = 1 << 16


class _Limited(Forumgraph):
    """Ours, with every limit at its default, those for one client too."""

    options: ClassVar[list[str]] = []


@dataclass
class _Latencies:
    """Seconds that answers took, how many were none, and the server's bytes at most meanwhile."""

    seconds: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    memory: int = 0


def _client(url: str, address: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(
        str(parts.hostname), parts.port, timeout=60, source_address=(address, 0)
    )


def _ask(connection: http.client.HTTPConnection, query: str) -> str:
    """Return what became of a query: its status, or how its answer broke off."""
    try:
        connection.request("GET", f"/sparql?{urlencode({'query': fresh(query)})}")
        response = connection.getresponse()
        while response.read(_CHUNK):
            pass
    except (OSError, http.client.HTTPException) as fault:
        connection.close()
        return type(fault).__name__
    return str(response.status)


def _hostile(url: str, clients: int, pipe: "Connection") -> None:
    """Ask hostile queries from ``clients`` addresses until told to stop; send what became."""
    over, outcomes = threading.Event(), [Counter[str]() for _ in range(clients)]
    threads = [
        threading.Thread(target=_ask_on, args=(url, number, over, outcomes[number]), daemon=True)
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    pipe.recv()
    over.set()
    pipe.send(sum(outcomes, Counter[str]()))


def _ask_on(url: str, number: int, over: threading.Event, outcomes: Counter[str]) -> None:
    connection, texts = _client(url, f"127.0.1.{number + 1}"), list(HOSTILE.values())
    for turn in count(number):
        if over.is_set():
            return
        outcomes[_ask(connection, texts[turn % len(texts)])] += 1


@contextmanager
def _storm(url: str, clients: int) -> Iterator[Counter[str]]:
    """Let hostile clients ask meanwhile; what became of their queries is there at the end."""
    context = get_context("spawn")
    here, there = context.Pipe()
    outcomes: Counter[str] = Counter()
    process = context.Process(target=_hostile, args=(url, clients, there), daemon=True)
    process.start()
    try:
        time.sleep(_SETTLING if clients else 0)
        yield outcomes
        here.send("over")
        outcomes.update(here.recv())
    finally:
        process.terminate()
        process.join()


def measure(size: int, clients: int, seconds: float, folder: Path) -> list[str]:
    """Return how a trivial query fared for ``seconds`` beside hostile clients, line by line."""
    server = _Limited(folder)
    try:
        server.start(generator.write(size, folder / "graph.nt"))
        before = server.memory()
        trivial, outcomes = _beside(server, clients, seconds)
        time.sleep(_SETTLING)
        after = server.memory()
    finally:
        server.stop()
    return [
        *report(clients, trivial.seconds, outcomes, [before, trivial.memory, after]),
        f"trivial queries that failed: {dict(trivial.failed) or 'none'}",
    ]


def _beside(server: Forumgraph, clients: int, seconds: float) -> tuple[_Latencies, Counter[str]]:
    """Return how a trivial query fared, and what became of the hostile ones."""
    trivial, connection = _Latencies(), _client(server.url, "127.0.0.1")
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(server, trivial, over))

    def ask() -> None:
        outcome = _ask(connection, TRIVIAL)
        if outcome != "200":
            trivial.failed[outcome] += 1

    with _storm(server.url, clients) as outcomes:
        thread.start()
        trivial.seconds = latencies(ask, seconds, _PAUSE)
        over.set()
        thread.join()
    return trivial, outcomes


def _watch(server: Forumgraph, latencies: _Latencies, over: threading.Event) -> None:
    while not over.wait(0.5):
        latencies.memory = max(latencies.memory, server.memory())


def main() -> None:
    """Run the storm and print what it did."""
    options = storm_command_line("hostile_http", __doc__).parse_args()
    show(partial(measure, options.size, options.clients, options.seconds))


if __name__ == "__main__":
    main()
