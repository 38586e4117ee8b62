"""Measures how long N-Triples take to load, into memory and into a store on disk.

    python -m benchmarks.loading                    10,000, 100,000 and 1,000,000 triples
    python -m benchmarks.loading --size 5000000     another size

Each load is done by a process of its own, as a server does it. Its memory is the most that the
process held, less what it held before.
"""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from benchmarks import generator
from benchmarks.command import run
from benchmarks.table import megabytes, table
from sparql_endpoint.cli.memory import most_held
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.store.loading import load

__all__ = ["Load", "into_memory", "measure", "onto_disk"]

_SIZES = (10_000, 100_000, 1_000_000)


class Load(NamedTuple):
    """What a load took: seconds, and bytes of memory at most."""

    seconds: float
    memory: int


def into_memory(data: Path) -> Load:
    """Load a file into a store in the memory of a process of its own."""
    return _alone(_into_memory, data)


def onto_disk(data: Path, store: Path) -> Load:
    """Load a file into a store on disk, by a process of its own."""
    return _alone(_onto_disk, data, store)


def _alone(work: Callable[..., Load], *arguments: Path) -> Load:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _into_memory(data: Path) -> Load:
    before, began = most_held(), time.perf_counter()
    store = load_files([data])
    seconds = time.perf_counter() - began
    assert len(store)  # noqa: S101  # an empty store would have been quick
    return Load(seconds, most_held() - before)


def _onto_disk(data: Path, store: Path) -> Load:
    before, began = most_held(), time.perf_counter()
    load([data], store)
    return Load(time.perf_counter() - began, most_held() - before)


def measure(wanted: Sequence[int], folder: Path) -> list[str]:
    """Return a table of what loading graphs of the ``wanted`` sizes takes."""
    rows = []
    for size in wanted:
        print(f"loading {size:,} triples …", file=sys.stderr, flush=True)
        data = generator.write(size, folder / f"{size}.nt")
        memory, disk = into_memory(data), onto_disk(data, folder / f"{size}.store")
        rows.append(
            [
                f"{size:,}",
                f"{memory.seconds:.2f}",
                f"{size / memory.seconds:,.0f}",
                megabytes(memory.memory),
                f"{disk.seconds:.2f}",
                f"{size / disk.seconds:,.0f}",
                megabytes(disk.memory),
            ]
        )
    places = [
        f"{place}: {what}" for place in ("memory", "disk") for what in ("s", "triples/s", "MB")
    ]
    return table(["triples", *places], rows)


if __name__ == "__main__":
    run("loading", __doc__, _SIZES, measure)
