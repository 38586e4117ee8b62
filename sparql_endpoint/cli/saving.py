"""The end of a command that writes into the project: check, then write or say what is wrong."""

import sys
from pathlib import Path

import click

from sparql_endpoint import paths
from sparql_endpoint.check.as_text import as_lines
from sparql_endpoint.edit.changes import Changes
from sparql_endpoint.edit.save import difference, judge, save

__all__ = ["dry_run_option", "finish"]

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Check and print the change, and write nothing."
)


def finish(changes: Changes, sources: Path | None, *, dry_run: bool) -> None:
    """Check the changes and write them; leave with 1 and all as it was where the check fails."""
    verdict = judge(changes, sources)
    if dry_run:
        click.echo(difference(changes), nl=False)
    for finding in (*verdict.faults, *verdict.missing):
        click.echo(as_lines(finding), err=True)
    if verdict.faults:
        click.echo("forumgraph: the check fails, and nothing was written", err=True)
        sys.exit(1)
    if verdict.missing:
        click.echo("forumgraph: further claims must add what is still missing", err=True)
    if not dry_run:
        save(changes)
        for path in changes.files:
            click.echo(f"{path.relative_to(paths.TOP)} written", err=True)
