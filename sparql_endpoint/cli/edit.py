"""``forumgraph edit``: the bench, a page on the editor's own machine."""

import secrets
from pathlib import Path

import click

from sparql_endpoint.cli.options import sources_option
from sparql_endpoint.errors import AddressError, NotFoundError, UsageError

__all__ = ["command"]


@click.command()
@sources_option("show and quote")
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on 127.0.0.1; any free one without it.",
)
def command(sources: Path | None, port: int) -> None:
    """Serve a page on which marked words of an article become claims.

    The page is for this machine only: it listens on 127.0.0.1, its address has a secret token, and
    requests of other pages are refused. It writes the same Turtle as forumgraph claim, a claim at a
    time, after the whole project was checked with it. Ctrl+C ends it.

    \b
    Examples:
      forumgraph edit --sources ~/texts
    """  # noqa: D301  # \b is click's mark for lines to keep
    if sources is None:
        raise UsageError("tell the folder of the texts: --sources DIR, or set FORUMGRAPH_ARTICLES")
    if not sources.is_dir():
        raise NotFoundError(f"{sources}: no such folder of texts")
    from werkzeug.serving import make_server  # noqa: PLC0415  # only this command needs it

    from sparql_endpoint.edit.bench import bench  # noqa: PLC0415  # as above

    token = secrets.token_urlsafe(24)
    try:
        server = make_server("127.0.0.1", port, bench(sources, token), threaded=True)
    except (OSError, SystemExit) as fault:
        raise AddressError(f"127.0.0.1:{port}: cannot listen there: {fault}") from None
    click.echo(f"The bench is at http://127.0.0.1:{server.port}/{token}/ (Ctrl+C ends it)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("", err=True)
