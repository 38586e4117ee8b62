"""``forumgraph init``: a folder in which a graph of one's own begins."""

import shutil
from pathlib import Path

import click

from sparql_endpoint.errors import UsageError
from sparql_endpoint.paths import NEW_PROJECT, ONTOLOGY, SHAPES
from sparql_endpoint.project import FILE

__all__ = ["command"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Make a project of one's own in DIR: ontology, shapes, an example, and forumgraph.toml.

    The ontology and the shapes are copies of those that the current project has; the example is
    invented and conforms.

    \b
    Examples:
      forumgraph init lakes
      forumgraph check --project lakes
      forumgraph serve --project lakes
    """  # noqa: D301  # \b is click's mark for lines to keep
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty: name a new folder")
    shutil.copytree(NEW_PROJECT / "data", folder / "data")
    shutil.copytree(ONTOLOGY, folder / "ontology")
    shutil.copytree(SHAPES, folder / "shapes")
    shutil.copyfile(NEW_PROJECT / "ontology.ttl", folder / "ontology" / "own.ttl")
    shutil.copyfile(NEW_PROJECT / FILE, folder / FILE)
    click.echo(f"{folder}: edit {FILE} and data, then forumgraph check --project {folder}")
