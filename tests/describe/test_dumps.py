"""How the files of a dataset are made: beside the server, once, and leaving nothing behind."""

import gc
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse
from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.scheduler import LOWEST

from sparql_endpoint.describe.dumps import Dumps
from sparql_endpoint.describe.void_counts import Statistics, count_all
from sparql_endpoint.errors import QueryCrashedError, ResultTooLargeError, UsageError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import MIB, Limits
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.evaluation import EngineRunner, Query, QueryRunner, Result
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

TRIPLES = 3000
LIMITS = Limits(query_time=60, quick_places=2)
MODULES_AFTERWARDS = """
import sys
from pyoxigraph import RdfFormat, Store
from sparql_endpoint.describe.dumps import Dumps
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.describe.void_counts import count_all
store = Store()
store.load(b'<http://e/a> <http://e/p> "o" .', RdfFormat.N_TRIPLES)
runner = QueryRunner.over(store)
made = Dumps(runner, "1", most_triples=9, merged=False).all(count_all(runner))
print(len(made), sorted(m for m in sys.modules if m == "rdflib" or ".export." in m))
"""
BEGIN_MANY = """
import sys
from pathlib import Path
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.describe.dumps import Dumps
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.describe.void_counts import count_all
runner = QueryRunner.over(load_files([Path(sys.argv[1])]))
dumps = Dumps(runner, "1", most_triples=10**6, merged=False)
while True:
    dumps.all(count_all(runner))
    dumps = Dumps(runner, "1", most_triples=10**6, merged=False)
"""


class Counting:
    """A runner that keeps what it is asked, and waits to be let go where it is told to."""

    def __init__(self, store: Store) -> None:
        self._runner = QueryRunner.over(store)
        self.asked: list[str] = []
        self.asking, self.go = threading.Event(), threading.Event()
        self.go.set()

    def run(self, query: Query) -> Result:
        self.asked.append(query.text)
        self.asking.set()
        assert self.go.wait(20)
        return self._runner.run(query)


@pytest.fixture
def counting(store: Store) -> Counting:
    """Return a runner over the small dataset."""
    return Counting(store)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a triple for each of some thousand numbers, half of them in a graph."""
    path = tmp_path_factory.mktemp("numbers") / "numbers.nq"
    lines = (f'<http://e/{n}> <http://e/p> "{n}"' for n in range(TRIPLES))
    path.write_text("".join(f"{s} {'<http://e/g>' * (n % 2)} .\n" for n, s in enumerate(lines)))
    return path


@contextmanager
def running(
    load: Callable[[], Store], limits: Limits, *, per_child: bool = False
) -> Iterator[EngineRunner]:
    """Answer by processes over what ``load`` loads."""
    with Engine(load, limits, per_child=per_child, prefixes=PREFIXES) as engine:
        yield EngineRunner(engine)


def dumps_of(runner: QueryRunner, *, merged: bool = False) -> tuple[Dumps, Statistics]:
    """Return the files of what a runner has, none of them made, and its counts."""
    return Dumps(runner, "1", most_triples=10**6, merged=merged), count_all(runner)


def latest(dumps: Dumps, ending: str) -> str:
    """Return the name of a file."""
    return f"{dumps.version}.{ending}"


def descriptors() -> int:
    """Return how many files this process has open."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_file_is_written_by_the_process_that_serves() -> None:
    """It has never imported what writes them: the work is another's, and keeps no query waiting."""
    done = subprocess.run(
        [sys.executable, "-c", MODULES_AFTERWARDS], capture_output=True, check=True, text=True
    )
    assert done.stdout == "12 []\n"


