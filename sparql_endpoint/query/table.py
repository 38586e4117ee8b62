"""Solutions as a table to read on a terminal."""

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["cell", "print_table"]

_NUMBERS = frozenset(f"{PREFIXES['xsd']}{name}" for name in ("integer", "decimal", "double"))

_UNTOLD = "en"

Term = NamedNode | BlankNode | Literal | Triple | None


def print_table(solutions: QuerySolutions, console: Console) -> None:
    """Print a table with a row a solution, IRIs by their short names, and how many there are.

    Long values are wrapped to the width of ``console``.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for variable in solutions.variables:
        table.add_column(variable.value, overflow="fold")
    count = 0
    for count, solution in enumerate(solutions, start=1):  # noqa: B007  # the count is wanted
        table.add_row(*(cell(term) for term in solution))
    console.print(table)
    console.print(f"{count:,} {'row' if count == 1 else 'rows'}", style="dim", highlight=False)


def cell(term: Term) -> Text:
    """Return a term as a reader wants it: a short name, or a literal's text, numbers to the right.

    A language other than English stands dimmed behind its text.
    """
    if term is None:
        return Text("")
    if isinstance(term, NamedNode):
        return Text(shorten(term.value), style="cyan")
    if isinstance(term, Triple):
        parts = (cell(part) for part in (term.subject, term.predicate, term.object))
        return Text(" ").join([Text("<<("), *parts, Text(")>>")])
    if isinstance(term, BlankNode):
        return Text(str(term))
    if term.datatype.value in _NUMBERS:
        return Text(term.value, justify="right")
    text = Text(term.value)
    told = term.language and term.language.partition("-")[0] != _UNTOLD
    return text.append(f" @{term.language}", style="dim") if told else text
