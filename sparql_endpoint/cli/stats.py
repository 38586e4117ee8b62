"""``forumgraph stats``: how much the graph holds."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from sparql_endpoint.check.identifiers import identifiers as names_of
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.statistics import Statistics, statistics

__all__ = ["command"]


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs.",
)
@click.option(
    "--identifiers",
    is_flag=True,
    help="List the IRIs instead, as data/releases/VERSION.txt has them.",
)
def command(format_name: str, *, identifiers: bool) -> None:
    """Count statements, claims, sources, quotes, and entities by class.

    \b
    Examples:
      forumgraph stats
      forumgraph stats --format json
      forumgraph stats --identifiers > data/releases/0.3.0.txt
    """  # noqa: D301  # \b is click's mark for lines to keep
    if identifiers:
        click.echo("\n".join(sorted(names_of(load_project()))))
        return
    counted = statistics(load_project())
    if format_name == "json":
        click.echo(json.dumps(asdict(counted), indent=2))
    else:
        click.echo("\n".join(_lines(counted)))


def _lines(counted: Statistics) -> Iterator[str]:
    rows = asdict(counted)
    classes = rows.pop("classes")
    for name, number in rows.items():
        yield f"{number:>7,} {name.replace('_', ' ')}"
    for name, number in classes.items():
        yield f"{number:>7,}   {name}"
