"""``forumgraph stats``: how much the graph holds."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

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
def command(format_name: str) -> None:
    """Count statements, claims, sources, quotes, and entities by class.

    \b
    Examples:
      forumgraph stats
      forumgraph stats --format json
    """  # noqa: D301  # \b is click's mark for lines to keep
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
