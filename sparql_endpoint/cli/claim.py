"""``forumgraph claim``: write a claim, its quotation and the fact that it asserts."""

from pathlib import Path
from typing import Any

import click

from sparql_endpoint.cli.options import sources_option
from sparql_endpoint.cli.saving import dry_run_option, finish
from sparql_endpoint.edit.changes import Changes, Draft
from sparql_endpoint.edit.find import find_span, refuse_span
from sparql_endpoint.edit.table import add_rows, read_rows
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.graph.quotes import Span
from sparql_endpoint.graph.sources import read_source
from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["command"]


@click.command()
@click.argument("source", required=False)
@click.argument("words", nargs=-1)
@click.option("--subject", metavar="NAME", default="", help="What it is about.")
@click.option("--predicate", metavar="NAME", default="", help="The property.")
@click.option("--object", "object_", metavar="VALUE", default="", help="The value.")
@click.option(
    "--table",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Instead: add the rows of a table, with the columns of forumgraph export --format csv.",
)
@click.option("--attributed", is_flag=True, help="Only somebody's word: the graph does not say it.")
@click.option("--claimant", metavar="NAME", default="", help="Who says so, if not the author.")
@click.option("--voiced-in", metavar="NAME", default="", help="The address or document.")
@click.option("--rule", metavar="CODE", default="", help="The rule that decided the standing.")
@click.option("--inferred", metavar="NOTE", default="", help="Not in words: how it follows.")
@click.option("--paraphrased", is_flag=True, help="The value is a text that is no quotation.")
@click.option("--note", metavar="TEXT", default="", help="A note in English.")
@click.option("--locator", metavar="PLACE", default="", help="The place in a source without text.")
@click.option("--conflicts-with", metavar="CLAIM", multiple=True, help="A claim that denies it.")
@click.option("--language", metavar="CODE", default="", help="Of a text as value.")
@click.option("--nth", metavar="N", type=click.IntRange(min=1), help="Which occurrence of WORDS.")
@click.option("--new", metavar="CLASS LABEL", nargs=2, multiple=True, help="A new thing.")
@click.option("--fact", metavar="S P O", nargs=3, multiple=True, help="A triple without a claim.")
@sources_option("find the words in")
@dry_run_option
def command(  # noqa: PLR0913  # click passes each option by its name
    source: str | None,
    words: tuple[str, ...],
    sources: Path | None,
    *,
    table: Path | None,
    nth: int | None,
    dry_run: bool,
    **given: Any,
) -> None:
    """Write a claim of SOURCE that rests on WORDS, and the triple that it asserts.

    Names are short names, slugs or labels in any language: id:celac, celac or "CELAC". WORDS are
    found in the text as forumgraph quote finds them; several rest one claim on several quotes. The
    project is checked as it would be, and what is wrong leaves it as it was.

    --new describes a thing that the graph lacks, under a slug made of its English label; --fact
    adds a triple that needs no claim, such as the value of a count.

    --table adds the rows of a CSV file that name no claim; a row that names one must say what the
    data say. Labels may stand for names, and offsets may be left out where the words are there.

    Exit code: 0 if it is written, 1 if the check finds a fault or the words are not there, 2 on
    failure.

    \b
    Examples:
      forumgraph claim closer-partnership-2018 "Seventeen subforum sessions" \\
        --subject "China-CELAC Forum" --predicate "has count" --object count-subforum-sessions-17
      forumgraph claim my-article "Ana Gil opened it" --new foaf:Person "Ana Gil" \\
        --subject id:ccf-ministerial-4 --predicate attendee --object "Ana Gil" --dry-run
      forumgraph export --format csv -o claims.csv
      forumgraph claim --table claims.csv
    """  # noqa: D301  # \b is click's mark for lines to keep
    changes = Changes()
    if table is not None:
        added = add_rows(changes, read_rows(table), sources)
        finish(changes, sources, dry_run=dry_run)
        click.echo("\n".join(shorten(claim.value) for claim in added), err=True)
        return
    if not (source and given["subject"] and given["predicate"] and given["object_"]):
        raise UsageError("give SOURCE, --subject, --predicate and --object, or a --table")
    spans = _spans(changes, source, words, sources, nth)
    for cls, label in given["new"]:
        changes.describe(cls, label)
    for name, predicate, value in given["fact"]:
        subject, property_ = changes.names.thing(name), changes.names.property(predicate)
        changes.state(subject, property_, changes.names.value(value, property_, "en"))
    basis = "inferred" if given["inferred"] else "paraphrased" if given["paraphrased"] else "stated"
    claim = changes.claim(
        Draft(
            source,
            spans,
            given["subject"],
            given["predicate"],
            given["object_"],
            claimant=given["claimant"],
            voiced_in=given["voiced_in"],
            standing="attributed" if given["attributed"] else "asserted",
            basis=basis,
            rule=given["rule"],
            locator=given["locator"],
            note=given["inferred"] or given["note"],
            conflicts_with=given["conflicts_with"],
            language=given["language"],
        )
    )
    finish(changes, sources, dry_run=dry_run)
    click.echo(shorten(claim.value), err=True)


def _spans(
    changes: Changes, source: str, words: tuple[str, ...], sources: Path | None, nth: int | None
) -> tuple[Span, ...]:
    """Return the spans of the words; ``nth`` is of the first of several."""
    if not words:
        return ()
    if sources is None:
        raise UsageError("tell the folder of the texts: --sources DIR, or set FORUMGRAPH_ARTICLES")
    text = read_source(sources, source)
    iri = PREFIXES["source"] + source
    ends = [each.body_end for each in read_evidence(changes.store).sources if each.iri.value == iri]
    spans = tuple(find_span(text, each, nth if n == 0 else None) for n, each in enumerate(words))
    for span in spans:
        refuse_span(span, ends[0] if ends else None)
    return spans
