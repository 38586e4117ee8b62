"""A server with real workers, whose listener runs in a thread of the test."""

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Store

from sparql_endpoint.endpoint.about import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import Limits
from sparql_endpoint.server.address import listen
from sparql_endpoint.server.application import make_app
from sparql_endpoint.server.data_source import Dataset, DataSource
from sparql_endpoint.server.fork_server import PoolConfig
from sparql_endpoint.server.listener import Listener

__all__ = ["Answer", "RunningServer", "running", "wait_until"]

MODIFIED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def wait_until(true: Callable[[], object], seconds: float = 20) -> bool:
    """Return whether ``true`` becomes so in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@dataclass
class Answer:
    """A response that was read to its end."""

    status: int
    headers: Any
    body: bytes

    @property
    def problem(self) -> str:
        """The name of the problem that it tells, empty for none and for one without a type."""
        return str(json.loads(self.body)["type"]).rpartition("/")[2]


class RunningServer:
    """A server over a dataset; ``error`` is why it ended, if it did so by itself."""

    def __init__(self, source: DataSource, config: PoolConfig) -> None:
        self.error: BaseException | None = None
        self._ready = threading.Event()
        self.sock = listen("127.0.0.1", 0)
        self.port: int = self.sock.getsockname()[1]
        try:
            self.listener = Listener(self.sock, source, config, self._ready.set)
        except BaseException:
            self.sock.close()
            raise
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        while not self._ready.wait(0.05) and self._thread.is_alive():
            pass

    def _run(self) -> None:
        try:
            self.listener.run()
        except BaseException as error:  # a test looks at it
            self.error = error
            if self._ready.is_set():
                raise

    def connect(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def get(self, path: str, link: socket.socket | None = None, **headers: str) -> Answer:
        """Return the answer to a GET, over a connection that is there or one of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if link is not None:
            connection.sock = link
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        if link is None:
            connection.close()
        return answer

    def ask(self, query: str, link: socket.socket | None = None, **headers: str) -> Answer:
        """Return the answer to a query, as CSV unless ``Accept`` says otherwise."""
        headers.setdefault("Accept", "text/csv, application/n-triples;q=0.9")
        return self.get(f"/sparql?{urlencode({'query': query})}", link, **headers)

    def say(self, *parts: bytes, half_close: bool = False) -> list[Answer]:
        """Return the answer to what is sent over one connection, a list without any if none."""
        with closing(self.connect()) as link:
            for part in parts:
                link.sendall(part)
            if half_close:
                link.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(link)
            try:
                response.begin()
            except http.client.RemoteDisconnected:
                return []
            return [Answer(response.status, response.headers, response.read())]

    def figures(self) -> dict[str, int]:
        """Return what the listener has counted; it writes its figures down now and then."""
        time.sleep(0.6)
        return dict(self.listener.state.figures())

    @property
    def workers(self) -> list[int]:
        """The process numbers of the workers."""
        return list(self.listener.pools.current.workers)

    @property
    def busy(self) -> list[int]:
        """The process numbers of the workers that answer a request."""
        return [worker.pid for worker in list(self.listener.pools.current.busy)]

    @property
    def fork_server(self) -> int:
        """The process number of the fork server."""
        return self.listener.pools.current.fork_server.pid

    def stop(self) -> None:
        """Have it stop, and wait until it has."""
        if self._thread.is_alive():
            self.listener.stop()
        self._thread.join(60)
        self.sock.close()


@contextmanager
def running(  # noqa: PLR0913  # all by name
    data: Path | Callable[[], Store],
    limits: Limits | None = None,
    *,
    source: DataSource | None = None,
    dataset: Dataset | None = None,
    application: Any = make_app,
    local_services: bool = False,
    **settings: Any,
) -> Iterator[RunningServer]:
    """Serve ``data``: a file, or a function that makes the store; else ``dataset``."""
    load = partial(load_files, [data]) if isinstance(data, Path) else data
    dataset = dataset or Dataset(load, About(os.urandom(8).hex(), MODIFIED))
    own = {"requests_per_second": 0, "stop_seconds": 0.0, **settings}
    config = PoolConfig(
        dataset,
        limits or Limits(query_time=60, max_queries_per_client=100),
        Settings(**own),
        Path(),
        application,
        local_services=local_services,
    )
    server = RunningServer(source or DataSource(), config)
    try:
        if server.error is not None:
            raise server.error
        yield server
    finally:
        server.stop()
