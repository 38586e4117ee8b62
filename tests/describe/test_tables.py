"""``/tables``: the files of the data package on the server."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, Graph, Namespace

from sparql_endpoint.app import TASKS, Shared, create_app
from sparql_endpoint.describe import tables
from sparql_endpoint.endpoint.service import About, service
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.export.data_package import package
from sparql_endpoint.graph.dataset import load_project, project_quads
from sparql_endpoint.query.evaluation import QueryRunner

SPDX = Namespace("http://spdx.org/rdf/terms#")
OWN = About("1234", datetime(2024, 5, 6, tzinfo=UTC), own=True)


@pytest.fixture(scope="module")
def own() -> FlaskClient:
    """Return a client of a server of the project's own data."""
    settings = Settings(requests_per_second=0)
    return create_app(QueryRunner.over(load_project()), OWN, settings).test_client()


def test_the_server_has_the_files_that_the_command_writes(own: FlaskClient) -> None:
    """Byte for byte, each with its media type."""
    types = {
        "csv": "text/csv",
        "json": "application/json",
        "graphml": "application/graphml+xml",
        "parquet": "application/vnd.apache.parquet",
    }
    for name, content in package(project_quads(), with_parquet=True).items():
        response = own.get(f"/tables/{name}", buffered=True)
        is_csvw = name.endswith(".csv-metadata.json")
        wanted = "application/csvm+json" if is_csvw else types[name.rpartition(".")[2]]
        assert (response.data, response.mimetype) == (content, wanted), name


def test_a_table_leads_to_its_metadata(own: FlaskClient) -> None:
    """By the link header that CSV on the Web asks for."""
    link = own.get("/tables/meetings.csv", buffered=True).headers["Link"]
    assert link == ('<meetings.csv-metadata.json>; rel="describedby"; type="application/csvm+json"')
    found = json.loads(own.get("/tables/meetings.csv-metadata.json", buffered=True).data)
    assert found["url"] == "meetings.csv"


def test_a_client_that_has_a_table_gets_none(own: FlaskClient) -> None:
    """The entity tag holds as long as the bytes stay the same; parts are served too."""
    tag = own.get("/tables/things.csv", buffered=True).headers["ETag"]
    known = own.get("/tables/things.csv", headers={"If-None-Match": tag}, buffered=True)
    assert known.status_code == 304
    known.close()
    part = own.get("/tables/things.csv", headers={"Range": "bytes=0-4"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"thing")


def test_an_unknown_table_lists_those_that_there_are(own: FlaskClient) -> None:
    """A 404 that helps."""
    response = own.get("/tables/people.csv")
    assert response.status_code == 404
    assert "claims.csv, things.csv" in json.loads(response.data)["detail"]


def test_without_duckdb_the_server_says_how_parquet_is_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CSV is there all the same."""
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    client = create_app(QueryRunner.over(load_project()), OWN).test_client()
    response = client.get("/tables/claims.parquet")
    assert response.status_code == 404
    assert "pip install 'forumgraph[tables]'" in json.loads(response.data)["detail"]
    assert client.get("/tables/claims.csv", buffered=True).status_code == 200


def test_other_data_have_no_tables(client: FlaskClient) -> None:
    """The columns are those of our own vocabulary."""
    response = client.get("/tables/claims.csv")
    assert response.status_code == 404
    assert "there is none" in json.loads(response.data)["detail"]


def test_a_worker_has_the_tables_written_by_a_task(tmp_path: Path) -> None:
    """It names the task, and serves what that wrote."""
    tasks: list[str] = []

    def start(name: str) -> None:
        tasks.append(name)
        TASKS[name](service(app))

    app = create_app(
        QueryRunner.over(load_project()), OWN, None, Shared(tmp_path, start_task=start)
    )
    response = app.test_client().get("/tables/sources.csv", buffered=True)
    assert tasks == ["tables"]
    assert next(csv.reader(io.StringIO(response.text)))[0] == "source"


def test_the_archive_is_among_the_dumps(own: FlaskClient) -> None:
    """The latest leads to a file that never changes, whose length and checksum DCAT has."""
    moved = own.get("/dump/latest.csv.zip")
    assert (moved.status_code, moved.headers["Cache-Control"]) == (302, "no-cache")
    response = own.get(moved.headers["Location"], buffered=True)
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert {"claims.csv", "datapackage.json"} <= set(archive.namelist())
    assert "immutable" in response.headers["Cache-Control"]
    void = Graph().parse(data=own.get("/.well-known/void?format=turtle").text)
    (file,) = void.subjects(DCAT.packageFormat)
    assert str(void.value(file, DCAT.downloadURL)).endswith(moved.headers["Location"])
    assert str(void.value(file, DCAT.byteSize)) == str(len(response.data))
    (digest,) = void.objects(file, SPDX.checksum / SPDX.checksumValue)
    assert str(digest) == hashlib.sha256(response.data).hexdigest()


def test_an_archive_of_another_version_is_not_found(own: FlaskClient, client: FlaskClient) -> None:
    """The list of what there is names the archive, for our own data only."""
    assert own.get("/dump/0.0.1-12.csv.zip").status_code == 404
    assert client.get("/dump/latest.csv.zip").status_code == 404
    assert "latest.csv.zip" in json.loads(own.get("/dump/latest.zzz").data)["detail"]
    assert "csv.zip" not in json.loads(client.get("/dump/latest.zzz").data)["detail"]
