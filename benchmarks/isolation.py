"""Measures what it costs that a query runs in a worker that may be ended: time, and memory.

    python -m benchmarks.isolation                   100,000 and 1,000,000 triples
    python -m benchmarks.isolation --size 5000000    another size

Time: each query class is asked over one kept-alive connection of the server, and of one process
that holds the store and answers by the same code, without listener, fork server or limits; by
turns, and without a cache. Memory: what each worker holds alone before and after it has answered
all classes, beside what the store takes, and what a bare fork of a process with nothing but the
store copies when it reads all triples: the engine counts references in the store's pages, so that
to read them is to write to them.
"""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks import generator, latency
from benchmarks.command import run
from benchmarks.memory import added, family
from benchmarks.peers import Forumgraph
from benchmarks.storm import TRIVIAL
from benchmarks.table import megabytes, milliseconds, table
from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.about import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.server.http_request import RequestReader
from sparql_endpoint.server.shared_state import SharedState
from sparql_endpoint.server.worker import Worker

__all__ = ["measure"]

_SIZES = (100_000, 1_000_000)
_WARM_UP, _ROUNDS = 3, 25
_QUERIES = {"trivial": TRIVIAL, **latency.CLASSES}
_TOO_LONG = "export"
"""A class whose hundred thousand rows hide what a query costs by itself."""


def _ask(link: socket.socket, text: str) -> float:
    """Return the seconds of an answer over a connection."""
    began = time.perf_counter()
    path = f"/sparql?{urlencode({'query': latency.fresh(text)})}"
    link.sendall(f"GET {path} HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n".encode())
    head, _, body = link.recv(1 << 20).partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    size = len(body)
    while size < length:
        size += len(link.recv(1 << 20))
    return time.perf_counter() - began


def _answer_alone(data: Path, link: socket.socket, ready: int) -> None:
    """Answer what comes over one connection until it closes, in this process alone."""
    settings, limits = Settings(requests_per_second=0), Limits()
    runner = QueryRunner.over(load_files([data]), limits=limits)
    app = create_app(runner, About("1", datetime.now(UTC)), settings)
    channel, _ = socket.socketpair()
    worker = Worker(app.wsgi_app, channel, SharedState(1), 0, limits, settings)
    worker.warm_up()
    os.write(ready, b"\0")
    while request := link.recv(1 << 20):
        parsed = RequestReader(settings.max_body_bytes).feed(request)
        assert parsed is not None  # noqa: S101  # our own requests come whole
        response = worker._respond(parsed[0], "127.0.0.1", ("127.0.0.1", 80), None)  # noqa: SLF001  # a measurement looks inside
        link.sendall(response.head + response.body)
        for call in response.after:
            call()


@contextmanager
def _alone(data: Path) -> Iterator[Callable[[str], float]]:
    """Return a function that asks a process that answers alone, and returns the seconds."""
    result, ready = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
    for connection in (link, accepted):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pid = os.fork()
    if pid == 0:
        link.close()
        _answer_alone(data, accepted, ready)
        os._exit(0)
    accepted.close()
    os.read(result, 1)
    with link:
        yield partial(_ask, link)
    os.waitpid(pid, 0)


def _times(server: Forumgraph, data: Path) -> tuple[list[list[str]], float]:
    """Return rows of class, alone, by a worker and the difference; and the median of these."""
    rows, costs = [], []
    link = socket.create_connection(("127.0.0.1", server.port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with _alone(data) as alone, link:
        for name, text in _QUERIES.items():
            if name == _TOO_LONG:
                continue
            ways = [partial(alone, text), partial(_ask, link, text)]
            latency.in_turn(ways, _WARM_UP)
            direct, isolated = latency.in_turn(ways, _ROUNDS)
            costs.append(isolated - direct)
            numbers = (direct, isolated, isolated - direct)
            rows.append([name, *map(milliseconds, numbers), f"{isolated / direct:.2f}"])
    return rows, median(costs)


def _worker_memory(server: Forumgraph) -> list[int]:
    """Return the bytes that each worker holds alone, after many have answered every class."""
    texts = [text for name, text in latency.CLASSES.items() if name != _TOO_LONG]

    def ask(number: int) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as link:
            for turn in range(2 * len(texts)):
                _ask(link, texts[(number + turn) % len(texts)])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(1)
    return _held_alone(server)


def _held_alone(server: Forumgraph) -> list[int]:
    """Return the bytes that each worker holds alone."""
    _, _, *workers = family(server.pid)
    return [added(pid) for pid in workers]


def _in_fork(measured: Callable[[], str]) -> str:
    """Return what a fork of this process measures."""
    result, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(write_end, measured().encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(result) as reader:
        text = reader.read()
    os.waitpid(pid, 0)
    return text


def _store_memory(data: Path) -> str:
    """Return the bytes that the store of ``data`` takes alone, and those that a reader copies."""
    before = added(os.getpid())
    store = load_files([data])
    taken = added(os.getpid()) - before

    def read() -> str:
        bare = added(os.getpid())
        for _ in store:
            pass
        return str(added(os.getpid()) - bare)

    return f"{taken} {_in_fork(read)}"


def measure(wanted: Sequence[int], folder: Path) -> list[str]:
    """Return tables of the cost in time and memory on graphs of the ``wanted`` sizes."""
    lines, memory = [], []
    for size in wanted:
        print(f"asking {size:,} triples …", file=sys.stderr, flush=True)
        data = generator.write(size, folder / f"{size}.nt")
        server = Forumgraph(folder / str(size))
        server.start(data)
        rows, cost = _times(server, data)
        fresh = median(_held_alone(server))
        workers = _worker_memory(server)
        server.stop()
        store, read = map(int, _in_fork(partial(_store_memory, data)).split())
        lines += [f"{size:,} triples: {milliseconds(cost)} ms a query (median of the classes)", ""]
        lines += [*table(["class", "alone, ms", "worker, ms", "difference", "ratio"], rows), ""]
        each = median(workers)
        numbers = [store, read, fresh, each, max(workers)]
        memory.append(
            [f"{size:,}", *map(megabytes, numbers), str(len(workers)), f"{each / store:.1%}"]
        )
    head = ["triples", "store, MB", "copied by a bare reader", "worker before, MB"]
    head += ["worker (median)", "largest", "workers", "of the store"]
    return [*lines, *table(head, memory)]


if __name__ == "__main__":
    run("isolation", __doc__, _SIZES, measure)
