"""``forumgraph quote``: find words in a source's text and write the quote as Turtle."""

from pathlib import Path

import click

from sparql_endpoint.cli.options import sources_option
from sparql_endpoint.edit.find import find_span, refuse_span
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.evidence import Evidence, read_evidence
from sparql_endpoint.graph.quotes import Span
from sparql_endpoint.graph.sources import read_source
from sparql_endpoint.names import PREFIXES

__all__ = ["command"]


@click.command()
@click.argument("source")
@click.argument("words")
@sources_option("find the words in")
@click.option("--nth", type=click.IntRange(min=1), help="Which occurrence, if there are several.")
def command(source: str, words: str, sources: Path | None, nth: int | None) -> None:
    """Find WORDS in the text of SOURCE and print the Turtle of the quote, ready to paste.

    The words may differ from the text in quotation marks, spaces, hyphens and case: the quote has
    them as printed. What to know besides goes to standard error.

    Exit code: 0 if there is one quote, 1 if there is none or a choice to make, 2 on failure.

    \b
    Examples:
      forumgraph quote closer-partnership-2018 "Seventeen subforum sessions"
      forumgraph quote closer-partnership-2018 "China-CELAC Forum" --nth 2
      forumgraph quote my-article "the words" --sources ~/texts >> data/claims/my-article.ttl
    """  # noqa: D301  # \b is click's mark for lines to keep
    if sources is None:
        raise UsageError("tell the folder of the texts: --sources DIR, or set FORUMGRAPH_ARTICLES")
    text = read_source(sources, source)
    span = find_span(text, words, nth)
    if words not in text.text:
        _tell("found with other quotation marks, spaces, hyphens or case; here it is as printed")
    evidence = read_evidence(load_project())
    _judge(span, evidence)
    click.echo(f"{span.turtle()}\n{_claim_to_fill(span, evidence)}")


def _judge(span: Span, evidence: Evidence) -> None:
    """Refuse a span that can be no quote; tell if it is one already."""
    source = f"{PREFIXES['source']}{span.source}"
    ends = [known.body_end for known in evidence.sources if known.iri.value == source]
    refuse_span(span, ends[0] if ends else None)
    if not ends:
        _tell(f"source:{span.source} is not described yet: forumgraph source {span.source} does it")
    if any(quote.iri.value == span.iri for quote in evidence.quotes):
        _tell("this quote stands in the data already: let the claim point to it")


def _claim_to_fill(span: Span, evidence: Evidence) -> str:
    """Return a claim that rests on the quote, as comments to fill in."""
    start = f"{PREFIXES['claim']}{span.source}-"
    ends = (claim.iri.value.removeprefix(start) for claim in evidence.claims)
    number = max((int(end) for end in ends if end.isdecimal()), default=0) + 1
    lines = (
        f"claim:{span.source}-{number:02}",
        "    a dfo:Claim ;",
        "    rdf:subject id:… ;",
        "    rdf:predicate … ;",
        "    rdf:object … ;",
        f"    dfo:claimant source:{span.source} ;  or who else says it",
        "    dfo:standing dfo:asserted ;  or dfo:attributed",
        "    dfo:basis dfo:stated ;  or dfo:inferred, with a skos:editorialNote",
        f"    dfo:evidence quote:{span.source}-{span.start}-{span.end} .",
    )
    return "\n".join(f"# {line}" for line in lines)


def _tell(message: str) -> None:
    click.echo(f"forumgraph: {message}", err=True)
