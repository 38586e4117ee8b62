"""Queries answered in processes of their own."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from trusted_jobs import write_size

from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.engine.query import Query
from sparql_endpoint.engine.scheduler import LOWEST
from sparql_endpoint.errors import (
    DataError,
    ForumGraphError,
    NotFoundError,
    QueryCancelledError,
    QueryCrashedError,
    QueryMemoryError,
    QuerySyntaxError,
    QueryTimeoutError,
    QueryTooLongError,
    ResultTooLargeError,
    ServiceRefusedError,
    UpdateRefusedError,
    UsageError,
)
from sparql_endpoint.graph.dataset import load_files

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
ALL = "SELECT * { ?a ?b ?c }"
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def _wait_until(true: Any, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _answers(engine: Engine) -> bool:
    answer = engine.run(Query("SELECT ?o { <http://e/7> <http://e/label> ?o }", "csv")).read()
    return answer == b"o\r\nthing 7\r\n"


def test_select_comes_whole_with_its_variables_and_rows(engine: Engine) -> None:
    """A small answer says before its first byte that it is whole, and how many rows it has."""
    result = engine.run(Query("SELECT ?o { <http://e/7> ?p ?o } ORDER BY ?p"))
    assert (result.kind, result.variables, result.format) == ("SELECT", ("o",), "json")
    assert (result.complete, result.rows, result.streamed) == (True, 3, False)
    bindings = json.loads(result.read())["results"]["bindings"]
    assert [row["o"]["value"] for row in bindings] == ["thing 7", "http://e/8", "7"]


def test_ask_and_construct_answer_in_their_own_formats(engine: Engine) -> None:
    """The format follows from the query's kind."""
    query = Query("ASK { ?s ?p ?o }", "json", "ntriples")
    assert json.loads(engine.run(query).read())["boolean"] is True
    query = Query("CONSTRUCT WHERE { <http://e/7> <http://e/next> ?o }", "json", "ntriples")
    assert engine.run(query).read() == b"<http://e/7> <http://e/next> <http://e/8> .\n"


TERMS = r"""SELECT ?x ?y { VALUES (?x ?y) {
    (<http://e/i> "com,ma") ("quo\"te"@en UNDEF) (5 "li\ne") ("ta\tb" 2.5) ("" true) } }"""


@pytest.mark.parametrize(
    ("fmt", "expected"),
    [
        (
            "csv",
            b'x,y\r\nhttp://e/i,"com,ma"\r\n"quo""te",\r\n5,"li\ne"\r\nta\tb,2.5\r\n,true\r\n',
        ),
        (
            "tsv",
            b'?x\t?y\n<http://e/i>\t"com,ma"\n"quo\\"te"@en\t\n5\t"li\\ne"\n"ta\\tb"\t2.5\n""\ttrue\n',
        ),
    ],
)
def test_tables_are_as_the_recommendation_has_them(
    engine: Engine, fmt: str, expected: bytes
) -> None:
    """CSV, section 3: CRLF, bare IRIs, RFC 4180; TSV, section 4: terms as in Turtle.

    https://www.w3.org/TR/sparql11-results-csv-tsv/
    """
    assert engine.run(Query(TERMS, fmt)).read() == expected


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        ('SELECT ("a\\rb" AS ?x) {}', ("xml", None)),
        ('CONSTRUCT { <http://e/s> <http://e/p> "a\\rb" } {}', (None, "rdfxml")),
    ],
)
def test_xml_keeps_a_carriage_return_and_can_be_parsed(
    engine: Engine, query: str, formats: tuple[str | None, str | None]
) -> None:
    """The engine alone would write them bare: lost to one parser, the end of another."""
    body = engine.run(Query(query, *formats)).read()
    assert "a\rb" in "".join(ET.fromstring(body).itertext())


