"""The tables as files that describe themselves: a data package, with CSVW beside each table.

Data Package 1.0 (https://specs.frictionlessdata.io/tabular-data-package/) and CSV on the Web
(https://www.w3.org/TR/tabular-metadata/), both made of ``tables.toml``.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import Quad

from sparql_endpoint import __version__
from sparql_endpoint.export.graphml import graphml
from sparql_endpoint.export.table_definitions import (
    BETWEEN,
    Column,
    TableDefinition,
    table_definitions,
)
from sparql_endpoint.export.tables import csv_tables, parquet
from sparql_endpoint.names import BASE
from sparql_endpoint.project import project

__all__ = ["CSVW", "MEDIA_TYPES", "package", "zipped"]

CSVW = ".csv-metadata.json"
"""What the name of the metadata of a table ends with (CSVW, section 5.3)."""

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "graphml": "application/graphml+xml",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}
"""The media type of a file by the ending of its name; that of CSVW is another."""

Json = dict[str, Any]

_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time of a file in a ZIP archive."""
_DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_CSVW: Mapping[str, Json | str] = {
    "date": {"base": "string", "format": _DATE},
    "iri": "anyURI",
    "number": "decimal",
}


def package(statements: Iterable[Quad], *, with_parquet: bool = False) -> dict[str, bytes]:
    """Return the files of a data package by their names, the same bytes each time.

    They are the tables in CSV, the CSVW metadata of each, ``datapackage.json``, things and their
    relations in GraphML (``things.graphml``), and the tables in Parquet too if wanted.

    Raises:
        UsageError: Parquet is wanted, and what writes it is not installed.
    """
    quads = list(statements)
    tables = csv_tables(quads)
    definitions = table_definitions()
    files = {f"{name}.csv": content for name, content in tables.items()}
    files |= {f"{name}{CSVW}": _json(_csvw(definitions[name])) for name in tables}
    files["datapackage.json"] = _json(
        {
            "profile": "tabular-data-package",
            "name": "forumgraph",
            "title": project().name,
            "version": __version__,
            "homepage": BASE,
            "licenses": [{"name": "CC-BY-4.0", "path": _LICENSE}],
            "resources": [_resource(definitions[name], tables[name]) for name in tables],
        }
    )
    files["things.graphml"] = graphml(quads)
    if with_parquet:
        files |= {f"{name}.parquet": content for name, content in parquet(tables).items()}
    return files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP archive, the same bytes each time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in files.items():
            writer.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _resource(table: TableDefinition, content: bytes) -> Json:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.about,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [_field(column, table) for column in table.columns],
            "primaryKey": table.key,
            "missingValues": [""],
        },
    }


def _field(column: Column, table: TableDefinition) -> Json:
    """Return a column as a field of a table schema; a cell of several values is a string there."""
    kind: Json = {"type": "string"}
    if not column.several and column.type == "iri":
        kind = {"type": "string", "format": "uri"}
    elif not column.several and column.type in {"integer", "number"}:
        kind = {"type": column.type}
    limits: Json = {"required": True, "unique": True} if column.name == table.key else {}
    if column.type == "date" and not column.several:
        limits["pattern"] = _DATE
    between = f" Several values have '{BETWEEN}' between them." if column.several else ""
    field = {"name": column.name, "description": f"{column.about}{between}", **kind}
    return field | ({"constraints": limits} if limits else {})


def _csvw(table: TableDefinition) -> Json:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.about,
        "dc:license": {"@id": _LICENSE},
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:description": column.about,
                    "datatype": _CSVW.get(column.type, column.type),
                    **({"separator": BETWEEN} if column.several else {}),
                    **({"required": True} if column.name == table.key else {}),
                }
                for column in table.columns
            ],
            "primaryKey": table.key,
            "aboutUrl": f"{{+{table.key}}}",
        },
    }


def _json(document: Json) -> bytes:
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()
