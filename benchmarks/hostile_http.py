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

import argparse
import http.client
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode, urlsplit

from benchmarks import generator
from benchmarks.hostile import HOSTILE, TRIVIAL, shown
from benchmarks.peers import Forumgraph
from benchmarks.table import megabytes

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["measure"]

_PAUSE = 0.005
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
        connection.request("GET", f"/sparql?{urlencode({'query': query})}")
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
        outcomes[_ask(connection, f"{texts[turn % len(texts)]}# {number} {turn}")] += 1


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
    memory = [megabytes(size) for size in (before, trivial.memory, after)]
    return [
        f"trivial query beside {clients} clients: {shown(trivial.seconds)}",
        f"of these failed: {dict(trivial.failed) or 'none'}",
        f"hostile queries: {dict(outcomes.most_common()) or 'none'}",
        "memory before, at most, after: {} MB, {} MB, {} MB".format(*memory),
    ]


def _beside(server: Forumgraph, clients: int, seconds: float) -> tuple[_Latencies, Counter[str]]:
    """Return how a trivial query fared, and what became of the hostile ones."""
    trivial, connection = _Latencies(), _client(server.url, "127.0.0.1")
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(server, trivial, over))
    with _storm(server.url, clients) as outcomes:
        thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.perf_counter()
            outcome = _ask(connection, f"{TRIVIAL}# {began}")
            trivial.seconds.append(time.perf_counter() - began)
            if outcome != "200":
                trivial.failed[outcome] += 1
            time.sleep(_PAUSE)
        over.set()
        thread.join()
    trivial.seconds.sort()
    return trivial, outcomes


def _watch(server: Forumgraph, latencies: _Latencies, over: threading.Event) -> None:
    while not over.wait(0.5):
        latencies.memory = max(latencies.memory, server.memory())


def main() -> None:
    """Run the storm and print what it did."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.hostile_http",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--size", type=int, default=100_000, help="triples")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forumgraph-benchmark-") as folder:
        lines = measure(options.size, options.clients, options.seconds, Path(folder))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
