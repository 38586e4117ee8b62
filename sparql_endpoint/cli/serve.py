"""``forumgraph serve``: the SPARQL endpoint and its pages over HTTP."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from sparql_endpoint.web.settings import Settings, environment_name

__all__ = ["command"]


def _settings_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give ``function`` an option for each setting, with its environment variable."""
    for entry in reversed(fields(Settings)):
        function = click.option(
            f"--{entry.name.replace('_', '-')}",
            type=click.IntRange(min=0),
            default=entry.default,
            show_default=True,
            envvar=environment_name(entry.name),
            show_envvar=True,
            help=entry.metadata["help"],
        )(function)
    return function


@click.command(
    epilog="Examples:\n\n  forumgraph serve\n\n  forumgraph serve --port 8080 --data mine.ttl"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path),
    help="RDF file to serve instead of the project's data; may be given several times.",
)
@_settings_options
def command(host: str, port: int, data: tuple[Path, ...], **settings: Any) -> None:
    """Serve the graph over HTTP: a SPARQL endpoint at /sparql, and pages to ask it by hand."""
    from sparql_endpoint.web.app import create_app  # noqa: PLC0415  # not needed for --help
    from sparql_endpoint.web.loaded import load  # noqa: PLC0415  # as above
    from sparql_endpoint.web.runner import InProcessRunner  # noqa: PLC0415  # as above
    from sparql_endpoint.web.server import Server, listen, web_address  # noqa: PLC0415  # as above

    chosen = Settings(**settings)
    listener = listen(host, port)
    store, about = load(data)
    app = create_app(InProcessRunner(store), about, chosen)
    address = web_address(listener)
    greeting = (
        f"Serving {len(store):,} quads at {address}\n"
        f"Open that in a browser, or ask {address}sparql by program. Ctrl+C stops it."
    )
    Server(app, listener, chosen, ready=lambda: click.echo(greeting)).run()
