"""``forumgraph mcp``: the graph for assistants, by the Model Context Protocol."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from sparql_endpoint.cli.options import data_options
from sparql_endpoint.errors import UsageError
from sparql_endpoint.server.sandbox import die_with_parent

__all__ = ["command"]


@click.command(
    epilog="Examples:\n\n  forumgraph mcp\n\n  forumgraph mcp --url https://example.org/forumgraph/"
    "\n\n  forumgraph mcp --http --port 8001"
)
@click.option("--url", default="", help="Address of a server to ask, instead of one of its own.")
@data_options("ask")
@click.option("--http", is_flag=True, help="Serve streamable HTTP at /mcp instead of stdio.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address for --http.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
def command(  # noqa: PLR0913  # one argument an option
    url: str,
    data: tuple[Path, ...],
    data_format: str | None,
    *,
    http: bool,
    host: str,
    port: int,
) -> None:
    """Serve the graph to assistants by the Model Context Protocol (MCP), for reading only.

    It starts a server like that of 'forumgraph serve' on a port of this machine and asks it, so
    that every limit holds; --url asks another one.
    """
    from sparql_endpoint.assistants.endpoint_client import EndpointClient  # noqa: PLC0415  # 0.1 s
    from sparql_endpoint.assistants.server import make_server  # noqa: PLC0415  # an extra

    if url and data:
        raise UsageError("--url asks a server, and --data files: choose one of them")
    with _server(data, data_format, url) as address:
        server = make_server(EndpointClient(address))
        if not http:
            server.run("stdio")
            return
        click.echo(f"Serving MCP at http://{host}:{port}/mcp. Ctrl+C stops it.")
        server.run("streamable-http", host=host, port=port, json_response=True, stateless_http=True)


@contextmanager
def _server(data: tuple[Path, ...], data_format: str | None, url: str) -> Iterator[str]:
    """Yield the address of the server to ask; one of our own ends with this process.

    Raises:
        UsageError: our own does not start; why stands on standard error.
    """
    if url:
        yield url
        return
    arguments = [word for path in data for word in ("--data", str(path))]
    if data_format:
        arguments += ["--data-format", data_format]
    command = [sys.executable, "-m", "sparql_endpoint", "serve", "--port", "0", *arguments]
    parent = os.getpid()
    with subprocess.Popen(  # noqa: S603  # our own command
        command,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509  # no other thread runs yet
    ) as process:
        assert process.stdout is not None  # noqa: S101  # asked for above
        try:
            greeting = process.stdout.readline()
            if not greeting:
                raise UsageError("the server did not start")
            yield greeting.rpartition(" at ")[2].strip()
        finally:
            process.terminate()
