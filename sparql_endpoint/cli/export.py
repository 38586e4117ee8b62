"""``forumgraph export``: the graph as a file, byte for byte the same each time."""

import sys
from pathlib import Path
from typing import Any

import click

from sparql_endpoint.cli.options import data_options, statements_of
from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.atomic import whole_file
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
@data_options("export")
def command(
    format_name: str | None,
    graphs: tuple[str, ...],
    evidence: str,
    output: Path | None,
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
    """  # noqa: D301  # \b is click's mark for lines to keep
    wanted = Wanted(format_name or _format_of(output), EvidenceForm(evidence), graphs)
    text = export(statements_of(**data), wanted)
    if output is None:
        sys.stdout.buffer.write(text)
        return
    with whole_file(output) as file:
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
