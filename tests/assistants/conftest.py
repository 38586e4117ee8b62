"""An endpoint of ours with the project's data, and a way to call tools over each transport."""

import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from in_a_thread import run
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from running_server import running, wait_until

from sparql_endpoint.server.data_source import DataSource

COMMAND = ["-m", "sparql_endpoint", "mcp"]
Use = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Yield the address of a server with the project's data."""
    source = DataSource()
    with running(Path(), source=source, dataset=source.dataset()) as server:
        yield f"http://127.0.0.1:{server.port}/"


@pytest.fixture(params=["stdio", "http"])
def use(request: pytest.FixtureRequest, endpoint: str) -> Iterator[Callable[[Use], Any]]:
    """Yield a function that runs a task with a client of the command, over each transport."""
    arguments = [*COMMAND, "--url", endpoint]
    if request.param == "stdio":
        parameters = StdioServerParameters(command=sys.executable, args=arguments)
        yield lambda task: _run(task, stdio_client(parameters))
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, *arguments, "--http", "--port", str(port)], stdout=subprocess.PIPE
    ) as process:
        try:
            assert wait_until(lambda: _listens(port))
            yield lambda task: _run(task, f"http://127.0.0.1:{port}/mcp")
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as link:
        return link.connect_ex(("127.0.0.1", port)) == 0


def _run(task: Use, server: Any) -> Any:
    async def main() -> Any:
        async with Client(server) as client:
            return await task(client)

    return run(main)
