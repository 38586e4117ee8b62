"""Options that several commands have, and what they stand for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from pyoxigraph import Store

from sparql_endpoint.graph.dataset import load_files, load_project

__all__ = ["data_option", "graph_of", "sources_option"]

_Option = Callable[[Callable[..., Any]], Callable[..., Any]]


def data_option(use: str) -> _Option:
    """Return the option ``--data`` of a command that will ``use`` what the files hold."""
    return click.option(
        "--data",
        metavar="FILE",
        multiple=True,
        type=click.Path(path_type=Path),
        help=f"RDF file to {use} instead of the project's data; may be given several times.",
    )


def graph_of(data: tuple[Path, ...]) -> Store:
    """Return what the files of ``--data`` hold, or the project's data where there are none."""
    return load_files(data) if data else load_project()


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
