"""``forumgraph load``: RDF files into a store on disk."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sparql_endpoint.cli.options import RdfFormatType
from sparql_endpoint.errors import UsageError
from sparql_endpoint.query.formats import engine_of
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.publishing import publish

__all__ = ["command"]


@click.command(
    epilog="Examples:\n\n  forumgraph load dump.nq.gz --store ./big"
    "\n\n  forumgraph load one.ttl two.ttl --store ./big"
    "\n\n  forumgraph load export.txt --format ntriples --store ./big"
    "\n\n  forumgraph load dump.nq.gz --store http://localhost:7878/store"
    "\n\n  forumgraph serve --store ./big"
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--store", required=True, help="Folder of the store, or URL of a graph store.")
@click.option(
    "--format",
    "--data-format",
    "data_format",
    metavar="NAME",
    type=RdfFormatType(),
    help="RDF format of every file, whatever its name.",
)
@click.option(
    "--union-default-graph",
    "union",
    is_flag=True,
    help="Put what stands in named graphs into the default graph too, as pages and queries without"
    " GRAPH look there; a dump of this project needs it.",
)
@click.option(
    "--skip-errors",
    is_flag=True,
    help="Leave out lines of N-Triples and N-Quads that do not parse, and count them.",
)
def command(
    files: tuple[Path, ...],
    store: str,
    data_format: str | None,
    *,
    union: bool,
    skip_errors: bool,
) -> None:
    """Load RDF FILES into a store on disk, all of them or nothing.

    The files replace what the store held. Until the load has ended well the store stays as it
    was, and a server that runs on it goes on answering; then it takes up the new content by
    itself. Files may be compressed (.gz, .zst, .bz2, .xz).

    The store keeps numbers, dates and durations by value: 007 is found and returned as 7, an
    xsd:int as an xsd:integer. How many these are is told; dumps have them as they were written.

    Where forumgraph[columns] is installed, the store comes with columns, by which analytical
    queries are answered; to make them takes about as long again as the load.

    With a URL the files go to another server by the SPARQL Graph Store Protocol, and replace the
    graphs that they fill. Credentials come from the environment: FORUMGRAPH_STORE_TOKEN, or
    FORUMGRAPH_STORE_USER and FORUMGRAPH_STORE_PASSWORD, for Basic or Digest as the server asks.
    """
    rdf_format = engine_of(data_format)
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("loading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        size = sum(path.stat().st_size for path in files if path.is_file())
        task = bar.add_task("load", total=size, rate="")

        def told(done: int, statements: int) -> None:
            elapsed = bar.tasks[task].elapsed or 1.0
            bar.update(task, completed=done, rate=f"{statements / elapsed:,.0f} statements/s")

        if store.startswith(("http://", "https://")):
            if skip_errors or union:
                name = "--skip-errors" if skip_errors else "--union-default-graph"
                raise UsageError(f"{name} goes with a store on disk")
            loaded = publish(files, store, rdf_format, told)
        else:
            loaded = load(
                files, Path(store), rdf_format, told, skip_errors=skip_errors, union=union
            )
    rate = loaded.statements / loaded.seconds
    click.echo(
        f"{loaded.statements:,} statements in {store} after {loaded.seconds:.1f} s ({rate:,.0f}/s)"
    )
    if loaded.columns is not None:
        click.echo(f"columns for analytical queries after another {loaded.columns:.1f} s")
    if loaded.skipped:
        lines = "1 line was" if loaded.skipped == 1 else f"{loaded.skipped:,} lines were"
        click.echo(f"forumgraph: {lines} left out, the first {loaded.first_skipped}", err=True)
    if loaded.notice:
        click.echo(f"forumgraph: {loaded.notice}", err=True)
