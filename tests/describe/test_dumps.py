"""How the files of a dataset are made: once, by a task beside the requests, and never half."""

import gc
import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse
from query_runners import CountingRunner

from sparql_endpoint.app import TASKS, Shared, create_app
from sparql_endpoint.describe.dumps import TASK, dump, dump_names, dumps, version, write_all
from sparql_endpoint.describe.void_counts import statistics
from sparql_endpoint.endpoint.service import About, Service, service
from sparql_endpoint.errors import ResultTooLargeError, ServerBusyError, UsageError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import KIB, MIB, Limits
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

TRIPLES = 3000
TRIPLE_TERM = b"<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> ."


@pytest.fixture
def counting(store: Store) -> CountingRunner:
    """Return a runner over the small dataset."""
    return CountingRunner(store)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a triple for each of some thousand numbers, half of them in a graph."""
    path = tmp_path_factory.mktemp("numbers") / "numbers.nq"
    lines = (f'<http://e/{n}> <http://e/p> "{n}"' for n in range(TRIPLES))
    path.write_text("".join(f"{s} {'<http://e/g>' * (n % 2)} .\n" for n, s in enumerate(lines)))
    return path


def served(
    runner: QueryRunner,
    about: About,
    folder: Path | None = None,
    start_task: Callable[[str], None] | None = None,
) -> Service:
    """Return what an application serves; with ``folder``, as one of the workers of a server."""
    shared = Shared(folder, start_task=start_task) if folder else None
    return service(create_app(runner, about, shared=shared))


def named(of: Service, ending: str) -> str:
    """Return the name of a file."""
    return f"{version(of)}.{ending}"


def quads(of: Service, ending: str, fmt: RdfFormat) -> set[Quad]:
    """Return what a file holds."""
    return set(parse(dump(of, named(of, ending)).file.read_bytes(), fmt))


@pytest.mark.parametrize("buffer_bytes", [0, 4 * MIB])
def test_files_are_written_whole(numbers: Path, about: About, buffer_bytes: int) -> None:
    """However long an answer is, and whatever the limit on the rows of clients."""
    store = load_files([numbers])
    limits = Limits(buffer_bytes=buffer_bytes, max_rows=1)
    of = served(QueryRunner.over(store, limits=limits), about)
    assert quads(of, "nq", RdfFormat.N_QUADS) == set(store)


def test_a_store_on_disk_has_files(numbers: Path, tmp_path: Path, about: About) -> None:
    """As files in memory have."""
    load([numbers], tmp_path / "store")
    opened = open_read_only(current(tmp_path / "store"))
    of = served(QueryRunner.over(opened), about)
    expected = {quad for quad in load_files([numbers]) if quad == Quad(*quad.triple)}
    assert quads(of, "ttl", RdfFormat.TURTLE) == expected


@pytest.mark.parametrize("buffer_bytes", [0, 4 * MIB])
def test_what_a_limit_cuts_is_no_file(numbers: Path, about: About, buffer_bytes: int) -> None:
    """It would be said to be the whole dataset."""
    limits = Limits(buffer_bytes=buffer_bytes, max_result_bytes=KIB)
    of = served(QueryRunner.over(load_files([numbers]), limits=limits), about)
    for ending in ("ttl.gz", "ttl"):
        with pytest.raises(ResultTooLargeError):
            dump(of, named(of, ending))
    assert dumps(of) == {}


def test_if_the_task_ends_early_no_half_of_a_file_is_served(
    counting: CountingRunner, about: About, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the machine is out of memory: it is made again."""
    of = served(counting, about)

    def ending(*_: object, **__: object) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("sparql_endpoint.describe.dumps.gzip.compress", ending)
        with pytest.raises(MemoryError):
            dump(of, named(of, "nt"))
    packed = dump(of, named(of, "nt.gz")).file.read_bytes()
    assert gzip.decompress(packed) == dump(of, named(of, "nt")).file.read_bytes()


def test_the_files_are_gone_with_the_application(counting: CountingRunner, about: About) -> None:
    """Nothing is left on the disk."""
    of = served(counting, about)
    folder = of.folder
    assert dump(of, named(of, "nt")).file.is_relative_to(folder)
    assert all(entry.file.stat().st_size == entry.size for entry in dumps(of).values())
    del of
    gc.collect()
    assert not folder.exists()


def test_all_files_are_made_in_one_go(counting: CountingRunner, about: About) -> None:
    """The dataset is read once for them, and not again for one of them; in a fixed order."""
    of = served(counting, about)
    statistics(of)
    counting.asked.clear()
    made = dumps(of)
    assert tuple(made) == dump_names(of, statistics(of))
    assert len(made) == 12
    assert len(counting.asked) == 2
    assert dumps(of) == made
    assert dump(of, named(of, "ttl.gz")) == made[named(of, "ttl.gz")]
    assert len(counting.asked) == 2


def test_a_dataset_that_is_a_merge_is_asked_of_its_graphs_only(
    counting: CountingRunner, about: About
) -> None:
    """What the default graph holds stands in them."""
    of = served(counting, replace(about, own=True))
    assert len(quads(of, "nq", RdfFormat.N_QUADS)) == 2


def test_why_a_format_cannot_hold_the_data_is_known_from_then_on(about: About) -> None:
    """The dataset is not read again to find it out."""
    store = Store()
    store.load(TRIPLE_TERM, RdfFormat.TURTLE)
    runner = CountingRunner(store)
    of = served(runner, about)
    assert len(dumps(of)) == 10
    runner.asked.clear()
    for _ in range(2):
        with pytest.raises(UsageError, match="cannot hold the triple term"):
            dump(of, named(of, "jsonld"))
    assert runner.asked == []


def test_a_worker_has_the_files_made_by_a_task(
    counting: CountingRunner, about: About, tmp_path: Path
) -> None:
    """It answers no request meanwhile that takes long, and finds what the task wrote."""
    started: list[str] = []

    def start(name: str) -> None:
        started.append(name)
        TASKS[name](served(QueryRunner.over(counting.store), about, tmp_path))

    of = served(counting, about, tmp_path, start)
    statistics(of)
    counting.asked.clear()
    assert dump(of, named(of, "nt")).size > 0
    assert (started, counting.asked) == ([TASK], [])


def test_a_file_that_is_there_waits_for_none_in_the_making(
    store: Store, about: About, tmp_path: Path
) -> None:
    """A reader of the one gets it; the reader of the other is told to come again."""
    runner = QueryRunner.over(store, limits=Limits(query_time=0.1))
    of = served(runner, about, tmp_path, lambda _: None)
    write_all(of)
    for file in (tmp_path / "dumps" / version(of)).glob("trig*"):
        file.unlink()
    assert dump(of, named(of, "nt")).size > 0
    with pytest.raises(ServerBusyError, match="being written") as busy:
        dump(of, named(of, "trig"))
    assert busy.value.retry_after > 0
