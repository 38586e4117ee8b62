"""``forumgraph source``: describe a source by what its text shows."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from sparql_endpoint.cli.options import sources_option
from sparql_endpoint.cli.saving import dry_run_option, finish
from sparql_endpoint.edit.changes import Changes
from sparql_endpoint.edit.sources import describe_source, propose_head
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.sources import read_source

__all__ = ["command"]


@click.command()
@click.argument("source")
@sources_option("read the text of")
@click.option("--title", metavar="WORDS", help="Title, if the first line is not it; '' for none.")
@click.option("--issued", metavar="DATE", help="Date, as YYYY-MM-DD; '' for none.")
@click.option("--issued-words", metavar="WORDS", help="The words that show the date.")
@click.option("--language", metavar="CODE", help="Two letters of ISO 639-1.")
@click.option("--body-end", metavar="OFFSET", type=int, help="Where its own words end.")
@click.option("--class", "classes", metavar="NAME", multiple=True, help="As schema:NewsArticle.")
@click.option("--tier", metavar="CODE", help="Its rank, as reputable, secondary or weak.")
@click.option("--url", metavar="IRI", help="The address of its page.")
@click.option("--note", metavar="TEXT", help="A note on it, in English.")
@dry_run_option
def command(source: str, sources: Path | None, *, dry_run: bool, **given: Any) -> None:
    """Describe SOURCE, whose text lies in the folder of texts as SOURCE.txt.

    Digest, language, title, date and the end of its own words are read off the text; an option
    corrects what is proposed. The file data/claims/SOURCE.ttl is written with claims of the title
    and the date. The whole project is checked as it would be, and a fault leaves it as it was.

    Exit code: 0 if it is written, 1 if the check finds a fault, 2 on failure.

    \b
    Examples:
      forumgraph source my-article --sources ~/texts --dry-run
      forumgraph source my-article --class schema:NewsArticle --tier reputable
    """  # noqa: D301  # \b is click's mark for lines to keep
    if sources is None:
        raise UsageError("tell the folder of the texts: --sources DIR, or set FORUMGRAPH_ARTICLES")
    text = read_source(sources, source)
    chosen = {name: value for name, value in given.items() if value is not None and value != ()}
    head = replace(propose_head(text), **chosen)
    if "body_end" in chosen:
        head = replace(head, reason="an editor looked at the text")
    changes = Changes()
    describe_source(changes, text, head)
    finish(changes, sources, dry_run=dry_run)
