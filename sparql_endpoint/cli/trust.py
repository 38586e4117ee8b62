"""``forumgraph trust``: the policies of trust, and what differs under them."""

import click
from pyoxigraph import NamedNode

from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.ranking import ClaimedTriple
from sparql_endpoint.names import shorten
from sparql_endpoint.query.trust import difference, facts, find, policies

__all__ = ["command"]


@click.group()
def command() -> None:
    """Compare the graph under policies of trust.

    A policy says which claims are trusted; the files in data/trust/ are the policies. Queries take
    one by --trust.

    \b
    Examples:
      forumgraph trust list
      forumgraph trust diff default official
      forumgraph query meetings --trust official
    """  # noqa: D301  # \b is click's mark for lines to keep


@command.command("list")
def list_policies() -> None:
    """List the policies, each with what it trusts."""
    known = policies()
    width = max(map(len, known), default=0) + 2
    for policy in known.values():
        click.echo(f"{policy.name.ljust(width)}{policy.trusts}")


@command.command("diff", epilog="Example: forumgraph trust diff default official")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
def diff(before: str, after: str) -> None:
    """Print the facts that appear (+), go (-) and change (~) from policy A to policy B.

    A fact changes where a thing has another value of a property instead.
    """
    first, second = find(before), find(after)
    store = load_project()
    found = difference(facts(store, first), facts(store, second))
    appearing = {(s, p) for s, p, _ in found.appears}
    changed = appearing & {(s, p) for s, p, _ in found.goes}
    for sign, triples in (("-", found.goes), ("+", found.appears)):
        for triple in triples:
            mark = f"~{sign}" if triple[:2] in changed else sign
            click.echo(f"{mark.ljust(3)}{_short(triple)}")
    click.echo(f"{len(found.appears)} appear, {len(found.goes)} go", err=True)


def _short(triple: ClaimedTriple) -> str:
    return " ".join(
        shorten(term.value) if isinstance(term, NamedNode) else str(term) for term in triple
    )