@pytest.mark.parametrize(
    ("query", "formats", "term"),
    [
        ('SELECT ("a\\u0001" AS ?x) {}', ("xml", None), r"U\+0001"),
        ('CONSTRUCT { <http://e/s> <http://e/p> "a\\u0001" } {}', (None, "rdfxml"), r"U\+0001"),
        ('CONSTRUCT { <http://e/s> <http://e/123> "a" } {}', (None, "rdfxml"), "<http://e/123>"),
    ],
)
def test_what_xml_cannot_hold_is_refused(
    engine: Engine, query: str, formats: tuple[str | None, str | None], term: str
) -> None:
    """XML 1.0, section 2.2, and RDF/XML, section 2.4; the error names the term."""
    with pytest.raises(UsageError, match=f"cannot hold the .*{term}"):
        engine.run(Query(query, *formats)).read()


def test_a_blank_node_with_a_digit_first_is_a_name_in_rdf_xml(engine: Engine) -> None:
    """rdf:nodeID is an XML name (RDF/XML, section 5.1)."""
    query = "CONSTRUCT { ?b <http://e/p> ?b } { BIND (BNODE() AS ?b) }"
    body = engine.run(Query(query, None, "rdfxml")).read()
    (name,) = {value for element in ET.fromstring(body).iter() for value in element.attrib.values()}
    assert not name[0].isdigit()


def test_kind_without_format_is_refused(engine: Engine) -> None:
    """A query whose kind the caller has no format for is a usage error."""
    with pytest.raises(UsageError, match="SELECT"):
        engine.run(Query(ALL, result_format=None))


def test_syntax_error_has_its_place(engine: Engine) -> None:
    """What the engine says about a query that does not parse comes with line and column."""
    with pytest.raises(QuerySyntaxError) as caught:
        engine.run(Query("SELECT *\n{ ?s ?p }"))
    assert (caught.value.place.line, caught.value.place.text) == (2, "{ ?s ?p }")


def test_query_longer_than_the_limit_is_refused(engine: Engine) -> None:
    """The message names both lengths."""
    with pytest.raises(QueryTooLongError, match="262,145 characters, and may have 262,144"):
        engine.run(Query(" " * (engine.limits.max_query_length + 1)))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("CLEAR ALL", UpdateRefusedError),
        ("SELECT * {SERVICE <http://127.0.0.1/> {?s ?p ?o}}", ServiceRefusedError),
        ("SELECT * { ?s ?p 'open }", QuerySyntaxError),
        ("SELECT * { GRAPH }", QuerySyntaxError),
    ],
)
def test_refused_text_has_its_own_error(
    engine: Engine, text: str, error: type[ForumGraphError]
) -> None:
    """What the child says about a text is raised as the error it was."""
    with pytest.raises(error):
        engine.run(Query(text))


def test_query_over_its_time_is_ended(hasty: Engine) -> None:
    """A query over its limit ends within half a second of it, and says so."""
    begun, killed = time.monotonic(), hasty.statistics().killed
    with pytest.raises(QueryTimeoutError, match=r"longer than 1\.5 s"):
        hasty.run(Query(LONG))
    assert time.monotonic() - begun < hasty.limits.query_time + 0.5
    assert hasty.statistics().killed == killed + 1


def test_query_over_its_memory_is_ended(engine: Engine) -> None:
    """A memory bomb costs its own request only."""
    with pytest.raises(QueryMemoryError, match="128 MiB"):
        engine.run(Query(BOMB))
    assert _answers(engine)


def test_stack_overflow_costs_one_request(things: Path) -> None:
    """100,000 nested parentheses crash the process that parses them and nothing else."""
    text = f"SELECT ({'(' * 100_000}1{')' * 100_000} AS ?x) {{}}"
    lifted = Limits(query_time=60, max_nesting=1_000_000)
    with Engine(partial(load_files, [things]), lifted) as engine:
        with pytest.raises(QueryCrashedError):
            engine.run(Query(text))
        assert _answers(engine)
        assert _wait_until(lambda: engine.statistics().crashed == 1)


