"""A store on disk behind the workers, and its new content."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from running_server import MODIFIED, RunningServer, running, wait_until

from sparql_endpoint.endpoint.about import About
from sparql_endpoint.errors import DataError
from sparql_endpoint.limits import MIB, Limits
from sparql_endpoint.server.data_source import Dataset, DataSource
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LIMITS = Limits(query_time=60, query_memory=64 * MIB, quick_places=2, max_queries_per_client=100)


@pytest.fixture
def folder(things: Path, tmp_path: Path) -> Path:
    """Return a folder with one generation of a store, of ``things``."""
    load([things], tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def server(folder: Path) -> Iterator[RunningServer]:
    """Return a server of the store on disk."""
    source = DataSource(store=str(folder))
    with running(folder, LIMITS, source=source, dataset=source.dataset()) as started:
        yield started


def _count(server: RunningServer) -> bytes:
    return server.ask(f"{COUNT} # {time.monotonic()}").body


def test_every_worker_reads_the_store_for_itself(server: RunningServer) -> None:
    """They give the same answer."""
    assert [_count(server) for _ in range(3)] == [b"n\r\n15000\r\n"] * 3


def test_memory_is_limited_over_a_store_on_disk(server: RunningServer) -> None:
    """What a query sorts is its own memory, wherever the data lie."""
    answer = server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f")
    assert (answer.status, answer.problem) == (503, "query-memory")
    assert _count(server) == b"n\r\n15000\r\n"


def test_a_new_load_is_taken_up_without_a_failed_request(
    server: RunningServer, folder: Path, tmp_path: Path
) -> None:
    """Requests go on while the content changes, on kept connections too, and end up on the new."""
    more = tmp_path / "more.nt"
    more.write_text('<http://e/7> <http://e/label> "only this" .\n')
    counts: list[bytes] = []
    over = threading.Event()

    def ask_on() -> None:
        link = server.connect()
        while not over.is_set():
            counts.append(server.ask(f"{COUNT} # {time.monotonic()}", link).body)
        link.close()

    threads = [threading.Thread(target=ask_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    load([more], folder)
    assert wait_until(lambda: counts and counts[-1] == b"n\r\n1\r\n")
    over.set()
    for thread in threads:
        thread.join()
    assert set(counts) == {b"n\r\n15000\r\n", b"n\r\n1\r\n"}
    assert wait_until(lambda: not server.listener.pools.retired)


def test_a_new_load_changes_the_entity_tag(
    server: RunningServer, folder: Path, tmp_path: Path
) -> None:
    """A client that has the old answer is given the new one."""
    first = server.ask(COUNT)
    more = tmp_path / "more.nt"
    more.write_text('<http://e/7> <http://e/label> "only this" .\n')
    load([more], folder)
    assert wait_until(lambda: server.ask(COUNT, If_None_Match=first.headers["ETag"]).status == 200)


def test_a_new_content_that_cannot_be_served_leaves_the_old(
    server: RunningServer, folder: Path
) -> None:
    """Queries are answered as before."""
    (current(folder) / "CURRENT").write_bytes(b"broken\n")
    time.sleep(1.5)
    assert _count(server) == b"n\r\n15000\r\n"


def test_a_folder_without_a_store_is_reported(tmp_path: Path) -> None:
    """A server over nothing does not start."""
    about = About("1", MODIFIED)
    dataset = Dataset(partial(open_read_only, tmp_path / "nowhere"), about, per_worker=True)
    with (
        pytest.raises(DataError, match="cannot be opened as a store"),
        running(tmp_path, LIMITS, dataset=dataset),
    ):
        pass


def test_a_store_that_goes_away_is_reported(server: RunningServer, folder: Path) -> None:
    """When no worker can open the store any more, a query is refused and does not wait."""
    shutil.rmtree(current(folder))
    for pid in server.workers:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: _refusal(server).startswith("no worker can be started: "))


def _refusal(server: RunningServer) -> str:
    answer = server.ask(f"{COUNT} # {time.monotonic()}")
    return str(json.loads(answer.body)["detail"]) if answer.status == 503 else ""
