"""Measures columns beside Oxigraph in one process, over the same data: processor time, in ratios.

    python -m benchmarks.columns                    1,000,000 triples in memory
    python -m benchmarks.columns --size 5000000     more
    python -m benchmarks.columns --on-disk          a store on disk, loaded as by forumgraph load

Each query is asked as a worker asks it, and its answer written as JSON or Turtle. The rows of both
ways are compared.
"""

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from pyoxigraph import Store

from benchmarks import generator, latency
from benchmarks.command import command_line, show
from benchmarks.table import megabytes, milliseconds, table
from sparql_endpoint.columns.engine import Columns, columns_of
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.query.evaluation import Query, QueryRunner, Result
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

__all__ = ["measure"]

_ROUNDS = 5


def _ask(runner: QueryRunner, name: str) -> tuple[float, Result, bytes]:
    """Return the median seconds of processor time of an answer, the answer, and its bytes."""
    seconds = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        result = runner.run(Query(latency.CLASSES[name]))
        body = result.body.read()
        seconds.append(time.process_time() - began)
    return median(seconds), result, body


def _rows(body: bytes) -> list[str]:
    """Return the rows of a document, sorted; of one in Turtle, its number of bytes."""
    if not body.startswith(b"{"):
        return [str(len(body))]
    document = json.loads(body)
    rows = document.get("results", {}).get("bindings", [document])
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def _compared(store: Store, columns: Columns) -> Iterator[list[str]]:
    one, both = QueryRunner.over(store), QueryRunner.over(store, second=columns)
    for name in latency.CLASSES:
        seconds, _, expected = _ask(one, name)
        ours, result, body = _ask(both, name)
        is_same = "any of more" if name == "export" else str(_rows(expected) == _rows(body)).lower()
        ratio = f"{seconds / ours:.1f}"
        yield [name, str(result.rows), milliseconds(seconds), result.engine, ratio, is_same]


def measure(size: int, folder: Path, *, on_disk: bool) -> list[str]:
    """Return a table of both ways on a graph of ``size`` triples, and what columns cost."""
    data = generator.write(size, folder / "graph.nt")
    if on_disk:
        loaded = load([data], folder / "store")
        place = current(folder / "store")
        store, columns = open_read_only(place), Columns(columns_of(place), place)
        cost = f"load {loaded.seconds:.1f} s, columns {loaded.columns or 0:.1f} s beside"
    else:
        store, columns = load_files([data]), Columns(folder / "columns")
        began = time.process_time()
        columns.make(store)
        cost = f"columns {time.process_time() - began:.1f} s of processor time"
    held = sum(path.stat().st_size for path in columns.folder.iterdir())
    head = ["class", "rows", "oxigraph, ms", "answered by", "times", "same rows"]
    return [*table(head, _compared(store, columns)), "", f"{cost}; {megabytes(held)} MB of files."]


if __name__ == "__main__":
    parser = command_line("benchmarks.columns", __doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="triples (%(default)s)")
    parser.add_argument("--on-disk", action="store_true", help="load a store on disk")
    options = parser.parse_args()
    show(partial(measure, options.size, on_disk=options.on_disk))
