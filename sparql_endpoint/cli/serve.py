"""``forumgraph serve``: the SPARQL endpoint and its pages over HTTP."""

import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from sparql_endpoint.cli.options import data_options
from sparql_endpoint.endpoint import logs
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.errors import ForumGraphError, UsageError
from sparql_endpoint.limits import Limits
from sparql_endpoint.settings import Setting, settings_of

__all__ = ["command"]

_REMOTE_SHARE = 0.9
"""Share of a query's time after which a silent endpoint behind is told as such (504)."""


class _Value(click.ParamType[Any]):
    """The values that a setting takes."""

    def __init__(self, setting: Setting) -> None:
        self._setting, self.name = setting, setting.unit or setting.kind.__name__

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value that a text of the command line or the environment stands for."""
        try:
            return self._setting.parse(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)


def _option(setting: Setting) -> Callable[[Callable[..., None]], Callable[..., None]]:
    several = setting.kind is tuple
    return click.option(
        setting.flag,
        setting.name,
        type=str if several else _Value(setting),
        multiple=several,
        default=setting.default,
        show_default=True,
        envvar=setting.variable,
        show_envvar=True,
        help=setting.meaning,
    )


def _settings_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give ``function`` an option for each setting of the web and each limit of the engine."""
    for setting in reversed([*settings_of(Settings), *settings_of(Limits)]):
        function = _option(setting)(function)
    return function


@click.command(
    epilog="Examples:\n\n  forumgraph serve\n\n  forumgraph serve --port 8080 --data mine.ttl"
    "\n\n  forumgraph load dump.nq.gz --store ./big && forumgraph serve --store ./big"
    "\n\n  forumgraph serve --store http://localhost:7878/query"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@data_options("serve", "--format")
@click.option(
    "--store",
    default="",
    help="Folder of a store on disk, or URL of a SPARQL endpoint, to serve instead. The URL may set"
    " that endpoint's own time limit, as in 'https://example.org/sparql?timeout=9s'.",
)
@click.option(
    "--union-default-graph",
    "union",
    is_flag=True,
    help="Make the merge of all graphs in the files the default graph.",
)
@click.option(
    "--log-format",
    type=click.Choice(logs.FORMATS),
    default="text",
    show_default=True,
    help="How the log is written, to standard error.",
)
@click.option(
    "--log-level",
    type=click.Choice(logs.LEVELS),
    default="warning",
    show_default=True,
    help="What is logged; info has a line for every request.",
)
@_settings_options
def command(
    host: str, port: int, data: tuple[Path, ...], store: str, *, union: bool, **values: Any
) -> None:
    """Serve the graph over HTTP: a SPARQL endpoint at /sparql, and pages to ask it by hand.

    Numbers, dates and durations are kept by value: 007 is returned as 7, an xsd:int as an
    xsd:integer. Dumps have them as they stand in the files.
    """
    from sparql_endpoint.server.address import listen, web_address  # noqa: PLC0415  # not for --help
    from sparql_endpoint.server.application import make_app  # noqa: PLC0415  # as above
    from sparql_endpoint.server.data_source import DataSource  # noqa: PLC0415  # as above
    from sparql_endpoint.server.fork_server import PoolConfig  # noqa: PLC0415  # as above
    from sparql_endpoint.server.listener import Listener  # noqa: PLC0415  # as above
    from sparql_endpoint.server.sandbox import require_linux  # noqa: PLC0415  # as above

    settings = Settings(**{entry.name: values[entry.name] for entry in fields(Settings)})
    limits = Limits(**{entry.name: values[entry.name] for entry in fields(Limits)})
    logs.configure(values["log_format"], values["log_level"])
    try:
        require_linux()
        source = DataSource(
            data, store, union, limits.query_time * _REMOTE_SHARE, values["data_format"]
        )
        dataset = source.dataset()
        config = PoolConfig(
            dataset,
            limits,
            settings,
            Path(),
            make_app,
            warm_up=True,
            log_format=values["log_format"],
            log_level=values["log_level"],
        )
        sock = listen(host, port)
        address = web_address(sock)
        greeting = (
            f"Serving {dataset.about.title} at {address}\n"
            f"Open that in a browser, or ask {address}sparql by program. Ctrl+C stops it."
            + source.engines(settings.columns_triples)
        )
        Listener(sock, source, config, lambda: click.echo(greeting)).run()
    except ForumGraphError as error:
        click.echo(f"forumgraph: {error}", err=True)
        sys.exit(error.exit_code)
