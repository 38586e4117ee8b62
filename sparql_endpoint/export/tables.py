"""Claims, things, meetings, documents and sources as tables: CSV, Parquet and GraphML.

``tables.toml`` defines the columns; ``data_package.py`` describes the files.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.claims_csv import claims_csv
from sparql_endpoint.export.table_definitions import (
    BETWEEN,
    Column,
    TableDefinition,
    table_definitions,
)
from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["csv_tables", "parquet"]

_LABELS = """
SELECT ?row ?value {
  VALUES ?property { rdfs:label skos:prefLabel dcterms:title }
  ?row ?property ?value
} ORDER BY ?row (LANG(?value) != "en") (?property = dcterms:title) LANG(?value) STR(?value)"""
_DUCKDB = {"integer": "BIGINT", "number": "DOUBLE"}

Values = Mapping[str, Sequence[str]]
"""The values of a column by the IRI of the row."""


def csv_tables(statements: Iterable[Quad]) -> dict[str, bytes]:
    """Return each table of ``tables.toml`` as CSV (RFC 4180, UTF-8) by its name.

    Rows are in the order of the IRIs of their keys, and so are the values of a cell.
    """
    quads = list(statements)
    store = Store()
    store.bulk_extend(Quad(*quad.triple) for quad in quads)
    found = _select(store, _LABELS)
    labels = {iri: values[0] for iri, values in found.items()}
    return {
        name: _csv(table, store, labels) if table.rows else claims_csv(quads, quads)
        for name, table in table_definitions().items()
    }


def _csv(table: TableDefinition, store: Store, labels: Mapping[str, str]) -> bytes:
    columns: dict[str, Values] = {}
    for column in table.columns:
        columns[column.name] = (
            _labels(columns[column.label_of], labels)
            if column.label_of
            else _values(table, column, store)
        )
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(table.header)
    for row in columns[table.key]:
        writer.writerow(BETWEEN.join(columns[name].get(row, ())) for name in table.header)
    return output.getvalue().encode()


def _values(table: TableDefinition, column: Column, store: Store) -> Values:
    found = _select(
        store,
        f"SELECT DISTINCT ?row ?value {{ {{ SELECT DISTINCT ?row {{ {table.rows} }} }}"
        f" {column.values} }} ORDER BY ?row STR(?value)",
    )
    for row, values in found.items():
        if len(values) > 1 and not column.several:
            raise UsageError(
                f"table {table.name}: <{row}> has several values for '{column.name}':"
                f" {', '.join(values)}; remove all but one, or add 'several = true' in tables.toml"
            )
    return found


def _labels(values: Values, labels: Mapping[str, str]) -> Values:
    return {
        row: [labels.get(iri) or shorten(iri).strip("<>") for iri in iris]
        for row, iris in values.items()
    }


def _select(store: Store, query: str) -> dict[str, list[str]]:
    """Return the distinct texts of ?value by that of ?row, in the order of the solutions."""
    solutions = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(solutions, QuerySolutions)  # noqa: S101  # the queries are SELECTs
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for solution in solutions:
        row, value = solution["row"], solution["value"]
        if isinstance(row, NamedNode) and isinstance(value, NamedNode | Literal):
            found[row.value][value.value] = None
    return {row: list(values) for row, values in found.items()}


def parquet(tables: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return tables, as ``csv_tables`` returns them, in Parquet; several values are a list.

    Raises:
        UsageError: DuckDB, which writes them, is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415  # an extra
    except ImportError:
        raise UsageError(
            "Parquet is written by DuckDB: install it by pip install 'forumgraph[tables]',"
            " or take CSV"
        ) from None
    files = {}
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        source, target = Path(folder) / "table.csv", Path(folder) / "table.parquet"
        for name, content in tables.items():
            source.write_bytes(content)
            columns = table_definitions()[name].columns
            types = ", ".join(f"'{column.name}': 'VARCHAR'" for column in columns)
            read = (
                f"read_csv('{source}', header = true, auto_detect = false, columns = {{{types}}})"
            )
            cells = ", ".join(map(_parquet_column, columns))
            select = f"SELECT {cells} FROM {read}"  # noqa: S608  # names of ours only
            connection.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet)")
            files[name] = target.read_bytes()
    return files


def _parquet_column(column: Column) -> str:
    """Return the column as an expression of SQL; an empty cell is NULL."""
    kind = _DUCKDB.get(column.type, "VARCHAR")
    cell = f"nullif(\"{column.name}\", '')"
    if column.several:
        cell, kind = f"string_split({cell}, '{BETWEEN}')", f"{kind}[]"
    return f'CAST({cell} AS {kind}) AS "{column.name}"'
