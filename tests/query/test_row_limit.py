"""Rows counted and cut in serialized results."""

import pytest
from pyoxigraph import QuerySolutions, Store

from sparql_endpoint.errors import UsageError
from sparql_endpoint.query.formats import RESULT_FORMATS
from sparql_endpoint.query.row_limit import row_limit

NASTY = [
    r'"plain"',
    r'"},{"',
    r'"\"}},{\"x\":{\""',
    r'"line\nbreak \"quoted\"\r\n"',
    r'"<result></result>"',
    r'",{}\\"',
    r'"tab\tand comma, "@en',
    "<x:iri>",
    "4.5",
]
"""Values that look like a row's mark in some format."""


def _serialised(values: list[str], fmt: str) -> bytes:
    rows = " ".join(f"({value} {value})" for value in values)
    solutions = Store().query(f"SELECT * {{ VALUES (?x ?y) {{ {rows} }} }}")
    assert isinstance(solutions, QuerySolutions)
    return solutions.serialize(format=RESULT_FORMATS[fmt].engine) or b""


@pytest.mark.parametrize("step", [1, 2, 7, 64, 100_000])
@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_rows_are_counted_whatever_the_blocks(fmt: str, step: int) -> None:
    """The count is right for values that look like a row's mark, and for any cut into blocks."""
    values = NASTY * 3
    body = _serialised(values, fmt)
    counter = row_limit(fmt, 1000)
    for start in range(0, len(body), step):
        counter.feed(body[start : start + step])
    assert counter.rows == len(values)


@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_no_rows_are_none(fmt: str) -> None:
    """An empty result counts 0 rows."""
    counter = row_limit(fmt, 1000)
    counter.feed(_serialised([], fmt))
    assert counter.rows == 0


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize("rows", [1, 4, len(NASTY) - 1])
@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_cut_result_is_the_document_of_its_first_rows(fmt: str, rows: int, step: int) -> None:
    """What is cut is what the engine writes for the first rows alone."""
    body, limit = _serialised(NASTY, fmt), row_limit(fmt, rows)
    cuts = [limit.feed(body[start : start + step]) for start in range(0, len(body), step)]
    cut = next(at for at in cuts if at is not None)
    assert body[:cut] + limit.closing == _serialised(NASTY[:rows], fmt)
    assert limit.rows == rows


@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_as_many_rows_as_may_pass_are_not_cut(fmt: str) -> None:
    """The limit itself is allowed."""
    limit = row_limit(fmt, len(NASTY))
    assert limit.feed(_serialised(NASTY, fmt)) is None


def test_graph_formats_have_no_rows() -> None:
    """Triples are counted one by one, not in their bytes."""
    with pytest.raises(UsageError, match="turtle"):
        row_limit("turtle", 1)
