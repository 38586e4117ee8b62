"""The graph as tables: what stands in them, and what describes them."""

import csv
import io
import json
import sys
import zipfile
from pathlib import Path

import duckdb
import frictionless
import networkx as nx
import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.data_package import package, zipped
from sparql_endpoint.export.table_definitions import table_definitions
from sparql_endpoint.export.tables import csv_tables, parquet
from sparql_endpoint.graph.dataset import project_quads
from sparql_endpoint.names import PREFIXES

HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
SMALL = """
id:m a dfo:MinisterialMeeting ; rdfs:label "Meeting"@en , "Reunión"@es ; dfo:ordinal 2 ;
    dfo:heldOn "2018-01"^^xsd:gYearMonth , "2018-01-22"^^xsd:date ; schema:location id:b , id:a ;
    dfo:outcome id:d .
id:a a schema:City ; rdfs:label "Zürich"@en .
id:b a schema:City ; dcterms:title "Bern"@en ; geo:lat "46.95"^^xsd:decimal .
id:d a dfo:Declaration ; rdfs:label "Text, with \\"marks\\"\\nand a line"@en .
source:s a dfo:Source ; dfo:tier dfo:weak .
dfo:MinisterialMeeting rdfs:subClassOf dfo:Meeting .
dfo:Declaration rdfs:subClassOf dfo:OutcomeDocument .
dfo:OutcomeDocument rdfs:subClassOf schema:CreativeWork .
dfo:weak dfo:rank 4 .
claim:s-1 a dfo:Claim ; rdf:subject id:m ; rdf:predicate dfo:outcome ; rdf:object id:d ;
    dfo:claimant source:s ; dfo:standing dfo:asserted ; dfo:evidence source:s .
"""


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Return the data package of the project's own data."""
    return package(project_quads(), with_parquet=True)


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    """Return a folder of the files."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a table."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def small() -> dict[str, list[dict[str, str]]]:
    """Return the tables of a graph that was made up."""
    tables = csv_tables(parse(f"{HEADER}{SMALL}".encode(), RdfFormat.TURTLE))
    return {name: rows_of(content) for name, content in tables.items()}


def test_a_cell_has_every_value_in_the_order_of_iris_and_labels_in_theirs() -> None:
    """Two places stand in one cell, and their names beside them in the same order."""
    (meeting,) = small()["meetings"]
    space = PREFIXES["id"]
    assert meeting["location"] == f"{space}a | {space}b"
    assert meeting["location_label"] == "Zürich | Bern"
    assert meeting["held_on"] == "2018-01 | 2018-01-22"
    assert (meeting["ordinal"], meeting["meeting_label"]) == ("2", "Meeting")
    assert meeting["scheduled_on"] == ""


def test_each_thing_stands_in_the_tables_of_its_kind() -> None:
    """A document is a thing too; a source stands apart, and so does a claim."""
    tables = small()
    assert [row["thing"].rpartition("/")[2] for row in tables["things"]] == ["a", "b", "d", "m"]
    assert [row["claims"] for row in tables["things"]] == ["", "", "", "1"]
    (document,) = tables["documents"]
    assert document["document_label"] == 'Text, with "marks"\nand a line'
    assert document["outcome_of_label"] == "Meeting"
    (source,) = tables["sources"]
    assert (source["tier"], source["rank"], source["claims"]) == ("weak", "4", "1")
    assert [row["object_label"] for row in tables["claims"]] == [document["document_label"]]


def test_two_values_where_one_is_expected_are_refused() -> None:
    """The message names the table, the thing, the column and both values."""
    text = f"{HEADER}{SMALL} id:m dfo:ordinal 3 ."
    with pytest.raises(UsageError, match=r"table meetings: <.*/id/m> .* 'ordinal': 2, 3; "):
        csv_tables(parse(text.encode(), RdfFormat.TURTLE))


def test_no_row_of_the_projects_data_is_lost(files: dict[str, bytes]) -> None:
    """Each table has as many rows as a query of its own counts."""
    store = Store()
    store.extend(quad for quad in project_quads())
    counts = {
        "claims": "?x a dfo:Claim",
        "sources": "?x a dfo:Source",
        "things": 'GRAPH ?g { ?x a ?c } FILTER (CONTAINS(STR(?x), "/forumgraph/id/"))',
        "meetings": "GRAPH ?g { ?x a ?c } VALUES ?c { dfo:Meeting dfo:MinisterialMeeting"
        " dfo:LeadersMeeting dfo:SubforumMeeting }",
        "documents": "GRAPH ?g { ?x a ?c } VALUES ?c { dfo:OutcomeDocument dfo:Declaration"
        " dfo:ActionPlan schema:CreativeWork }",
    }
    for name, pattern in counts.items():
        query = f"SELECT DISTINCT ?x {{ {pattern} }}"
        found = store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        assert len(rows_of(files[f"{name}.csv"])) == len(list(found)) > 0, name


def test_the_data_package_is_valid_by_frictionless(folder: Path) -> None:
    """Its framework reads every row by the schema, and compares lengths and checksums."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["rowNumber", "fieldName", "type", "message"]) == []
    assert report.stats["tasks"] == len(table_definitions()) == 5


