"""``forumgraph check``: whether the graph is well formed and holds, and its quotes say so."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import click

from sparql_endpoint.check.as_json import as_json
from sparql_endpoint.check.as_text import as_text
from sparql_endpoint.check.as_turtle import as_turtle
from sparql_endpoint.check.report import Figures, Report
from sparql_endpoint.check.run import check

__all__ = ["command"]

_FORMATS: Mapping[str, Callable[[Report[Figures]], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "turtle": as_turtle}
)


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--sources",
    metavar="DIR",
    type=click.Path(path_type=Path),
    envvar="FORUMGRAPH_ARTICLES",
    show_envvar=True,
    help="Folder of the sources' texts, as <source>.txt, to compare quotes with.",
)
@click.option(
    "--shapes",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="File or folder of SHACL shapes instead of the project's.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(_FORMATS)),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, Turtle for a SHACL validation report.",
)
def command(
    paths: tuple[Path, ...], sources: Path | None, shapes: Path | None, format_name: str
) -> None:
    """Check syntax, names, shapes, evidence and links.

    Without PATH the project's ontology, data and shapes are checked. A PATH inside the project is
    judged in the context of the whole, and only what is found in it is shown. Turtle from
    elsewhere is judged with the project's ontology but without its data.

    Exit code: 0 if it conforms, 1 if there is an error or a warning, 2 if it could not be checked.

    \b
    Examples:
      forumgraph check
      forumgraph check --sources ~/texts
      forumgraph check data/claims/closer-partnership-2018.ttl
      forumgraph check --format json my-forum.ttl | jq '.findings[].message'
    """  # noqa: D301  # \b is click's mark for lines to keep
    report = check(paths, sources, shapes)
    click.echo(_FORMATS[format_name](report))
    sys.exit(0 if report.conforms else 1)
