"""Hostile queries without pause, in short; ``benchmarks/hostile.py`` measures the long form."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from sparql_endpoint.engine.engine import Engine

from benchmarks.hostile import Storm, memory_of
from benchmarks.storm import HOSTILE
from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import MIB, Limits
from sparql_endpoint.query.evaluation import Query

ENDED_BY_LIMITS = {
    "QueryTimeoutError",
    "QueryMemoryError",
    "ResultTooLargeError",
    "ServerBusyError",
    "TooManyRequestsError",
    "QueryCancelledError",
    "complete",
}


def _ask_on(engine: Engine, seconds: float) -> list[float]:
    """Ask a trivial query again and again; return how long each answer took."""
    query = Query("SELECT ?o { <http://e/7> <http://e/label> ?o }", "csv", client="somebody")
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        assert engine.run(query).read() == b"o\r\nthing 7\r\n"
        taken.append(time.monotonic() - begun)
        time.sleep(0.01)
    return taken


@pytest.mark.parametrize("clients", [16, 1])
def test_trivial_query_is_answered_beside_hostile_ones(
    things: Path, tight: Limits, clients: int
) -> None:
    """While 16 threads ask the worst there is, nobody else's query fails or waits long.

    They are 16 clients or one, and what they held is free again afterwards.
    """
    limits = replace(tight, query_time=1.0, total_memory=512 * MIB)
    with Engine(partial(load_files, [things]), limits) as engine:
        _ask_on(engine, 0.2)
        before = memory_of(engine)
        with Storm(engine, [f"hostile-{n % clients}" for n in range(16)]) as storm:
            taken = _ask_on(engine, 3)
            held = memory_of(engine)
        assert set(storm.outcomes) <= ENDED_BY_LIMITS
        assert storm.outcomes["QueryTimeoutError"] > 0
        assert median(taken) < 0.5
        assert held < before + 2 * limits.total_memory
        assert _is_freed(engine, before)


def _is_freed(engine: Engine, before: int) -> bool:
    """Wait for the memory to come back: at most what children kept ready may keep."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        standing = engine.statistics()
        if standing.running == 0 and memory_of(engine) < before + 64 * MIB:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_query_is_ended_and_told(hasty: Engine, name: str) -> None:
    """Alone too, none of them runs on, and none crashes more than its process."""
    begun = time.monotonic()
    try:
        with hasty.run(Query(HOSTILE[name])) as result:
            result.read()
        outcome = "complete"
    except ForumGraphError as error:
        outcome = type(error).__name__
    assert outcome in ENDED_BY_LIMITS
    assert time.monotonic() - begun < hasty.limits.query_time + hasty.limits.delivery_time


def test_queries_that_together_want_too_much_memory_are_ended(things: Path) -> None:
    """Each alone is within its own limit; the one that holds most is ended, until the rest fits."""
    limits = Limits(query_time=60, query_memory=2048 * MIB, total_memory=96 * MIB)
    told: list[str] = []

    def ask(engine: Engine) -> None:
        try:
            engine.run(Query(HOSTILE["giant order"])).read()
        except ForumGraphError as error:
            told.append(str(error))

    with Engine(partial(load_files, [things]), limits) as engine:
        threads = [threading.Thread(target=ask, args=(engine,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(50)
    assert len(told) == 3
    assert all("all queries together want more than 96 MiB" in text for text in told), told


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_is_left_open(things: Path) -> None:
    """Queries that ended in every way leave no open file in the front process."""
    with Engine(partial(load_files, [things]), Limits(query_time=0.3)) as engine:
        _ask_on(engine, 0.2)
        before = _open_files()
        for text in HOSTILE.values():
            with suppress(ForumGraphError):
                engine.run(Query(text, max_rows=5, whole=True))
        assert _is_freed(engine, memory_of(engine))
        assert _open_files() <= before + 4
