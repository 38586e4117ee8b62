"""``/tables/<name>``: the graph as tables, with what describes them, for the project's own data.

Parquet is among them where DuckDB is installed.
"""

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, url_for

from sparql_endpoint.describe.downloads import sent_file
from sparql_endpoint.describe.dumps import await_file, named_statements, version
from sparql_endpoint.endpoint.service import Service, service
from sparql_endpoint.errors import NotFoundError, ServerBusyError
from sparql_endpoint.export.atomic import whole_file
from sparql_endpoint.export.data_package import CSVW, MEDIA_TYPES, package, zipped

__all__ = ["TASK", "archive_facts", "blueprint", "table_files", "write_tables"]

TASK = "tables"
PACKAGE = "tables.zip"
"""The name of the archive that has all files but those in Parquet."""

blueprint = Blueprint("tables", __name__)

_INDEX = "index"
_CSVM = "application/csvm+json"


@blueprint.get("/dump/<version_or_latest>.csv.zip")
def archive(version_or_latest: str) -> Response:
    """Return the tables as one file that never changes; ``latest`` leads to today's.

    Raises:
        NotFoundError: there is none of that version.
        ServerBusyError: it is being written.
    """
    files, today = table_files(service()), version(service())
    if version_or_latest not in {"latest", today} or not files:
        there = "latest.csv.zip" if files else "none"
        raise NotFoundError(f"there is no dump '{version_or_latest}.csv.zip'; there is {there}")
    if version_or_latest == "latest":
        there = url_for("tables.archive", version_or_latest=today)
        moved = Response(status=HTTPStatus.FOUND, headers={"Location": there})
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    return sent_file(
        _folder(service()) / PACKAGE,
        content_type=MEDIA_TYPES["zip"],
        sha256=files[PACKAGE],
        name=f"forumgraph-{today}.csv.zip",
    )


@blueprint.get("/tables/<name>")
def table_file(name: str) -> Response:
    """Return a file; that of a table names its metadata (CSVW, section 5.2).

    Raises:
        NotFoundError: there is no such file; the message lists those that there are.
        ServerBusyError: it is being written.
    """
    files = table_files(service())
    if name not in files:
        missing = name.endswith(".parquet") and not _has_parquet()
        more = "; the operator adds Parquet by pip install 'forumgraph[tables]'" if missing else ""
        raise NotFoundError(
            f"there is no table '{name}'; there is {', '.join(files) or 'none'}{more}"
        )
    is_csvw = name.endswith(CSVW)
    response = sent_file(
        _folder(service()) / name,
        content_type=_CSVM if is_csvw else MEDIA_TYPES[name.rpartition(".")[2]],
        sha256=files[name],
        is_final=False,
    )
    if name.endswith(".csv"):
        metadata = f"{name.removesuffix('.csv')}{CSVW}"
        response.headers.add("Link", f'<{metadata}>; rel="describedby"; type="{_CSVM}"')
    return response


def table_files(served: Service) -> Mapping[str, str]:
    """Return the SHA-256 of each file by its name; none for data that are not the project's own.

    Raises:
        ServerBusyError: they are being written.
        ForumGraphError: the data could not be read.
    """
    if not served.about.own:
        return {}
    index = _folder(served) / _INDEX
    await_file(served, index, TASK, write_tables)
    files: dict[str, str] = json.loads(index.read_text(encoding="utf-8"))
    return files


def archive_facts(served: Service) -> Mapping[str, str | int] | None:
    """Return name, length in bytes and SHA-256 of the archive, None where it is not there (yet)."""
    try:
        files = table_files(served)
    except ServerBusyError:
        return None
    if not files:
        return None
    size = (_folder(served) / PACKAGE).stat().st_size
    return {"name": f"{version(served)}.csv.zip", "size": size, "sha256": files[PACKAGE]}


def write_tables(served: Service) -> None:
    """Write all files.

    Raises:
        ForumGraphError: the data could not be read.
    """
    files = package(named_statements(served), with_parquet=_has_parquet())
    plain = {name: body for name, body in files.items() if not name.endswith(".parquet")}
    files[PACKAGE] = zipped(plain)
    folder = _folder(served)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _write(folder / name, content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    _write(folder / _INDEX, json.dumps(digests).encode())


def _write(path: Path, content: bytes) -> None:
    with whole_file(path) as file:
        file.write(content)


def _has_parquet() -> bool:
    return find_spec("duckdb") is not None


def _folder(served: Service) -> Path:
    return served.folder / "tables" / version(served)