def test_a_wrong_cell_fails_the_data_package(folder: Path) -> None:
    """So the schema says something: a word is no ordinal."""
    path = folder / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",weak,4,", ",weak,four,"), "utf-8")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert {"type-error", "hash-count"} <= {row[0] for row in report.flatten(["type"])}


def test_the_metadata_of_csv_on_the_web_describes_each_column(files: dict[str, bytes]) -> None:
    """By the columns of the file, with what stands between several values."""
    for name, content in files.items():
        if not name.endswith(".csv"):
            continue
        metadata = json.loads(files[f"{name}-metadata.json"])
        columns = metadata["tableSchema"]["columns"]
        header = next(csv.reader(io.StringIO(content.decode(), newline="")))
        assert [column["name"] for column in columns] == header
        assert all(column["dc:description"].endswith(".") for column in columns)
        single = {column["name"] for column in columns if "separator" not in column}
        key = metadata["tableSchema"]["primaryKey"]
        assert metadata["url"] == name
        assert key in single
        assert not any(" | http" in row[column] for row in rows_of(content) for column in single)


def test_parquet_has_numbers_lists_and_nulls(folder: Path) -> None:
    """DuckDB reads back typed columns: an empty cell is null, several values are a list."""
    path = folder / "meetings.parquet"
    query = (
        f"SELECT ordinal, held_on, held_until, location_label FROM '{path}' WHERE meeting LIKE ?"
    )
    found = [duckdb.execute(query, [f"%/ccf-ministerial-{number}"]).fetchone() for number in (1, 3)]
    places = ["Beijing", "Great Hall of the People"]
    assert found[0] == (1, ["2015-01-08"], ["2015-01-09"], places)
    assert found[1] == (3, ["2021-12-03"], None, None)
    counted = duckdb.execute(f"SELECT count(*) FROM '{folder / 'claims.parquet'}'").fetchone()
    assert counted == (len(rows_of((folder / "claims.csv").read_bytes())),)


def test_parquet_without_duckdb_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the command."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"pip install 'forumgraph\[tables\]'"):
        parquet({})


def test_networkx_reads_things_and_relations(folder: Path) -> None:
    """A node for each thing, and an edge that says how many claims make the statement."""
    graph = nx.read_graphml(folder / "things.graphml", force_multigraph=True)
    things = {row["thing"] for row in rows_of((folder / "things.csv").read_bytes())}
    assert set(graph) == things
    space = PREFIXES["id"]
    (edge,) = graph[f"{space}ccf-ministerial-2"][f"{space}santiago"].values()
    assert edge["property"] == "https://schema.org/location"
    assert edge["label"] == "schema:location"
    assert edge["claims"] > 0
    assert graph.nodes[f"{space}santiago"]["label"] == "Santiago"


def test_the_same_data_give_the_same_files(files: dict[str, bytes]) -> None:
    """In any order of the statements, and so does their archive."""
    again = package(reversed(list(project_quads())), with_parquet=True)
    assert again == files
    archive = zipped(files)
    assert archive == zipped(again)
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.read("datapackage.json") == files["datapackage.json"]
