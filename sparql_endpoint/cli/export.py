"""``forumgraph export``: the graph as a file, byte for byte the same each time."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sparql_endpoint.cli.options import data_options, statements_of
from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.atomic import whole_file
from sparql_endpoint.export.content import content
from sparql_endpoint.export.data_package import package
from sparql_endpoint.export.evidence import EvidenceForm
from sparql_endpoint.export.render import CSV, Wanted, export
from sparql_endpoint.query.formats import RDF_FORMATS

__all__ = ["command"]

_FORMATS = (*RDF_FORMATS, CSV)
_BY_ENDING = {fmt.extension: name for name, fmt in RDF_FORMATS.items()} | {CSV: CSV}


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(_FORMATS),
    help="Format; CSV is a table with a row a claim. Default: by the name of the output file, else"
    " turtle.",
)
@click.option(
    "--graph",
    "graphs",
    metavar="NAME",
    multiple=True,
    help="Named graph to export alone, such as data/states; may be given several times.",
)
@click.option(
    "--evidence",
    type=click.Choice([form.value for form in EvidenceForm]),
    default=EvidenceForm.CLAIMS.value,
    show_default=True,
    help="Claims with quotes and sources; none of them, facts only; or reifiers of RDF 1.2.",
)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, which is there whole or not at all. Default: standard output.",
)
@click.option(
    "--tables",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write claims, things, meetings, documents and sources into, as CSV with a"
    " datapackage.json and CSVW metadata, and as GraphML; it is made where it is not there.",
)
@click.option("--parquet", is_flag=True, help="With --tables: write each table in Parquet too.")
@data_options("export")
def command(  # noqa: PLR0913  # one argument an option
    format_name: str | None,
    graphs: tuple[str, ...],
    evidence: str,
    output: Path | None,
    folder: Path | None,
    *,
    parquet: bool,
    **data: Any,
) -> None:
    """Write the graph, the same bytes each time.

    TriG and N-Quads keep the named graphs, one for each file of the project; every other format
    holds their merge. Terms are written as they stand in the files, numbers and dates in the same
    form; what a format cannot hold is refused.

    \b
    Examples:
      forumgraph export -o forumgraph.ttl
      forumgraph export --format csv -o claims.csv
      forumgraph export --evidence none --format jsonld | jq '.["@graph"] | length'
      forumgraph export --graph data/states --format ntriples
      forumgraph export --evidence rdf12 -o forumgraph.trig
      forumgraph export --tables tables --parquet
    """  # noqa: D301  # \b is click's mark for lines to keep
    if folder is not None:
        if format_name or graphs or output or evidence != EvidenceForm.CLAIMS.value:
            raise UsageError("--tables goes with --parquet and --data only: leave out the others")
        _write_tables(folder, package(content(statements_of(**data)), with_parquet=parquet))
        return
    if parquet:
        raise UsageError("--parquet goes with --tables FOLDER: name the folder to write into")
    wanted = Wanted(format_name or _format_of(output), EvidenceForm(evidence), graphs)
    text = export(statements_of(**data), wanted)
    if output is None:
        sys.stdout.buffer.write(text)
        return
    with whole_file(output) as file:
        file.write(text)


def _write_tables(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UsageError(f"{folder}: cannot make this folder: {fault.strerror}") from None
    for name, text in files.items():
        with whole_file(folder / name) as file:
            file.write(text)


def _format_of(output: Path | None) -> str:
    """Return the format that the ending of a file names, the first without a file or an ending.

    Raises:
        UsageError: no format ends so.
    """
    ending = output.suffix.removeprefix(".") if output else ""
    if ending and ending not in _BY_ENDING:
        known = ", ".join(f".{name}" for name in sorted(_BY_ENDING))
        raise UsageError(f"no format ends in '.{ending}'; use one of {known}, or name a --format")
    return _BY_ENDING.get(ending, next(iter(_FORMATS)))
