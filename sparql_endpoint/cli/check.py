"""``forumgraph check``: whether the graph is well formed and holds, and its quotes say so."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pyoxigraph import RdfFormat
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from sparql_endpoint.check import validation
from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.data import MOST, check_data
from sparql_endpoint.check.report import Report
from sparql_endpoint.check.run import check
from sparql_endpoint.cli.memory import most_held
from sparql_endpoint.cli.options import data_options, sources_option
from sparql_endpoint.cli.reports import conclude, format_option
from sparql_endpoint.edit.changes import Changes
from sparql_endpoint.edit.repair import repair_quotes
from sparql_endpoint.edit.save import save
from sparql_endpoint.errors import UsageError
from sparql_endpoint.names import shorten
from sparql_endpoint.query.formats import engine_of

__all__ = ["command"]


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@sources_option("compare quotes with")
@click.option(
    "--shapes",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="File or folder of SHACL shapes instead of the project's.",
)
@click.option(
    "--house-rules",
    is_flag=True,
    help="With --shapes: add the project's other rules (names, values, evidence, links).",
)
@data_options("check")
@click.option(
    "--most",
    metavar="NUMBER",
    type=click.IntRange(min=0),
    default=MOST,
    show_default=True,
    help="With --data: findings of one rule to list, the rest being counted; 0 lists all.",
)
@click.option(
    "--repair",
    is_flag=True,
    help="First mend quotes that differ from their text in quotation marks, dashes or spaces only.",
)
@format_option
def command(  # noqa: PLR0913  # click passes each option by its name
    paths: tuple[Path, ...],
    data: tuple[Path, ...],
    format_name: str,
    *,
    most: int,
    house_rules: bool,
    repair: bool,
    data_format: str | None,
    **beside: Path | None,
) -> None:
    """Check syntax, names, shapes, evidence and links.

    Without PATH the project's ontology, data and shapes are checked. A PATH inside the project is
    judged in the context of the whole, and only what is found in it is shown. Turtle from
    elsewhere is judged with the project's ontology but without its data.

    With --shapes the report is that of SHACL over the data as they stand, without the project's
    ontology, and nothing is added to it unless --house-rules asks for that.

    With --data any RDF is checked as one graph by the same rules, in memory of about 1 GB a
    million statements. Findings then name the node but no line. Time and memory stand on
    standard error.

    Exit code: 0 if it conforms, 1 if there is an error or a warning, 2 if it could not be checked.

    \b
    Examples:
      forumgraph check
      forumgraph check --sources ~/texts
      forumgraph check data/claims/closer-partnership-2018.ttl
      forumgraph check --format json my-forum.ttl | jq '.findings[].message'
      forumgraph check --data dump.nq.gz --data more.ttl
      forumgraph check --data large.nt --shapes my-shapes.ttl --most 10
    """  # noqa: D301  # \b is click's mark for lines to keep
    if data and paths:
        raise UsageError("give files as PATH or with --data, not both")
    if house_rules and beside["shapes"] is None:
        raise UsageError("--house-rules goes with --shapes: the project's shapes have them anyway")
    if repair:
        _repair(beside["sources"], elsewhere=bool(data or paths or beside["shapes"]))
    if data:
        report = _check_data(
            data, most or None, engine_of(data_format), house_rules=house_rules, **beside
        )
    else:
        report = check(paths, beside["sources"], beside["shapes"], house_rules=house_rules)
    conclude(report, format_name)


def _repair(sources: Path | None, *, elsewhere: bool) -> None:
    """Mend the quotes of the project, and say which."""
    if sources is None or elsewhere:
        raise UsageError("--repair is for the project's quotes: give --sources DIR and no files")
    changes = Changes()
    for quote in repair_quotes(changes, sources):
        click.echo(f"forumgraph: {shorten(quote.value)} mended", err=True)
    save(changes)


def _check_data(
    files: tuple[Path, ...],
    most: int | None,
    rdf_format: RdfFormat | None,
    *,
    house_rules: bool,
    **beside: Path | None,
) -> Report[Checked]:
    """Check with progress on a terminal; say what it took. ``beside`` are sources and shapes."""
    began = time.perf_counter()
    with _shown() as progress:
        report = check_data(
            files,
            **beside,
            house_rules=house_rules,
            rdf_format=rdf_format,
            most=most,
            progress=progress,
        )
    seconds, memory = time.perf_counter() - began, most_held() >> 20
    click.echo(f"checked in {seconds:.1f} s with {memory:,} MiB of memory at most", err=True)
    return report


@contextmanager
def _shown() -> Iterator[validation.Progress]:
    """Give a function that shows progress on a terminal: what is done, how much, since when."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[counted]}"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("reading", total=None, counted="")

        def told(what: str, done: int, of: int) -> None:
            counted = f"{done} of {of}" if what == "shapes" else ""
            bar.update(task, description=what, completed=done, total=of or None, counted=counted)

        yield told
