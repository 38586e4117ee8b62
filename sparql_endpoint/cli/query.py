"""``forumgraph query``: ask the project's graph, or files of RDF."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from pyoxigraph import QuerySolutions, Store
from rich.console import Console

from sparql_endpoint.cli.options import data_options, graph_of
from sparql_endpoint.errors import DataError, NotFoundError, QuerySyntaxError, UsageError
from sparql_endpoint.query.catalogue import catalogue, find
from sparql_endpoint.query.escapes import unescaped
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS, Format, named
from sparql_endpoint.query.outline import Form
from sparql_endpoint.query.parameters import PARAMETERS, choices_query, fill, parameters_of
from sparql_endpoint.query.run import outline_safe, run, run_with_notices
from sparql_endpoint.query.table import print_table
from sparql_endpoint.query.trust import DEFAULT, facts, under
from sparql_endpoint.query.trust import find as find_policy
from sparql_endpoint.query.write import write

__all__ = ["command"]

_Command = TypeVar("_Command", bound=Callable[..., Any])

_TABLE = "table"
_QUERY_FILE = ".rq"


def _parameter(name: str, meaning: str) -> Callable[[_Command], _Command]:
    text = f"For a question that --list shows: {meaning}."
    return click.option(f"--{name}", metavar="VALUE", help=text)


@click.command()
@click.argument("query", required=False)
@data_options("ask")
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    help="table, json, xml, csv or tsv for SELECT and ASK; turtle, ntriples, rdfxml, jsonld, trig"
    " or nquads for CONSTRUCT and DESCRIBE. Default: table on a terminal, else csv; turtle.",
)
@_parameter("forum", "the forum that a named question is about, such as china-celac-forum")
@_parameter("meeting", "the meeting, such as ccf-ministerial-2")
@_parameter("year", "the year, such as 2018")
@_parameter("state", "the state by its English name, such as Chile")
@_parameter("language", "the language by its tag, such as es")
@click.option(
    "--trust",
    "policy",
    metavar="POLICY",
    default=DEFAULT,
    help="Ask the graph under a policy of trust; 'forumgraph trust list' names them.",
)
@click.option("--list", "listing", is_flag=True, help="List the questions that have a name.")
def command(
    query: str | None,
    format_name: str | None,
    *,
    listing: bool,
    policy: str,
    **others: Any,
) -> None:
    """Answer a SPARQL query.

    QUERY is the text of a query, a file that holds one, '-' for standard input, or the name of one
    of the questions that --list shows. The project's prefixes need no declaration.

    \b
    Examples:
      forumgraph query --list
      forumgraph query meetings
      forumgraph query celac-presidencies --state Chile
      forumgraph query meetings --trust official
      forumgraph query 'SELECT ?state { ?state org:memberOf id:celac } ORDER BY ?state'
      forumgraph query mine.rq --data mine.ttl --format json
      echo 'DESCRIBE id:chile' | forumgraph query -
    """  # noqa: D301  # \b is click's mark for lines to keep
    if listing:
        _list()
        return
    if query is None:
        raise UsageError("what is the query? Give a text, a file, '-' or a name; see --help")
    chosen = {name: others.pop(name) for name in PARAMETERS}
    text, origin, base = _read(query)
    if any(chosen.values()):
        text = _filled(query, text, chosen, others)
    try:
        _answer(unescaped(text), format_name, base, lambda: _graph(policy, others))
    except QuerySyntaxError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        click.echo(f"forumgraph: {origin}{error}\n{error.place.pointer()}{hint}", err=True)
        sys.exit(error.exit_code)


def _filled(
    query: str, text: str, chosen: Mapping[str, str | None], data: Mapping[str, Any]
) -> str:
    """Return the query of a named question for the parameters chosen.

    Raises:
        UsageError: it is no named question, or it has no such parameter or value.
    """
    given = {name: value for name, value in chosen.items() if value}
    if query not in catalogue():
        raise UsageError(f"--{next(iter(given))} is for the questions that --list shows")
    return fill(text, given, lambda name: _values(text, name, data))


def _values(text: str, name: str, data: Mapping[str, Any]) -> list[str]:
    """Return the values that a parameter of a question can have in the graph that is asked."""
    column = parameters_of(text)[name]
    found = run(graph_of(**data), text if column else choices_query(name))
    if not isinstance(found, QuerySolutions):
        return []
    values = {item.value for solution in found if (item := solution[column or "thing"])}
    return sorted({value[:4] for value in values} if name == "year" else values)


def _list() -> None:
    """Print names and questions: in columns on a terminal, else with a tab between."""
    questions = catalogue().values()
    width = max((len(question.slug) for question in questions), default=0) + 2
    for question in questions:
        name = question.slug.ljust(width) if sys.stdout.isatty() else f"{question.slug}\t"
        click.echo(f"{name}{question.question}")


def _read(query: str) -> tuple[str, str, str]:
    """Return the text of the query, what its errors start with, and its base IRI.

    A query in a file has the file's address for its base, another the folder of work (RFC 3986,
    sections 5.1.3 and 5.1.4, https://www.rfc-editor.org/rfc/rfc3986#section-5.1).

    Raises:
        NotFoundError: it is neither a text nor a file nor a name.
        DataError: the file cannot be read as text.
    """
    folder = f"{Path.cwd().as_uri()}/"
    if query == "-":
        return _decode(sys.stdin.buffer.read(), "standard input"), "", folder
    path = Path(query)
    if _is_text(query):
        return query, "", folder
    if not (path.is_file() or path.suffix == _QUERY_FILE):
        return find(query).text, "", folder
    try:
        return _decode(path.read_bytes(), query), f"{query}: ", path.absolute().as_uri()
    except OSError as fault:
        raise NotFoundError(f"{query}: {fault.strerror}") from None


def _is_text(query: str) -> bool:
    """Tell a query from a name: each has a brace, or a space behind its first word."""
    return "{" in query or len(query.split()) != 1


def _decode(text: bytes, origin: str) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DataError(f"{origin}: no UTF-8 at byte {fault.start}") from None


def _graph(policy: str, data: Mapping[str, Any]) -> Store:
    """Return the graph to ask, under a policy of trust.

    Raises:
        UsageError: there is no such policy, or other data are asked than the project's.
    """
    if policy == DEFAULT:
        return graph_of(**data)
    if data["data"]:
        raise UsageError("--trust is for the project's own graph, and --data names other files")
    chosen, store = find_policy(policy), graph_of(**data)
    return under(store, facts(store, chosen))


def _answer(text: str, format_name: str | None, base: str, graph: Callable[[], Store]) -> None:
    """Print the answer, and warnings to standard error.

    What is wrong with the words given is told before anything is loaded.
    """
    form = outline_safe(text, base).form
    fmt = _format(form, format_name)
    results, notices = run_with_notices(graph(), text, base=base)
    for notice in notices:
        click.echo(f"forumgraph: warning: {notice.text} [{notice.code}]", err=True)
    if fmt is not None:
        write(results, fmt, sys.stdout.buffer)
        if form is Form.ASK:
            sys.stdout.buffer.write(b"\n")
    elif isinstance(results, QuerySolutions):
        print_table(results, Console())
    else:
        click.echo("yes" if results else "no")


def _format(form: Form, name: str | None) -> Format | None:
    """Return the format to write, or None for a table."""
    if form.gives_graph:
        return named(name or "turtle", RDF_FORMATS)
    if name == _TABLE or (name is None and sys.stdout.isatty()):
        return None
    return named(name or "csv", RESULT_FORMATS)