def test_killed_child_costs_one_request(engine: Engine) -> None:
    """A process killed from outside is told as such; the next query is answered."""

    def kill_it() -> bool:
        for ticket in engine._dynasty.scheduler.under_way():
            if ticket.child is not None:
                os.kill(ticket.child.pid, signal.SIGKILL)
        return False

    with pytest.raises(QueryCrashedError, match="killed from outside"):
        engine.run(Query(LONG), cancelled=kill_it)
    assert _answers(engine)
    assert engine.statistics().outcomes["QueryCrashedError"] == 1


def test_killed_zygote_is_replaced(things: Path) -> None:
    """When the process that holds the data dies, it is loaded again."""
    with Engine(partial(load_files, [things])) as engine:
        engine._dynasty.current._process.kill()
        assert _wait_until(lambda: engine.statistics().restarts == 1)
        assert _answers(engine)


def test_query_that_lasts_gives_way_to_others(engine: Engine) -> None:
    """Its process has a lower priority than new ones, once there are others."""
    over = threading.Event()

    def ask() -> None:
        with pytest.raises(QueryCancelledError):
            engine.run(Query(LONG), cancelled=over.is_set)

    def nice() -> list[int]:
        running = [ticket.child for ticket in engine._dynasty.scheduler.under_way()]
        return [os.getpriority(os.PRIO_PROCESS, child.pid) for child in running if child]

    before = os.getpriority(os.PRIO_PROCESS, 0)
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    lowered = _wait_until(lambda: nice() == [max(before, LOWEST)] * 2)
    over.set()
    for thread in threads:
        thread.join()
    assert lowered


def test_client_that_hangs_up_ends_its_query(engine: Engine) -> None:
    """A query nobody waits for is ended at once."""
    begun = time.monotonic()
    with pytest.raises(QueryCancelledError):
        engine.run(Query(LONG), cancelled=lambda: True)
    assert time.monotonic() - begun < 0.5
    assert _wait_until(lambda: engine.statistics().running == 0)


def test_long_answer_streams_and_tells_its_rows_at_the_end(engine: Engine) -> None:
    """An answer beyond the buffer is read while it is made."""
    result = engine.run(Query(ALL))
    assert (result.streamed, result.complete) == (True, None)
    bindings = json.loads(result.read())["results"]["bindings"]
    assert (len(bindings), result.rows, result.complete) == (15_000, 15_000, True)


def test_long_answer_wanted_whole_is_read_to_its_end(engine: Engine) -> None:
    """On demand even a long answer tells beforehand that it is whole."""
    result = engine.run(Query(ALL, whole=True))
    assert (result.streamed, result.complete, result.rows) == (False, True, 15_000)


def test_answer_wanted_whole_has_no_limit_on_rows(engine: Engine) -> None:
    """That limit is for clients; only a number of rows that is asked for cuts it."""
    twice = "SELECT * { { ?s ?p ?o } UNION { ?s ?p ?o } }"
    result = engine.run(Query(twice, "csv", whole=True))
    assert (result.complete, result.read().count(b"\r\n") - 1) == (True, result.rows)
    assert result.rows is not None
    assert result.rows > engine.limits.max_rows
    assert engine.run(Query(ALL, "csv", whole=True, max_rows=3)).complete is False


@pytest.mark.parametrize("fmt", ["json", "xml", "csv", "tsv"])
def test_streamed_answer_over_the_rows_breaks_off(engine: Engine, fmt: str) -> None:
    """What is cut after its first byte raises, so that nobody takes it for whole."""
    result = engine.run(Query(PAIRS, fmt))
    with pytest.raises(ResultTooLargeError, match="20000 rows"):
        result.read()
    assert result.complete is False


def test_streamed_graph_over_the_rows_breaks_off(engine: Engine) -> None:
    """The same holds for triples."""
    pairs = "?a <http://e/next> ?b . ?d <http://e/next> ?e"
    text = f"CONSTRUCT {{ ?a <http://e/isNearOrFarFrom> ?d }} {{ {pairs} }}"
    result = engine.run(Query(text, None, "ntriples"))
    with pytest.raises(ResultTooLargeError):
        result.read()


