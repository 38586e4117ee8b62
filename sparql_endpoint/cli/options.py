"""Options that several commands have, and what they stand for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from pyoxigraph import Quad, Store

from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.dataset import (
    load_files,
    load_project,
    project_quads,
    quads_of_files,
)
from sparql_endpoint.graph.forms import Forms
from sparql_endpoint.query.formats import RDF_FORMATS, engine_of, named

__all__ = ["RdfFormatType", "data_options", "graph_of", "sources_option", "statements_of"]

_Option = Callable[[Callable[..., Any]], Callable[..., Any]]


class RdfFormatType(click.ParamType[str]):
    """The name of an RDF format, by any name that it has."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the short name of a format."""
        try:
            return named(str(value), RDF_FORMATS).name
        except UsageError as error:
            self.fail(str(error), param, ctx)


def data_options(use: str, *more: str) -> _Option:
    """Return the options ``--data`` and ``--data-format`` of a command.

    The command will ``use`` what the files hold; ``more`` are further names of the second option.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        data = click.option(
            "--data",
            metavar="FILE",
            multiple=True,
            type=click.Path(path_type=Path),
            help=f"RDF file to {use} instead of the project's data, of any format, plain or"
            " compressed (.gz, .zst, .bz2, .xz); may be given several times.",
        )
        data_format = click.option(
            "--data-format",
            *more,
            "data_format",
            metavar="NAME",
            type=RdfFormatType(),
            help="RDF format of every file of --data, whatever its name.",
        )
        return data(data_format(function))

    return decorate


def graph_of(data: tuple[Path, ...], data_format: str | None = None) -> Store:
    """Return what the files of ``--data`` hold, or the project's data where there are none.

    What the store does not keep as it is written is told on standard error.
    """
    if not data:
        return load_project()
    forms = Forms()
    store = load_files(data, engine_of(data_format), forms)
    if forms.notice:
        click.echo(f"forumgraph: {forms.notice}", err=True)
    return store


def statements_of(data: tuple[Path, ...], data_format: str | None = None) -> Iterator[Quad]:
    """Yield what ``graph_of`` returns, each literal as it is written in its file."""
    return quads_of_files(data, engine_of(data_format)) if data else project_quads()


def sources_option(use: str) -> _Option:
    """Return the option ``--sources`` of a command that will ``use`` their texts."""
    return click.option(
        "--sources",
        metavar="DIR",
        type=click.Path(path_type=Path),
        envvar="FORUMGRAPH_ARTICLES",
        show_envvar=True,
        help=f"Folder of the sources' texts, as <source>.txt, to {use}.",
    )
