"""The rules of the translation, each by a query, its rows, and the rows of both engines."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, QueryBoolean, QuerySolutions, RdfFormat, Store, Triple

pytest.importorskip("duckdb")

from sparql_endpoint.columns.engine import Columns
from sparql_endpoint.query.outline import outline
from sparql_endpoint.query.run import run

_CASES = tomllib.loads((Path(__file__).parent / "translations.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store() -> Store:
    """Return the data of the table."""
    store = Store()
    store.load(_CASES["data"], RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def columns(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Columns:
    """Return columns of these data that take every query that they can."""
    made = Columns(tmp_path_factory.mktemp("columns") / "columns", few_steps=0)
    assert made.make(store)
    return made


def _rows(text: str, results: Any) -> list[str]:
    if isinstance(results, QueryBoolean):
        return ["true" if results else "false"]
    if isinstance(results, QuerySolutions):
        names = [variable.value for variable in results.variables]
        found = [" ".join(_text(row[name]) for name in names) for row in results]
    else:
        found = [" ".join(map(_text, triple)) for triple in results]
    return found if "ORDER" in text else sorted(found)


def _text(term: Any) -> str:
    if isinstance(term, Triple):
        raise TypeError
    if isinstance(term, Literal) and term.datatype.value.endswith("decimal"):
        return term.value if "." in term.value else f"{term.value}.0"
    return "-" if term is None else str(term.value)


@pytest.mark.parametrize("name", _CASES["queries"])
def test_both_engines_return_the_rows_of_the_table(
    name: str, store: Store, columns: Columns
) -> None:
    """Columns answer the query, and both engines with the rows that SPARQL asks for."""
    text, *expected = _CASES["queries"][name]
    found = columns.answer(text, outline(text).dataset, None, 1000)
    assert found is not None
    assert _rows(text, run(store, text)) == expected
    assert _rows(text, found) == expected


@pytest.mark.parametrize("name", _CASES["left"])
def test_what_has_no_exact_translation_is_left(name: str, columns: Columns) -> None:
    """Columns have no answer to a query of which theirs might not be right."""
    text = _CASES["left"][name]
    assert columns.answer(text, outline(text).dataset, None, 1000) is None