def test_streamed_answer_over_its_time_breaks_off(hasty: Engine) -> None:
    """A query that ends for its time while it streams raises from the stream."""
    slow = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = 'none')"
    text = f"SELECT * {{ {{ ?a ?b ?c }} UNION {{ {slow} }} }}"
    result = hasty.run(Query(text))
    assert result.streamed
    with pytest.raises(QueryTimeoutError):
        result.read()


def test_rows_wanted_cut_a_small_answer_into_a_proper_document(engine: Engine) -> None:
    """What is cut before its first byte is a proper document that says it is not whole."""
    result = engine.run(Query(ALL, "csv", max_rows=2))
    assert (result.complete, result.rows) == (False, 2)
    assert result.read().count(b"\r\n") == 3


def test_triples_wanted_cut_a_graph(engine: Engine) -> None:
    """A graph is cut behind a triple."""
    result = engine.run(Query("CONSTRUCT WHERE { ?s ?p ?o }", None, "ntriples", max_rows=2))
    assert (result.complete, result.rows) == (False, 2)
    assert result.read().count(b" .\n") == 2


def test_slow_reader_is_no_slow_query(hasty: Engine) -> None:
    """The time in which the client does not read does not count as the query's."""
    result = hasty.run(Query(ALL))
    next(result)
    time.sleep(hasty.limits.query_time + 0.3)
    result.read()
    assert result.complete is True


def test_closed_answer_ends_its_query(engine: Engine) -> None:
    """Who closes an answer before its end ends the query."""
    with engine.run(Query(ALL)) as result:
        next(result)
    assert engine.statistics().running == 0


def test_regular_expression_takes_linear_time(engine: Engine) -> None:
    """A pattern that backtracking engines choke on is answered at once."""
    text = f'SELECT (REGEX("{"a" * 5000}b", "^(a+)+(a|aa)*$") AS ?x) {{}}'
    assert b"false" in engine.run(Query(text, "csv")).read()


def test_trusted_function_runs_in_a_child(engine: Engine) -> None:
    """Our own functions read the store the same way."""
    assert engine.call(write_size).read() == b"15000"


def test_swap_answers_from_the_new_data(things: Path, tmp_path: Path) -> None:
    """A new dataset takes over; a query under way ends on the old one, whose processes then end."""
    other = tmp_path / "other.nt"
    other.write_text('<http://e/7> <http://e/label> "another" .\n')
    with Engine(partial(load_files, [things]), Limits(buffer_bytes=0)) as engine:
        old = engine._dynasty.current
        under_way = engine.run(Query(ALL, "csv"))
        engine.swap(partial(load_files, [other]))
        assert engine.run(Query(ALL, "tsv")).read().count(b"\n") == 2
        assert under_way.read().count(b"\r\n") == 15_001
        assert _wait_until(lambda: old._process.poll() is not None)


def test_data_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    """The error of the loader reaches who starts the engine."""
    with pytest.raises(NotFoundError, match="nowhere"):
        Engine(partial(load_files, [tmp_path / "nowhere.nt"]))
    broken = tmp_path / "broken.nt"
    broken.write_text("<a> <b>")
    with pytest.raises(DataError, match=re.escape("broken.nt:1")):
        Engine(partial(load_files, [broken]))


def test_failed_swap_leaves_the_old_data(engine: Engine, tmp_path: Path) -> None:
    """When the new data cannot be loaded the old answer on."""
    with pytest.raises(ForumGraphError):
        engine.swap(partial(load_files, [tmp_path / "nowhere.nt"]))
    assert _answers(engine)


def _processes_of(pid: int) -> list[str]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.split()


def test_stop_leaves_no_process(things: Path) -> None:
    """After a stop neither the zygote nor a child lives, whatever they were doing."""
    engine = Engine(partial(load_files, [things]))
    pid = engine._dynasty.current.pid
    assert _answers(engine)
    children = _processes_of(pid)
    engine.stop()
    assert children
    assert not any(Path(f"/proc/{one}").exists() for one in [pid, *children])
