"""Lists as data: the rows of a page as CSV for spreadsheets, or as JSON."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from flask import Response

from sparql_endpoint.errors import UsageError

__all__ = ["as_csv", "listing"]

_MARK = "\ufeff"
"""Tells spreadsheets that a file is in UTF-8."""


def listing(
    name: str, form: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]
) -> Response:
    """Return rows in the form that ``?format=`` names.

    Args:
        name: what a file of them is called, without its ending.
        form: csv or json.
        columns: the names of the columns, in order.
        rows: the values by column; a row may lack some.

    Raises:
        UsageError: there is no such form.
    """
    if form == "csv":
        found = ([row.get(column, "") for column in columns] for row in rows)
        body, media_type = as_csv(columns, found), "text/csv"
    elif form == "json":
        filled = [{name: value for name, value in row.items() if value} for row in rows]
        body, media_type = json.dumps(filled, ensure_ascii=False).encode(), "application/json"
    else:
        raise UsageError(f"a list is offered as csv or json, not as '{form}'")
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    file = name.replace(":", "-").replace("/", "-")
    response.headers["Content-Disposition"] = f'inline; filename="{file}.{form}"'
    return response


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """Return a table as CSV in UTF-8, with a mark by which spreadsheets know it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return f"{_MARK}{out.getvalue()}".encode()
