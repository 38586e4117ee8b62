"""Parameters of the ready questions: which forum, meeting, year, state or language is asked for.

A question takes a parameter where its text names a forum or a meeting, or has a column that a year,
a state or a language narrows. The text of the query is made for the values, so that whoever reads
or copies it asks the same.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import QuerySolutions, Store

from sparql_endpoint.errors import UsageError
from sparql_endpoint.names import PREFIXES, expand
from sparql_endpoint.query.near import nearest

__all__ = ["COLUMNS", "KINDS", "PARAMETERS", "choices_query", "fill", "parameters_of", "variables"]

KINDS: Mapping[str, str] = {"forum": "dfo:Forum", "meeting": "dfo:MinisterialMeeting"}
"""The class of the things that a parameter names; the others take a value of a column."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "year": ("day", "date", "firstDay", "first", "firstYear"),
    "state": ("state",),
    "language": ("language",),
}
"""The variables that a parameter narrows; the first that the query returns counts."""

PARAMETERS = (*KINDS, *COLUMNS)
"""The names of all parameters."""

_FORUM = re.compile(
    r"\bid:china-celac-forum(?![\w-])|<https://w3id\.org/forumgraph/id/china-celac-forum>"
)
_SERIES = re.compile(r"\bdfo:inSeries id:ccf-ministerial-meetings(?![\w-])")
_MEETING = re.compile(r"\bid:ccf-ministerial-\d+(?![\w-])")
_PROLOGUE = re.compile(r"(?:\s*(?:#[^\n]*|PREFIX[^\n]*)\n)*", re.IGNORECASE)
_ORDER = re.compile(r"\nORDER BY [^\n]*\s*\Z")
_EMPTY = Store()


def variables(text: str) -> list[str]:
    """Return the variables that a SELECT returns, in its order; none for another form."""
    found = _EMPTY.query(text, prefixes=dict(PREFIXES))
    return [item.value for item in found.variables] if isinstance(found, QuerySolutions) else []


def parameters_of(text: str) -> dict[str, str]:
    """Return the parameters that a query takes, each with the variable that it narrows, or none."""
    found = {}
    if _FORUM.search(text) or _SERIES.search(text):
        found["forum"] = ""
    if _MEETING.search(text):
        found["meeting"] = ""
    returned = variables(text)
    for name, columns in COLUMNS.items():
        column = next((column for column in columns if column in returned), "")
        if column:
            found[name] = column
    return found


def choices_query(name: str) -> str:
    """Return the SELECT of the things that a parameter of ``KINDS`` can name."""
    return f"SELECT DISTINCT ?thing {{ ?thing a {KINDS[name]} }} ORDER BY ?thing"


def fill(text: str, values: Mapping[str, str], known: Callable[[str], Iterable[str]]) -> str:
    """Return a query for the values given.

    Args:
        text: the query, of our own.
        values: by parameter; a thing by its IRI or by what follows ``id:``.
        known: returns the values that a parameter can have.

    Raises:
        UsageError: the query takes no such parameter, or the parameter has no such value; the
            message names the nearest.
    """
    taken = parameters_of(text)
    for name, value in values.items():
        if name not in taken:
            offered = ", ".join(taken) or "none"
            raise UsageError(f"this question has no parameter '{name}'; it takes: {offered}")
        chosen = _choose(name, value, known(name))
        text = _with(text, name, taken[name], chosen)
    return text


def _choose(name: str, value: str, known: Iterable[str]) -> str:
    """Return the value that is meant.

    Raises:
        UsageError: there is none such.
    """
    short = {item.removeprefix(PREFIXES["id"]): item for item in known}
    wanted = expand(value) if value.startswith("id:") else value
    for key, item in short.items():
        if wanted.casefold() in {key.casefold(), item.casefold()}:
            return item
    near = _nearest_year(value, short) if name == "year" else nearest(value, short)
    near = near or next(iter(sorted(short)), "")
    advice = f"; the nearest is '{near}'" if near else ""
    raise UsageError(f"there is no {name} '{value}' here{advice}")


def _nearest_year(value: str, years: Iterable[str]) -> str | None:
    if not value.isdecimal():
        return None
    known = [year for year in sorted(years) if year.isdecimal()]
    return min(known, key=lambda year: abs(int(year) - int(value)), default=None)


def _with(text: str, name: str, column: str, value: str) -> str:
    if name == "forum":
        series = f"a dfo:MinisterialMeeting ; dfo:inSeries [ dfo:ofForum <{value}> ]"
        text = _SERIES.sub(series, text)
        return _FORUM.sub(f"<{value}>", text)
    if name == "meeting":
        return _MEETING.sub(f"<{value}>", text)
    return _narrowed(text, column, value, prefix=name == "year")


def _narrowed(text: str, column: str, value: str, *, prefix: bool) -> str:
    """Return a query around ``text`` that keeps the rows of a value, in the same order."""
    head = _PROLOGUE.match(text)
    start = head.end() if head else 0
    prologue, body = text[:start], text[start:].rstrip()
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    test = f'STRSTARTS(STR(?{column}), "{quoted}")' if prefix else f'STR(?{column}) = "{quoted}"'
    columns = " ".join(f"?{item}" for item in variables(text))
    inner = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
    made = f"{prologue}SELECT {columns}\nWHERE {{\n    {{\n{inner}\n    }}\n    FILTER ({test})\n}}"
    order = _ORDER.search(text)
    names = re.findall(r"\?(\w+)", order[0]) if order else []
    shown = set(columns.replace("?", "").split())
    return f"{made}\n{order[0].strip()}\n" if order and set(names) <= shown else f"{made}\n"
