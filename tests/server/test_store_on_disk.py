"""Queries over a store on disk."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sparql_endpoint.engine.engine import Engine

from sparql_endpoint.errors import DataError, QueryCrashedError, QueryMemoryError, ServerBusyError
from sparql_endpoint.limits import MIB, Limits
from sparql_endpoint.query.evaluation import Query
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def folder(things: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one generation of a store, of ``things``."""
    path = tmp_path_factory.mktemp("disk") / "store"
    load([things], path)
    return path


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    """Return an engine over the store on disk."""
    limits = Limits(query_time=60, query_memory=64 * MIB, buffer_bytes=0)
    with Engine(partial(open_read_only, current(folder)), limits, per_child=True) as running:
        yield running


def _count(engine: Engine) -> bytes:
    return engine.run(Query(COUNT, "csv")).read()


def test_store_on_disk_answers(engine: Engine) -> None:
    """Every child reads the store for itself."""
    assert [_count(engine) for _ in range(3)] == [b"n\r\n15000\r\n"] * 3


def test_memory_is_limited_over_a_store_on_disk(engine: Engine) -> None:
    """What a query sorts is its own memory, wherever the data lie."""
    with pytest.raises(QueryMemoryError):
        engine.run(Query("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"))
    assert _count(engine) == b"n\r\n15000\r\n"


def test_killed_child_leaves_the_store_as_it_was(engine: Engine) -> None:
    """A process that is killed while it reads breaks nothing."""
    result = engine.run(Query("SELECT * { ?s ?p ?o }", "csv"))
    next(result)
    for ticket in engine._dynasty.scheduler.under_way():
        assert ticket.child is not None
        os.kill(ticket.child.pid, signal.SIGKILL)
    with pytest.raises(QueryCrashedError):
        result.read()
    assert _count(engine) == b"n\r\n15000\r\n"


def test_new_generation_is_swapped_in(engine: Engine, folder: Path, tmp_path: Path) -> None:
    """What was loaded under a running engine is answered from when it is told; no query fails."""
    more = tmp_path / "more.nt"
    more.write_text('<http://e/7> <http://e/label> "only this" .\n')
    under_way = engine.run(Query("SELECT * { ?s ?p ?o }", "csv"))
    load([more], folder)
    engine.swap(partial(open_read_only, current(folder)), per_child=True)
    assert _count(engine) == b"n\r\n1\r\n"
    assert under_way.read().count(b"\r\n") == 15_001


def test_folder_without_a_store_is_told(tmp_path: Path) -> None:
    """An engine over nothing does not start."""
    with pytest.raises(DataError, match="cannot be opened as a store"):
        Engine(partial(open_read_only, tmp_path / "nowhere"), per_child=True)


def test_store_that_goes_away_is_told(things: Path, tmp_path: Path) -> None:
    """When no process can open the store any more, a query is refused and does not wait."""
    load([things], tmp_path)
    folder = current(tmp_path)
    with Engine(partial(open_read_only, folder), per_child=True) as engine:
        assert _count(engine) == b"n\r\n15000\r\n"
        shutil.rmtree(folder)
        for child in list(engine._dynasty.current.children.values()):
            child.kill()
        with pytest.raises(ServerBusyError, match="no process can be started: "):
            _ask_until_refused(engine)


def _ask_until_refused(engine: Engine) -> None:
    for _ in range(100):
        with contextlib.suppress(QueryCrashedError):
            _count(engine)
