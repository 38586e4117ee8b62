"""Measures how a trivial query fares while hostile clients ask without pause.

    python -m benchmarks.hostile                           16 clients, 30 s, 100,000 triples
    python -m benchmarks.hostile --one-client              the same, all of one address
    python -m benchmarks.hostile --clients 0               nobody else asks: the cost of isolation

Prints the latency of the trivial query, what became of the hostile ones, how far a time limit was
overshot, and the memory that all processes of the engine held at most and hold at the end.
"""

import argparse
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat
from sparql_endpoint.engine.engine import Engine

from benchmarks import generator
from benchmarks.command import show
from benchmarks.memory import held
from benchmarks.storm import HOSTILE, TRIVIAL, latencies, report, shown, storm_command_line
from sparql_endpoint.errors import ForumGraphError, QueryTimeoutError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import Query

__all__ = ["Storm", "memory_of"]

_ROUND_TRIP = 0.001
"""Seconds: what a request over HTTP takes at least, so that a refused client asks no faster."""


@dataclass
class Storm:
    """Hostile clients that ask an engine without pause; each in a thread of its own."""

    engine: Engine
    clients: list[str]
    outcomes: Counter[str] = field(default_factory=Counter)
    overshoot: float = 0.0
    """Seconds by which the worst query outlasted the time limit."""
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        for number, client in enumerate(self.clients):
            thread = threading.Thread(target=self._ask, args=(number, client))
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int, client: str) -> None:
        texts = list(HOSTILE.values())
        while not self._over.is_set():
            number += 1
            query = Query(texts[number % len(texts)], client=client)
            begun = time.monotonic()
            try:
                with self.engine.run(query, self._over.is_set) as result:
                    for _ in result:
                        if self._over.is_set():
                            break
                outcome = "complete"
            except ForumGraphError as error:
                outcome = type(error).__name__
                if isinstance(error, QueryTimeoutError):
                    late = time.monotonic() - begun - self.engine.limits.query_time
                    self.overshoot = max(self.overshoot, late)
            self.outcomes[outcome] += 1
            time.sleep(_ROUND_TRIP)


def memory_of(engine: Engine) -> int:
    """Return the bytes that the engine's processes hold, what they share counted once (PSS)."""
    family = engine._dynasty.current  # noqa: SLF001  # a measurement looks inside
    return sum(held(pid) for pid in [family.pid, *family.children])


def _measure(options: argparse.Namespace, folder: Path) -> list[str]:
    data = generator.write(options.size, folder / "graph.nt")
    with Engine(partial(load_files, [data]), Limits(query_time=options.query_time)) as engine:
        names = [f"hostile-{0 if options.one_client else n}" for n in range(options.clients)]
        lines = _beside(engine, names, options.seconds)
    return lines if names else [f"engine called directly: {shown(_directly(data))}", *lines]


def _directly(data: Path) -> list[float]:
    store, json = load_files([data]), QueryResultsFormat.JSON
    return latencies(
        lambda: cast("QueryBoolean", store.query(TRIVIAL)).serialize(format=json), 3, 0
    )


def _beside(engine: Engine, names: list[str], seconds: float) -> list[str]:
    trivial = Query(TRIVIAL, client="trivial")
    engine.run(trivial).read()
    before, peak = memory_of(engine), 0
    with Storm(engine, names) as storm:
        time.sleep(1 if names else 0)
        taken: list[float] = []
        for _ in range(10):
            pause = 0.005 if names else 0
            taken += latencies(lambda: engine.run(trivial).read(), seconds / 10, pause)
            peak = max(peak, memory_of(engine))
    time.sleep(1)
    return [
        *report(len(names), taken, storm.outcomes, [before, peak, memory_of(engine)]),
        f"time overshot by {storm.overshoot:.3f} s",
        str(engine.statistics()),
    ]


def main() -> None:
    """Run the storm and print what it did."""
    parser = storm_command_line("hostile", __doc__)
    parser.add_argument("--one-client", action="store_true", help="all of one address")
    limit = "seconds that a query may take (%(default)s)"
    parser.add_argument("--query-time", type=float, default=10, help=limit)
    show(partial(_measure, parser.parse_args()))


if __name__ == "__main__":
    main()
