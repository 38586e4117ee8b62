"""Hostile queries without pause, in short; ``benchmarks.hostile_http`` measures the long form."""

import json
import threading
import time
from collections import Counter
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from running_server import RunningServer, running, wait_until

from benchmarks.storm import HOSTILE
from sparql_endpoint.limits import MIB, Limits

ENDED = {200, 429, 503}


def _ask_on(server: RunningServer, seconds: float) -> int:
    """Ask a trivial query again and again; return how many answers came."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        answer = server.ask(f"SELECT ?o {{ <http://e/7> <http://e/label> ?o }} # {number}")
        assert answer.body == b"o\r\nthing 7\r\n"
    return number


def test_a_trivial_query_is_answered_beside_hostile_ones(things: Path, tight: Limits) -> None:
    """While 16 clients ask the worst there is, another has more answers than all of them.

    What they held is free again afterwards.
    """
    limits = replace(tight, query_time=1.0, total_memory=512 * MIB)
    over, statuses = threading.Event(), Counter[int]()

    def attack(server: RunningServer, number: int) -> None:
        for query in cycle([*HOSTILE.values()][number:] + [*HOSTILE.values()][:number]):
            if over.is_set():
                return
            statuses[server.ask(f"{query} # {time.monotonic()}").status] += 1

    with running(things, limits) as server:
        threads = [threading.Thread(target=attack, args=(server, n)) for n in range(16)]
        for thread in threads:
            thread.start()
        trivial = _ask_on(server, 3)
        over.set()
        for thread in threads:
            thread.join()
        assert set(statuses) <= ENDED
        assert statuses[503] > 0
        assert trivial > statuses.total()
        assert wait_until(lambda: server.figures()["request_memory_bytes"] < 64 * MIB)
        assert not server.busy


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_query_is_ended_and_told(hasty: RunningServer, name: str) -> None:
    """Alone too, none of them runs on, and none crashes more than its process."""
    assert hasty.ask(HOSTILE[name]).status in ENDED
    assert wait_until(lambda: not hasty.busy)


def test_queries_that_together_want_too_much_memory_are_ended(things: Path) -> None:
    """Each alone is within its own limit; the one that holds most is ended, until the rest fits."""
    limits = Limits(query_time=60, query_memory=2048 * MIB, total_memory=96 * MIB)
    details: list[str] = []

    def ask(server: RunningServer, number: int) -> None:
        answer = server.ask(f"{HOSTILE['giant order']} # {number}")
        details.append(json.loads(answer.body)["detail"])

    with running(things, limits) as server:
        threads = [threading.Thread(target=ask, args=(server, n)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(50)
    assert len(details) == 3
    assert all("all queries together wanted more than 96 MiB" in text for text in details), details
