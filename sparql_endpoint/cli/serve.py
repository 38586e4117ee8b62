"""``forumgraph serve``: the SPARQL endpoint and its pages over HTTP."""

import socket
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sparql_endpoint.cli.options import data_options
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.errors import ForumGraphError, UsageError
from sparql_endpoint.settings import Setting, settings_of
from sparql_endpoint.web import logs
from sparql_endpoint.web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from sparql_endpoint.web.loaded import Origin

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
    help="Folder of a store on disk, or URL of a SPARQL endpoint, to serve instead.",
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
    from sparql_endpoint.web.listening import listen, web_address  # noqa: PLC0415  # not for --help
    from sparql_endpoint.web.loaded import Origin  # noqa: PLC0415  # as above
    from sparql_endpoint.web.supervisor import supervise  # noqa: PLC0415  # as above

    settings = Settings(**{entry.name: values[entry.name] for entry in fields(Settings)})
    limits = Limits(**{entry.name: values[entry.name] for entry in fields(Limits)})
    logs.configure(values["log_format"], values["log_level"])
    listener = listen(host, port)
    origin = Origin(data, store, union, limits.query_time * _REMOTE_SHARE, values["data_format"])
    title = origin.dataset().about.title
    address = web_address(listener)
    greeting = (
        f"Serving {title} at {address}\n"
        f"Open that in a browser, or ask {address}sparql by program. Ctrl+C stops it."
    )

    def work() -> int:
        try:
            _serve(origin, settings, limits, listener, lambda: click.echo(greeting))
        except ForumGraphError as error:
            click.echo(f"forumgraph: {error}", err=True)
            return error.exit_code
        return 0

    sys.exit(supervise(work))


def _serve(
    origin: "Origin",
    settings: Settings,
    limits: Limits,
    listener: socket.socket,
    ready: Callable[[], None],
) -> None:
    """Serve until told to stop. What takes long to import is imported while the data are loaded."""
    from sparql_endpoint.web.beginning import begin  # noqa: PLC0415  # only where it is served

    begun = begin(origin, limits)
    from sparql_endpoint.web.server import Server  # noqa: PLC0415  # meanwhile
    from sparql_endpoint.web.serving import Serving  # noqa: PLC0415  # meanwhile

    serving = Serving(begun, settings, _dress, _prepare)
    Server(serving, settings, ready).serve_on(listener)


def _dress(app: "Flask") -> None:
    from sparql_endpoint.site.app import register  # noqa: PLC0415  # behind the first query

    register(app)


def _prepare(app: "Flask") -> None:
    from sparql_endpoint.site.preparing import prepare  # noqa: PLC0415  # as above

    prepare(app)
