"""Measures seconds from the command to the first answer: the project's data, and stores on disk.

    python -m benchmarks.starting                   the project's data, 1,000,000 triples on disk
    python -m benchmarks.starting --size 5000000    another store

The loading of a store on disk is not counted: it is done once, by ``forumgraph load``.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks import generator
from benchmarks.command import run
from benchmarks.loading import onto_disk
from benchmarks.peers import Forumgraph
from benchmarks.table import megabytes, table

__all__ = ["measure"]

_SIZES = (1_000_000,)
_ROUNDS = 5


class _Project(Forumgraph):
    """Ours, on the project's data."""

    source = ""


class _OnDisk(Forumgraph):
    """Ours, on a store on disk."""

    source = "--store"


def _starts(kind: type[Forumgraph], folder: Path, data: Path) -> list[str]:
    seconds, memory = [], 0
    for turn in range(_ROUNDS):
        server = kind(folder / f"start-{turn}")
        try:
            server.start(data)
            seconds.append(server.seconds_to_load)
            memory = server.memory()
        finally:
            server.stop()
    return [f"{median(seconds):.2f}", f"{max(seconds):.2f}", megabytes(memory)]


def measure(wanted: Sequence[int], folder: Path) -> list[str]:
    """Return a table of starts: the project's data, then stores of the ``wanted`` sizes."""
    print("starting on the project's data …", file=sys.stderr, flush=True)
    rows = [["the project's data", *_starts(_Project, folder / "project", folder)]]
    for size in wanted:
        print(f"starting on {size:,} triples on disk …", file=sys.stderr, flush=True)
        store = folder / f"{size}.store"
        onto_disk(generator.write(size, folder / f"{size}.nt"), store)
        rows.append([f"{size:,} triples on disk", *_starts(_OnDisk, folder / f"{size}", store)])
    return table(["", f"s, median of {_ROUNDS}", "s, longest", "MB"], rows)


if __name__ == "__main__":
    run("starting", __doc__, _SIZES, measure)
