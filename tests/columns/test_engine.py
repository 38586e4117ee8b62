"""What columns are made of, when they answer, and that without them all goes on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple

pytest.importorskip("duckdb")

from datetime import UTC, datetime

from sparql_endpoint.app import create_app
from sparql_endpoint.columns.engine import Columns, columns_of
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.errors import DataError
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import Query, QueryRunner
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

_COUNT = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
_ROWS = "SELECT ?s ?o { ?s <a:p> ?o }"
_ODD = """
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<a:a> <a:p> 007 , 7 , "07"^^xsd:int , 1.50 , "a"@EN-us , "a\\n\\"\\u0001" , _:x , "1"^^xsd:boolean .
<a:g> { _:x <a:p> 7 , "2000-01-01T24:00:00"^^xsd:dateTime . _:x <a:q> _:y }
_:g { <a:a> <a:p> "x"^^xsd:integer , "" }
"""


def _store(triples: int = 9) -> Store:
    store = Store()
    data = "".join(f"<a:{n}> <a:p> {n} . " for n in range(triples))
    store.load(data, RdfFormat.TURTLE)
    return store


def _runner(store: Store, folder: Path, **options: object) -> QueryRunner:
    return QueryRunner.over(store, second=Columns(folder, few_steps=0), **options)


def test_answer_names_its_engine(tmp_path: Path) -> None:
    """A result says what evaluated it: columns once they are made."""
    store = _store()
    runner = _runner(store, tmp_path / "columns")
    assert runner.run(Query(_COUNT)).engine == "oxigraph"
    assert runner.second is not None
    assert runner.second.make(store)
    result = runner.run(Query(_COUNT))
    assert result.engine == "columns"
    assert json.loads(result.body.read())["results"]["bindings"][0]["n"]["value"] == "9"


def _cut(folder: Path) -> None:
    path = folder / "lexical"
    path.write_bytes(path.read_bytes()[:-1])


def _age(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_text())
    (folder / "about.json").write_text(json.dumps({**about, "version": 0}))


def _spoil(folder: Path) -> None:
    path = folder / "quads.duckdb"
    path.write_bytes(b"\0" * path.stat().st_size)


def _lose(folder: Path) -> None:
    (folder / "offsets").unlink()


@pytest.mark.parametrize("harm", [_cut, _age, _spoil, _lose])
def test_broken_files_cost_time_only(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """Files that are cut, old, overwritten or lost leave the query to the other engine."""
    store, folder = _store(), tmp_path / "columns"
    Columns(folder).make(store)
    harm(folder)
    result = _runner(store, folder).run(Query(_COUNT))
    assert (result.engine, result.rows) == ("oxigraph", 1)


def test_columns_of_a_store_that_was_changed_are_not_used(tmp_path: Path) -> None:
    """Files that were made of another content of the store on disk do not answer."""
    (tmp_path / "one.nt").write_text("<a:a> <a:p> <a:b> .\n")
    load([tmp_path / "one.nt"], tmp_path / "store")
    folder = current(tmp_path / "store")
    columns = Columns(columns_of(folder), folder, few_steps=0)
    assert columns.answer(_COUNT, None, None, 10) is not None
    (folder / "999999.sst").write_bytes(b"more")
    changed = Columns(columns_of(folder), folder, few_steps=0)
    assert changed.answer(_COUNT, None, None, 10) is None


def test_load_makes_columns_that_answer(tmp_path: Path) -> None:
    """A store on disk comes with columns, which have its content."""
    (tmp_path / "one.nt").write_text("<a:a> <a:p> <a:b> .\n<a:a> <a:p> <a:c> .\n")
    loaded = load([tmp_path / "one.nt"], tmp_path / "store")
    assert loaded.columns is not None
    folder = current(tmp_path / "store")
    second = Columns(columns_of(folder), folder, few_steps=0)
    runner = QueryRunner(lambda: open_read_only(folder), second=second)
    result = runner.run(Query(_COUNT, result_format="csv"))
    assert (result.engine, result.body.read()) == ("columns", b"p,n\r\na:p,2\r\n")


def test_loaded_columns_hold_terms_as_the_store_keeps_them(tmp_path: Path) -> None:
    """Numbers by value, tags in small letters, labels of blank nodes, and each quad once."""
    (tmp_path / "one.trig").write_text(_ODD)
    (tmp_path / "two.trig").write_text(_ODD)
    load([tmp_path / "one.trig", tmp_path / "two.trig"], tmp_path / "store")
    folder = current(tmp_path / "store")
    first = QueryRunner(lambda: open_read_only(folder))
    second = QueryRunner(first.open_store, second=Columns(columns_of(folder), folder, few_steps=0))
    for text in ("SELECT ?s ?p ?o { ?s ?p ?o }", "SELECT ?g ?s ?o { GRAPH ?g { ?s ?p ?o } }"):
        query = Query(text, result_format="tsv")
        answers = [first.run(query), second.run(query)]
        assert [answer.engine for answer in answers] == ["oxigraph", "columns"]
        rows = [sorted(answer.body.read().splitlines()) for answer in answers]
        assert rows[0] == rows[1]
    assert not list(folder.rglob("*.csv"))


def test_load_that_fails_leaves_no_columns(tmp_path: Path) -> None:
    """Neither a store nor a part of its columns is there after an error."""
    (tmp_path / "bad.nt").write_text("<a:a> <a:p> .\n")
    with pytest.raises(DataError):
        load([tmp_path / "bad.nt"], tmp_path / "store")
    assert list((tmp_path / "store").rglob("about.json")) == []


def test_triple_terms_have_no_columns(tmp_path: Path) -> None:
    """Data with terms of RDF 1.2 are left to the other engine, and nothing is left behind."""
    store, name = Store(), NamedNode("a:p")
    store.add(Quad(BlankNode(), name, Triple(name, name, name)))
    assert not Columns(tmp_path / "columns").make(store)
    assert list(tmp_path.iterdir()) == []


def test_look_ups_are_left_to_the_other_engine(tmp_path: Path) -> None:
    """A query that looks at few triples, or starts from a known subject, is not for columns."""
    store, folder = _store(2000), tmp_path / "columns"
    columns = Columns(folder)
    columns.make(store)
    assert columns.answer(_COUNT, None, None, 10) is not None
    assert columns.answer("SELECT ?o { <a:1> <a:p> ?o }", None, None, 10) is None
    assert columns.answer("SELECT ?s { ?s <a:p> 7 }", None, None, 10) is None
    assert columns.answer("SELECT ?s ?o { ?s <a:p> ?o } LIMIT 5", None, None, 10) is None


def test_answer_is_cut_as_the_other_engine_cuts(tmp_path: Path) -> None:
    """The limit on rows holds, and the answer says that it was cut."""
    store, folder = _store(), tmp_path / "columns"
    Columns(folder).make(store)
    result = _runner(store, folder, limits=Limits(max_rows=3)).run(Query(_ROWS))
    assert (result.engine, result.complete, result.rows) == ("columns", False, 3)
    whole = _runner(store, folder, limits=Limits(max_rows=9)).run(Query(_ROWS))
    assert (whole.complete, whole.rows) == (True, 9)
    wanted = _runner(store, folder, limits=Limits(max_rows=3)).run(Query(_ROWS, whole=True))
    assert (wanted.engine, wanted.complete, wanted.rows) == ("columns", True, 9)


def test_pages_of_an_answer_fit_together(tmp_path: Path) -> None:
    """Parts by OFFSET have each row once, as rows come in one order."""
    store, folder = _store(), tmp_path / "columns"
    Columns(folder).make(store)
    runner = _runner(store, folder, limits=Limits(max_rows=4))
    lines = list[bytes]()
    for start in (0, 4, 8):
        result = runner.run(Query(f"{_ROWS}\nOFFSET {start}", result_format="csv"))
        assert result.engine == "columns"
        lines += result.body.read().splitlines()[1:]
    assert sorted(lines) == sorted(f"a:{n},{n}".encode() for n in range(9))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s <a:p> ?o ?s <a:p> ?x }",
        "SELECT { ?s <a:p> ?o }",
        "SELECT ?s { ?s <a:p> ?o FILTER ?o }",
        "SELECT ?s { ?s <a:p> _:b OPTIONAL { ?s <a:p> _:b } }",
        "SELECT ?s ?o { ?s <a:p> ?o } GROUP BY ?s",
        "SELECT (COUNT(*) AS ?s) { ?s <a:p> ?o }",
    ],
)
def test_what_is_no_query_is_not_answered(tmp_path: Path, text: str) -> None:
    """A text that the other engine does not parse has no answer from columns."""
    folder = tmp_path / "columns"
    columns = Columns(folder, few_steps=0)
    columns.make(_store())
    assert columns.answer(text, None, None, 10) is None


def test_header_and_metrics_name_the_engine(tmp_path: Path) -> None:
    """A response has the engine in X-Query-Engine, and /metrics counts answers by it."""
    store, folder = _store(), tmp_path / "columns"
    Columns(folder).make(store)
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC))
    client = create_app(_runner(store, folder), about).test_client()
    answer = client.get("/sparql", query_string={"query": _COUNT})
    assert answer.headers["X-Query-Engine"] == "columns"
    answer = client.get("/sparql", query_string={"query": "DESCRIBE <a:1>"})
    assert answer.headers["X-Query-Engine"] == "oxigraph"
    metrics = client.get("/metrics").text
    assert 'forumgraph_queries_by_engine_total{engine="columns"} 1.0' in metrics
