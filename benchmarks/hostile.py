"""Measures how a trivial query fares while hostile clients ask without pause.

    python -m benchmarks.hostile                           16 clients, 30 s, 100,000 triples
    python -m benchmarks.hostile --one-client              the same, all of one address
    python -m benchmarks.hostile --clients 0               nobody else asks: the cost of isolation

Prints the latency of the trivial query, what became of the hostile ones, how far a time limit was
overshot, and the memory that all processes of the engine held at most and hold at the end.
"""

import argparse
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat

from benchmarks import generator
from benchmarks.memory import held
from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.engine.query import Query
from sparql_endpoint.errors import ForumGraphError, QueryTimeoutError
from sparql_endpoint.graph.dataset import load_files

__all__ = ["HOSTILE", "TRIVIAL", "Storm", "memory_of", "shown"]

HOSTILE = {
    "cartesian count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "negated path": "SELECT (COUNT(*) AS ?n) { ?a (<x:p>|!<x:p>)* ?b . ?b (<x:p>|!<x:p>)* ?c }",
    "giant order": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "nested optional": (
        "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?c OPTIONAL { ?f ?g ?e OPTIONAL { ?h ?i ?g } } } }"
    ),
    "construct all": "CONSTRUCT { ?a ?b ?c . ?d ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    "group bomb": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?f))) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    ),
    "distinct bomb": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "deep nesting": f"SELECT ({'(' * 100}1{')' * 100} AS ?x) {{ ?a ?b ?c . ?d ?e ?f }}",
}
"""Queries that no engine answers soon, by what they are."""

_ROUND_TRIP = 0.001
"""Seconds: what a request over HTTP takes at least, so that a refused client asks no faster."""

TRIVIAL = "ASK { <http://nowhere.example/> ?p ?o }"


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


def _latencies(ask: Callable[[], object], seconds: float, pause: float) -> list[float]:
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
        time.sleep(pause)
    return sorted(taken)


def shown(taken: list[float]) -> str:
    """Return what is usual and what is worst of seconds, sorted, in words."""
    points = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999}
    shown = [f"{name} {taken[int(len(taken) * at)] * 1000:.2f}" for name, at in points.items()]
    return f"{', '.join(shown)}, worst {taken[-1] * 1000:.2f} ms ({len(taken)} queries)"


def main() -> None:
    """Run the storm and print what it did."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--one-client", action="store_true")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--size", type=int, default=100_000, help="triples")
    parser.add_argument("--query-time", type=float, default=10)
    arguments = parser.parse_args()
    names = [f"hostile-{0 if arguments.one_client else n}" for n in range(arguments.clients)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.nt"
        generator.write(arguments.size, path)
        if not arguments.clients:
            store, json = load_files([path]), QueryResultsFormat.JSON
            direct = _latencies(
                lambda: cast("QueryBoolean", store.query(TRIVIAL)).serialize(format=json), 3, 0
            )
            print(f"engine called directly: {shown(direct)}")
            del store
        with Engine(partial(load_files, [path]), Limits(query_time=arguments.query_time)) as engine:
            _measure(engine, names, arguments.seconds)


def _measure(engine: Engine, names: list[str], seconds: float) -> None:
    trivial = Query(TRIVIAL, client="trivial")
    engine.run(trivial).read()
    before, peak = memory_of(engine), 0
    with Storm(engine, names) as storm:
        time.sleep(1 if names else 0)
        parts: list[float] = []
        for _ in range(10):
            pause = 0.005 if names else 0
            parts += _latencies(lambda: engine.run(trivial).read(), seconds / 10, pause)
            peak = max(peak, memory_of(engine))
    time.sleep(1)
    print(f"trivial query beside {len(names)} clients: {shown(sorted(parts))}")
    print(f"hostile queries: {dict(storm.outcomes)}, time overshot by {storm.overshoot:.3f} s")
    memory = [size >> 20 for size in (before, peak, memory_of(engine))]
    print("memory before, at most, after: {} MiB, {} MiB, {} MiB".format(*memory))
    print(engine.statistics())


if __name__ == "__main__":
    main()
