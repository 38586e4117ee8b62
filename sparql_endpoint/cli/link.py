"""``forumgraph link``: the graph's links to Wikidata, and what Wikidata may take from it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from sparql_endpoint.cli.options import data_options, graph_of
from sparql_endpoint.cli.reports import conclude, format_option
from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.atomic import whole_file
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.link.accept import accept_rows, accepted_turtle
from sparql_endpoint.link.entities import read_entities
from sparql_endpoint.link.links import read_links
from sparql_endpoint.link.mapping import fitting_classes, property_mappings
from sparql_endpoint.link.propose import Proposal, candidate_rows, chosen_entities, propose
from sparql_endpoint.link.quickstatements import quickstatements
from sparql_endpoint.link.report import link_report
from sparql_endpoint.link.scoring import Judgement
from sparql_endpoint.link.settings import Settings
from sparql_endpoint.link.sssom import add_candidates, read_rows
from sparql_endpoint.link.wikidata import Wikidata
from sparql_endpoint.paths import DATA

__all__ = ["command"]

_LINKS = DATA / "wikidata.ttl"
_COLUMNS = ("entity", "item", "label", "sure", "why")


def _wikidata() -> Wikidata:
    return Wikidata(Settings.from_environment(), tell=lambda line: click.echo(line, err=True))


@click.group()
def command() -> None:
    """Link the graph to Wikidata, and give Wikidata what it lacks.

    Wikidata is asked politely: one request at a time, with waits that it names, and answers kept
    for a day. FORUMGRAPH_WIKIDATA_CONTACT tells it whom to write to about these requests.

    \b
    Examples:
      forumgraph link propose wang-yi
      forumgraph link accept candidates.sssom.tsv
      forumgraph link check --offline
      forumgraph link export --quickstatements
    """  # noqa: D301  # \b is click's mark for lines to keep


@command.command("propose")
@click.argument("entities", metavar="[ENTITY]...", nargs=-1)
@click.option("--write", is_flag=True, help="Add the candidates to the candidates file.")
@click.option(
    "--to",
    metavar="FILE",
    default="candidates.sssom.tsv",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The candidates file, in the format SSSOM/TSV.",
)
@click.option(
    "--author",
    metavar="NAME",
    envvar="FORUMGRAPH_AUTHOR",
    show_envvar=True,
    help="Who proposes; needed to write.",
)
@data_options("read")
def propose_command(
    entities: tuple[str, ...],
    *,
    write: bool,
    to: Path,
    author: str | None,
    **data: Any,
) -> None:
    """Find items of Wikidata for entities, by default for all that it may have without a link.

    Candidates come from the search in four languages and from the reconciliation service; names,
    class, codes and dates decide how sure each is. Nothing goes into the data: with --write rows
    go to a file, where a reviewer puts a name into reviewer_label (and Not into
    predicate_modifier to reject), and `forumgraph link accept` takes it from there.

    \b
    Examples:
      forumgraph link propose
      forumgraph link propose wang-yi g77 --write --author "A. Editor"
    """  # noqa: D301  # as above
    if write and not author:
        raise UsageError(
            "--write needs --author NAME, or FORUMGRAPH_AUTHOR: rows name who proposes"
        )
    store = graph_of(**data)
    judgement = Judgement(property_mappings(store), fitting_classes(store))
    chosen = chosen_entities(read_entities(store), read_links(store), judgement, entities)
    with _wikidata() as wikidata:
        found = [p for entity in chosen for p in propose(wikidata, entity, judgement)]
    _print_proposals(found)
    candidates, told = _number(len(found), "candidate"), len({p.entity.iri for p in found})
    click.echo(f"{candidates} for {told} of {_number(len(chosen), 'entity')}", err=True)
    if write and author:
        added = add_candidates(to, candidate_rows(found, author, datetime.now(UTC).date()))
        click.echo(f"{_number(added, 'new row')} in {to}", err=True)


@command.command("accept")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--links",
    metavar="FILE",
    default=_LINKS,
    type=click.Path(path_type=Path),
    help="The Turtle file that takes the links, by default data/wikidata.ttl.",
)
def accept_command(file: Path, links: Path) -> None:
    """Turn the reviewed rows of a candidates file into links.

    A row counts as reviewed when reviewer_label names somebody; Not in predicate_modifier rejects
    it. What stands in the file of links stays as it is; new links go to its end.

    Example: forumgraph link accept candidates.sssom.tsv
    """
    accepted = accept_rows(read_rows(file), load_files([links]))
    if accepted.rows:
        text = links.read_text(encoding="utf-8")
        with whole_file(links) as whole:
            whole.write(accepted_turtle(text, accepted.rows).encode())
    click.echo(
        f"{_number(len(accepted.rows), 'link')} added to {links}; rows left: "
        f"{accepted.unreviewed} not reviewed, {accepted.rejected} rejected, "
        f"{accepted.known} known already"
    )


@command.command("check")
@click.option("--offline", is_flag=True, help="Ask nobody: check form, number and reasons only.")
@format_option
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
def check_command(paths: tuple[Path, ...], *, offline: bool, format_name: str) -> None:
    """Check the links: their form, and whether Wikidata still agrees.

    Each linked item must exist and be of a class that fits; codes, coordinates and dates must
    agree, and one name be in common. Offline: one to one, nothing twice, a reason for each.

    Exit code: 0 if it conforms, 1 if there is an error or a warning, 2 if it could not be checked.

    \b
    Examples:
      forumgraph link check
      forumgraph link check --offline --format json
    """  # noqa: D301  # as above
    if offline:
        report = link_report(paths)
    else:
        with _wikidata() as wikidata:
            report = link_report(paths, wikidata)
    conclude(report, format_name)


@command.command("export")
@click.option(
    "--quickstatements", "as_quickstatements", is_flag=True, help="QuickStatements, version 1."
)
@click.option(
    "--since",
    metavar="RELEASE",
    type=click.Path(path_type=Path),
    help="RDF dump of an earlier release: only what this one says beyond it.",
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path))
@data_options("read")
def export_command(
    *,
    as_quickstatements: bool,
    since: Path | None,
    output: Path | None,
    **data: Any,
) -> None:
    """Print what Wikidata lacks or could cite.

    Only asserted statements go out that a source states, with a property that
    ontology/alignments.ttl maps, each with the page of its source, the day it was read, its title,
    and the quotation where there is one. Meetings without an item are created.

    \b
    Examples:
      forumgraph link export --quickstatements
      forumgraph link export --quickstatements --since forumgraph-0.1.0.nq -o batch.txt
    """  # noqa: D301  # as above
    if not as_quickstatements:
        raise UsageError("choose a format: --quickstatements")
    export = quickstatements(graph_of(**data))
    if since:
        export = export.since(quickstatements(load_files([since])))
    text = "".join(f"{line}\n" for line in export.commands)
    if output:
        with whole_file(output) as whole:
            whole.write(text.encode())
    else:
        click.echo(text, nl=False)
    click.echo(_number(len(export.commands), "command"), err=True)
    for reason, number in export.left_out.items():
        click.echo(f"{_number(number, 'asserted statement')} left out: {reason}", err=True)


def _number(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _print_proposals(proposals: list[Proposal]) -> None:
    rows = [
        (p.entity.slug, p.item.id, p.item.label(), f"{p.score.confidence:.2f}", p.score.reason)
        for p in proposals
    ]
    console, table = Console(), Table(*_COLUMNS)
    if not console.is_terminal:
        click.echo("\n".join("\t".join(row) for row in (_COLUMNS, *rows)))
        return
    for row in rows:
        table.add_row(*row)
    console.print(table)