def test_the_process_that_writes_gives_way_as_a_slow_query_does(
    counting: Counting, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Queries come first, whatever is being prepared."""
    program = (
        "import os, sys; from sparql_endpoint.web.rendering import main; before = os.nice(0);"
        "main(); sys.stderr.write(f'{before} {os.nice(0)}')"
    )
    monkeypatch.setattr("sparql_endpoint.describe.dumps._PROGRAM", program)
    dumps, counts = dumps_of(counting)
    dumps.get(latest(dumps, "nt"), counts)
    before, after = map(int, capfd.readouterr().err.split())
    assert after == min(before + LOWEST, 19)


def test_it_ends_with_the_process_that_serves(numbers: Path) -> None:
    """However that one ends, nobody goes on writing what nobody will read."""
    server = subprocess.Popen([sys.executable, "-c", BEGIN_MANY, str(numbers)])
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    end = time.monotonic() + 30
    while not (found := children.read_text().split()) and time.monotonic() < end:
        time.sleep(0.01)
    writer = os.pidfd_open(int(found[0]))
    server.kill()
    server.wait()
    ended, _, _ = select.select([writer], [], [], 20)
    os.close(writer)
    assert ended == [writer]


@pytest.mark.parametrize("buffer_bytes", [0, 4 * MIB])
def test_answers_of_the_engine_are_written_whole(numbers: Path, buffer_bytes: int) -> None:
    """Whether they stream or come at once, and where they have just as many rows as they may."""
    limits = replace(LIMITS, buffer_bytes=buffer_bytes, max_rows=TRIPLES // 2)
    with running(partial(load_files, [numbers]), limits) as runner:
        dumps, counts = dumps_of(runner)
        found = parse(dumps.get(latest(dumps, "nq"), counts).file.read_bytes(), RdfFormat.N_QUADS)
    assert set(found) == set(load_files([numbers]))


def test_a_store_on_disk_has_files(numbers: Path, tmp_path: Path) -> None:
    """Each process that answers opens it for itself."""
    load([numbers], tmp_path / "store")
    opened = partial(open_read_only, current(tmp_path / "store"))
    with running(opened, LIMITS, per_child=True) as runner:
        dumps, counts = dumps_of(runner)
        found = parse(dumps.get(latest(dumps, "ttl"), counts).file.read_bytes(), RdfFormat.TURTLE)
    assert set(found) == {quad for quad in load_files([numbers]) if quad == Quad(*quad.triple)}


@pytest.mark.parametrize("buffer_bytes", [0, 4 * MIB])
def test_what_a_limit_cuts_is_no_file(numbers: Path, buffer_bytes: int) -> None:
    """It would be said to be the whole dataset."""
    limits = replace(LIMITS, buffer_bytes=buffer_bytes, max_rows=TRIPLES // 2 - 1)
    with running(partial(load_files, [numbers]), limits) as runner:
        dumps, counts = dumps_of(runner)
        for ending in ("ttl.gz", "ttl"):
            with pytest.raises(ResultTooLargeError):
                dumps.get(latest(dumps, ending), counts)
        assert dumps.all(counts) == {}


def test_if_the_process_dies_it_is_told_and_tried_again(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the machine is out of memory: half a file is never served."""
    dumps, counts = dumps_of(counting)
    before = descriptors()
    with monkeypatch.context() as patched:
        patched.setattr(
            "sparql_endpoint.describe.dumps._PROGRAM", "import os; os.kill(os.getpid(), 9)"
        )
        with pytest.raises(QueryCrashedError, match=r"died \(status -9\)"):
            dumps.get(latest(dumps, "nt"), counts)
    assert descriptors() == before
    assert dumps.get(latest(dumps, "nt"), counts).size > 0


def test_nothing_lies_on_the_disk_by_name(
    counting: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So nothing is left there however the server ends; the files are there as long as it is."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = descriptors()
    dumps, counts = dumps_of(counting)
    made = dumps.all(counts)
    assert list(tmp_path.iterdir()) == []
    assert [dump.file.stat().st_size for dump in made.values()] == [d.size for d in made.values()]
    assert descriptors() > before
    del dumps
    assert descriptors() == before


def test_all_files_are_made_in_one_go(counting: Counting) -> None:
    """The dataset is read once for them, and not again for one of them; in a fixed order."""
    dumps, counts = dumps_of(counting)
    dumps.get(latest(dumps, "nq"), counts)
    counting.asked.clear()
    made = dumps.all(counts)
    assert tuple(made) == dumps.names(counts)
    assert len(counting.asked) == 2
    assert dumps.all(counts) == made
    assert dumps.get(latest(dumps, "ttl.gz"), counts) == made[latest(dumps, "ttl.gz")]
    assert len(counting.asked) == 2


def test_a_dataset_that_is_a_merge_is_asked_of_its_graphs_only(counting: Counting) -> None:
    """What the default graph holds stands in them."""
    dumps, counts = dumps_of(counting, merged=True)
    counting.asked.clear()
    found = parse(dumps.get(latest(dumps, "nq"), counts).file.read_bytes(), RdfFormat.N_QUADS)
    assert len(counting.asked) == 1
    assert len(set(found)) == 2


def test_why_a_format_cannot_hold_the_data_is_known_from_then_on() -> None:
    """The dataset is not read again to find it out."""
    store = Store()
    store.load(b"<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> .", RdfFormat.TURTLE)
    runner = Counting(store)
    dumps, counts = dumps_of(runner)
    assert len(dumps.all(counts)) == 10
    runner.asked.clear()
    for _ in range(2):
        with pytest.raises(UsageError, match="no triple terms"):
            dumps.get(latest(dumps, "jsonld"), counts)
    assert runner.asked == []


def test_a_file_that_is_there_waits_for_none_in_the_making(counting: Counting) -> None:
    """A reader of the one is not kept by the reader of the other."""
    dumps, counts = dumps_of(counting)
    there = dumps.get(latest(dumps, "nt"), counts)
    counting.asking.clear()
    counting.go.clear()
    other = threading.Thread(target=dumps.all, args=[counts])
    other.start()
    assert counting.asking.wait(20)
    assert dumps.get(latest(dumps, "nt.gz"), counts).name == f"{there.name}.gz"
    counting.go.set()
    other.join()
