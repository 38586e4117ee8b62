"""Rows counted and cut in serialised results."""

import json
import xml.etree.ElementTree as ET

import pytest
from pyoxigraph import QuerySolutions, Store

from sparql_endpoint.query.row_limit import cut, row_counter
from sparql_endpoint.errors import UsageError
from sparql_endpoint.query.formats import RESULT_FORMATS

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
    counter = row_counter(fmt)
    for start in range(0, len(body), step):
        counter.feed(body[start : start + step])
    assert counter.rows == len(values)


@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_no_rows_are_none(fmt: str) -> None:
    """An empty result counts 0 rows."""
    counter = row_counter(fmt)
    counter.feed(_serialised([], fmt))
    assert counter.rows == 0


@pytest.mark.parametrize("rows", [1, 4, len(NASTY) - 1])
@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_cut_result_is_the_document_of_its_first_rows(fmt: str, rows: int) -> None:
    """What is cut, wherever it ended, is what the engine writes for the first rows alone."""
    body = _serialised(NASTY, fmt)
    wanted = _serialised(NASTY[:rows], fmt)
    assert cut(body, rows, fmt) == wanted
    assert cut(body[: len(wanted) + 30], rows, fmt) == wanted


def test_cut_documents_parse() -> None:
    """JSON and XML stay well-formed."""
    assert len(json.loads(cut(_serialised(NASTY, "json"), 5, "json"))["results"]["bindings"]) == 5
    tree = ET.fromstring(cut(_serialised(NASTY, "xml"), 5, "xml"))
    assert len(tree[1]) == 5


def test_graph_formats_have_no_rows() -> None:
    """Triples are counted one by one, not in their bytes."""
    with pytest.raises(UsageError, match="turtle"):
        row_counter("turtle")
