"""Measures what it costs to answer each query in a process of its own: time, and memory.

    python -m benchmarks.isolation                   100,000 and 1,000,000 triples
    python -m benchmarks.isolation --size 5000000    another size

Time: each query class is asked of the engine and of pyoxigraph in this process, by turns, and
serialised to the same format; no HTTP and no cache. Memory: what each of the engine's children
holds alone after it has answered all classes, beside what the store takes.
"""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store
from sparql_endpoint.engine.engine import Engine

from benchmarks import generator, latency
from benchmarks.command import run
from benchmarks.memory import added
from benchmarks.storm import TRIVIAL
from benchmarks.table import megabytes, milliseconds, table
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import Query

__all__ = ["measure"]

_SIZES = (100_000, 1_000_000)
_WARM_UP, _ROUNDS = 2, 25
_QUERIES = {"trivial": TRIVIAL, **latency.CLASSES}
_TOO_LONG = "export"
"""A class whose hundred thousand rows hide what a query costs by itself."""


def _directly(store: Store, text: str) -> float:
    """Return the seconds of an answer by the store in this process."""
    began = time.perf_counter()
    answer = store.query(text)
    if isinstance(answer, QueryTriples):
        answer.serialize(format=RdfFormat.N_TRIPLES)
    else:
        answer.serialize(format=QueryResultsFormat.JSON)
    return time.perf_counter() - began


def _isolated(engine: Engine, query: Query) -> float:
    """Return the seconds of an answer by a child of the engine."""
    began = time.perf_counter()
    engine.run(query).read()
    return time.perf_counter() - began


def _times(engine: Engine, store: Store) -> tuple[list[list[str]], float]:
    """Return rows of class, direct, by the engine and the difference; and the median of these."""
    rows, costs = [], []
    for name, text in _QUERIES.items():
        if name == _TOO_LONG:
            continue
        query = Query(text, graph_format="ntriples")
        ways = [partial(_directly, store, text), partial(_isolated, engine, query)]
        latency.in_turn(ways, _WARM_UP)
        direct, isolated = latency.in_turn(ways, _ROUNDS)
        costs.append(isolated - direct)
        numbers = (direct, isolated, isolated - direct)
        rows.append([name, *map(milliseconds, numbers), f"{isolated / direct:.2f}"])
    return rows, median(costs)


def _each_child(engine: Engine) -> list[int]:
    """Return the bytes that each child holds alone, after all have answered every class."""
    children = len(engine._dynasty.current.children)  # noqa: SLF001  # a measurement looks inside
    texts = list(latency.CLASSES.values())

    def ask(number: int) -> None:
        for turn in range(2 * len(texts)):
            text = texts[(number + turn) % len(texts)]
            engine.run(Query(text, client=f"client-{number}")).read()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(children)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(1)  # until those are forked that replace the children that grew
    return [added(pid) for pid in engine._dynasty.current.children]  # noqa: SLF001  # as above


def _held_by(load: Callable[[], Store]) -> int:
    """Return the bytes of an engine's process that holds what ``load`` makes."""
    with Engine(load, Limits(quick_places=1)) as engine:
        return added(engine._dynasty.current.pid)  # noqa: SLF001  # as above


def measure(wanted: Sequence[int], folder: Path) -> list[str]:
    """Return tables of the cost in time and memory on graphs of the ``wanted`` sizes."""
    lines, memory = [], []
    empty = folder / "empty.nt"
    empty.write_bytes(b"")
    for size in wanted:
        print(f"asking {size:,} triples …", file=sys.stderr, flush=True)
        data = generator.write(size, folder / f"{size}.nt")
        load = partial(load_files, [data])
        with Engine(load) as engine:
            rows, cost = _times(engine, load())
            children = _each_child(engine)
        store = _held_by(load) - _held_by(partial(load_files, [empty]))
        lines += [f"{size:,} triples: {milliseconds(cost)} ms a query (median of the classes)", ""]
        lines += [*table(["class", "direct, ms", "engine, ms", "difference", "ratio"], rows), ""]
        each = median(children)
        numbers = [store, each, max(children)]
        memory.append(
            [f"{size:,}", *map(megabytes, numbers), str(len(children)), f"{each / store:.1%}"]
        )
    head = ["triples", "store, MB", "worker, MB (median)", "largest", "workers", "of the store"]
    return [*lines, *table(head, memory)]


if __name__ == "__main__":
    run("isolation", __doc__, _SIZES, measure)
