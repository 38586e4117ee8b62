"""The graph that the benchmarks measure on."""

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from benchmarks.generator import triples, write
from benchmarks.latency import CLASSES, HEAVIER

SIZE = 30_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Load a small graph of the generator."""
    store = Store()
    path = write(SIZE, tmp_path_factory.mktemp("graph") / "graph.nt")
    store.bulk_load(path=path, format=RdfFormat.N_TRIPLES)
    return store


def test_a_graph_has_as_many_distinct_triples_as_were_asked_for(store: Store) -> None:
    """The size names triples, none of them written twice."""
    assert len(store) == SIZE


def test_a_larger_graph_begins_with_the_smaller_one() -> None:
    """Cost as size grows is measured on graphs of one family, the same on every machine."""
    assert list(triples(5_000)) == list(islice(triples(20_000), 5_000))


def test_a_graph_is_written_the_same_on_every_run(tmp_path: Path) -> None:
    """Two processes, in which Python's own hashes differ, give the same bytes."""
    program = "import sys; from pathlib import Path; from benchmarks.generator import write; "
    program += "write(5_000, Path(sys.argv[1]))"
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", program, str(tmp_path / seed)]
        subprocess.run(command, env=environment, check=True)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_there_are_sixteen_classes_of_query() -> None:
    """As many as the targets are counted in."""
    assert (len(CLASSES), len(HEAVIER)) == (16, 16)


@pytest.mark.parametrize("text", [*CLASSES.values(), *HEAVIER.values()])
def test_a_query_class_finds_something(text: str, store: Store) -> None:
    """A class without an answer would measure nothing."""
    answer = store.query(text)
    assert bool(answer) if isinstance(answer, QueryBoolean) else any(True for _ in answer)
