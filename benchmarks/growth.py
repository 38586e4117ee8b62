"""Measures how our answers' time grows with the graph: medians of each query class, per size.

    python -m benchmarks.growth                            10,000, 100,000 and 1,000,000 triples
    python -m benchmarks.growth --size 10000 --size 30000  others

Each server runs alone, by the command that users type, with every limit on.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import generator, latency
from benchmarks.command import run
from benchmarks.peers import Forumgraph
from benchmarks.table import megabytes, milliseconds, table

__all__ = ["growth", "measure"]

_SIZES = (10_000, 100_000, 1_000_000)
_ROUNDS = 9


def growth(medians: Mapping[str, Sequence[float]], wanted: Sequence[int]) -> list[str]:
    """Return a table of median milliseconds by class and size, and how far the last grew.

    Args:
        medians: by class, the seconds for each of the sizes.
        wanted: the sizes, in triples.
    """
    head = ["class", *(f"{size:,}" for size in wanted), f"times, of {wanted[-1] / wanted[0]:g}"]
    rows = (
        [name, *map(milliseconds, seconds), f"{seconds[-1] / seconds[0]:.1f}"]
        for name, seconds in medians.items()
    )
    return table(head, rows)


def measure(wanted: Sequence[int], folder: Path) -> list[str]:
    """Return a table of our medians on graphs of the ``wanted`` sizes, then start and memory."""
    medians: dict[str, list[float]] = {name: [] for name in latency.CLASSES}
    started, held = [], []
    for size in wanted:
        print(f"asking {size:,} triples …", file=sys.stderr, flush=True)
        server = Forumgraph(folder / str(size))
        try:
            server.start(generator.write(size, folder / f"{size}.nt"))
            for name, row in latency.compare([server], _ROUNDS).items():
                medians[name].append(row[server.name][0])
            started.append(f"{server.seconds_to_load:.2f}")
            held.append(megabytes(server.memory()))
        finally:
            server.stop()
    head = ["", *(f"{size:,}" for size in wanted)]
    other = [["seconds to the first answer", *started], ["MB at the end", *held]]
    return [*growth(medians, wanted), "", *table(head, other)]


if __name__ == "__main__":
    run("growth", __doc__, _SIZES, measure)
