"""``forumgraph doctor``: does a service hold what it says of itself."""

import sys

import click
import httpx

from sparql_endpoint.describe.self_check import examine
from sparql_endpoint.errors import UsageError

__all__ = ["command"]

_SECONDS = 60


@click.command(epilog="Example:\n\n  forumgraph doctor http://127.0.0.1:8000/")
@click.argument("url")
@click.option("--verbose", "-v", is_flag=True, help="Also list what is right.")
@click.option("--links/--no-links", default=True, help="Follow every link of every page, too.")
def command(url: str, *, verbose: bool, links: bool) -> None:
    """Examine the service at URL: fetch all that it advertises, parse it, count, run its examples.

    It also dereferences every IRI of ours in the data, and follows every link of every page; that
    takes some minutes, since it keeps to the service's rate of requests.

    Exits 1 if anything is not as it says.
    """
    own, _, endpoint = url.rstrip("/").rpartition("/")
    if endpoint == "sparql":
        raise UsageError(f"give the service's own address, {own}/, and not that of its endpoint")
    with httpx.Client(
        base_url=url.rstrip("/") + "/", timeout=_SECONDS, follow_redirects=True
    ) as client:
        looked, wrong = 0, 0
        for finding in examine(client, links=links):
            looked += 1
            if finding.wrong:
                wrong += 1
                click.echo(f"{click.style('wrong', fg='red')}  {finding.what}: {finding.wrong}")
            elif verbose:
                click.echo(f"{click.style('right', fg='green')}  {finding.what}")
    click.echo(f"{looked} things looked at, {wrong or 'none'} wrong.")
    sys.exit(1 if wrong else 0)
