"""``forumgraph query``."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparql_endpoint.query import catalogue
from sparql_endpoint.query.catalogue import CompetencyQuestion

Forumgraph = Callable[..., Any]

TURTLE = """
PREFIX id: <https://w3id.org/forumgraph/id/> PREFIX ex: <https://example.org/>
id:chile ex:size 3 ; ex:label "Chile"@es .
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a file of two triples."""
    path = tmp_path / "data.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be two questions."""
    found = {
        "sizes": CompetencyQuestion(
            "sizes", "Sizes", "How large?", ("size",), "SELECT ?x { ?s ?p ?x FILTER(?x = 3) }"
        ),
        "names": CompetencyQuestion("names", "Names", "Which name?", (), "ASK {}"),
    }
    monkeypatch.setattr("sparql_endpoint.cli.query.catalogue", lambda: found)
    monkeypatch.setattr(catalogue, "catalogue", lambda: found)


def test_a_text_asks_the_project_and_gives_csv_into_a_pipe(forumgraph: Forumgraph) -> None:
    """Prefixes need no declaration, and lines end as CSV wants it."""
    outcome = forumgraph("query", "SELECT ?code { id:chile dfo:isoAlpha3 ?code }")
    assert outcome.out == "code\r\nCHL\r\n"
    assert outcome.code == 0


def test_a_file_asks_files(forumgraph: Forumgraph, data: Path, tmp_path: Path) -> None:
    """With --data nothing of the project is asked."""
    query = tmp_path / "mine.rq"
    query.write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", encoding="utf-8")
    outcome = forumgraph("query", query, "--data", data, "--format", "json")
    assert json.loads(outcome.out)["results"]["bindings"][0]["n"]["value"] == "2"


def test_standard_input_is_asked_for_by_a_dash(
    forumgraph: Forumgraph, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph comes as Turtle unless another format is named."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"DESCRIBE id:chile")))
    outcome = forumgraph("query", "-", "--data", data)
    assert outcome.out == (
        "@prefix id: <https://w3id.org/forumgraph/id/> .\n\n"
        'id:chile <https://example.org/label> "Chile"@es ;\n'
        "    <https://example.org/size> 3 .\n"
    )


def test_a_question_is_asked_by_its_name(forumgraph: Forumgraph, data: Path) -> None:
    """The name of a file in queries/ is enough."""
    assert forumgraph("query", "sizes", "--data", data).out == "x\r\n3\r\n"


def test_a_name_that_is_none_is_answered_with_the_nearest(forumgraph: Forumgraph) -> None:
    """A slip of the finger is told from a question that does not exist."""
    assert forumgraph("query", "sises").err == (
        "forumgraph: 'sises' is no query, file or question; did you mean 'sizes'?\n"
    )
    outcome = forumgraph("query", "meetings")
    assert outcome.err.endswith("'forumgraph query --list' lists them\n")
    assert outcome.code == 2


def test_the_list_names_each_question(forumgraph: Forumgraph) -> None:
    """Into a pipe, a tab stands between the name and the question."""
    assert forumgraph("query", "--list").out == "sizes\tHow large?\nnames\tWhich name?\n"


def test_on_a_terminal_the_list_stands_in_columns(
    forumgraph: Forumgraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are padded to one width."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert forumgraph("query", "--list").out == "sizes  How large?\nnames  Which name?\n"


def test_a_table_has_short_names_and_counts_its_rows(forumgraph: Forumgraph, data: Path) -> None:
    """IRIs by prefix, languages behind texts, numbers to the right, nothing for what is unbound."""
    query = "SELECT ?s ?o ?no { ?s ?p ?o } ORDER BY DESC(?o)"
    outcome = forumgraph("query", query, "--data", data, "--format", "table")
    lines = [line.rstrip() for line in outcome.out.splitlines()]
    assert lines[1].split() == ["s", "o", "no"]
    assert lines[3:5] == [" id:chile   Chile @es", " id:chile           3"]
    assert lines[-1] == "2 rows"


def test_a_table_wraps_long_values_and_shows_other_terms(
    forumgraph: Forumgraph, tmp_path: Path
) -> None:
    """No word of a long value is lost; triple terms and blank nodes show as they are written."""
    data = tmp_path / "long.ttl"
    data.write_text(
        f'<a:s> <a:p> "{"word " * 40}" , <<( <a:s> <a:p> 1 )>> , _:b .', encoding="utf-8"
    )
    outcome = forumgraph("query", "SELECT ?o { ?s ?p ?o }", "--data", data, "--format", "table")
    assert outcome.out.count("word") == 40
    assert "<<( <a:s> <a:p> 1 )>>" in outcome.out
    assert "_:" in outcome.out
    assert outcome.out.endswith("3 rows\n")


def test_a_terminal_gets_a_table_by_itself(
    forumgraph: Forumgraph, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row is counted in the singular."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    outcome = forumgraph("query", "SELECT ?x { ?s ?p ?x FILTER(?x = 3) }", "--data", data)
    assert outcome.out.endswith("1 row\n")


@pytest.mark.parametrize(("query", "answer"), [("ASK {}", "yes"), ("ASK { ?s ?p 4 }", "no")])
def test_a_table_of_an_ask_is_a_word(
    forumgraph: Forumgraph, data: Path, query: str, answer: str
) -> None:
    """An ASK answers yes or no to people, true or false to programs."""
    assert forumgraph("query", query, "--data", data, "--format", "table").out == f"{answer}\n"
    assert forumgraph("query", query, "--data", data).out.strip() == (
        "true" if answer == "yes" else "false"
    )


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_solutions_come_in_every_format(forumgraph: Forumgraph, data: Path, name: str) -> None:
    """Each short name of a result format works."""
    outcome = forumgraph("query", "sizes", "--data", data, "--format", name)
    assert "3" in outcome.out
    assert outcome.code == 0


def test_a_format_of_another_kind_is_refused_before_anything_is_loaded(
    forumgraph: Forumgraph,
) -> None:
    """The message lists the formats that this answer has."""
    outcome = forumgraph("query", "ASK {}", "--format", "turtle", "--data", "no-such-file.ttl")
    assert outcome.err == (
        "forumgraph: no format 'turtle' for this answer; there is json, xml, csv, tsv\n"
    )
    assert outcome.code == 2


def test_a_syntax_error_shows_line_column_caret_and_hint(
    forumgraph: Forumgraph, tmp_path: Path
) -> None:
    """What a file's error starts with leads an editor to the place."""
    query = tmp_path / "bad.rq"
    query.write_text("SELECT ?x {\n  ?x a dof:Meeting }\n", encoding="utf-8")
    outcome = forumgraph("query", query)
    assert outcome.err == (
        f"forumgraph: {query}: line 2, column 8: the prefix 'dof:' is not declared\n"
        "  ?x a dof:Meeting }\n"
        "       ^\n"
        "did you mean 'dfo:' <https://w3id.org/forumgraph/ontology#>?"
        " Else declare it by PREFIX dof: <…>\n"
    )
    assert outcome.code == 2


def test_a_syntax_error_without_a_hint_ends_with_the_caret(forumgraph: Forumgraph) -> None:
    """No empty line stands for a hint that there is not."""
    assert forumgraph("query", "ASK { ?s ?p }").err.endswith("\nASK { ?s ?p }\n            ^\n")


def test_a_service_is_refused(forumgraph: Forumgraph) -> None:
    """The command sends no query anywhere."""
    outcome = forumgraph("query", "ASK { SERVICE <https://example.org/> {} }")
    assert "SERVICE would send this query to <https://example.org/>" in outcome.err
    assert outcome.code == 2


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ((), "what is the query?"),
        (("no-such-file.rq",), "no-such-file.rq: No such file or directory"),
        (("DROP ALL",), "this service is read only"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(
    forumgraph: Forumgraph, query: tuple[str, ...], message: str
) -> None:
    """Never a traceback."""
    outcome = forumgraph("query", *query)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.code == 2


def test_a_query_file_that_is_not_utf_8_is_refused(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """The byte is named."""
    query = tmp_path / "latin.rq"
    query.write_bytes(b"ASK { ?s ?p '\xe9' }")
    assert forumgraph("query", query).err == f"forumgraph: {query}: no UTF-8 at byte 13\n"


def test_the_help_names_every_way_to_ask(forumgraph: Forumgraph) -> None:
    """Examples show a name, a text, a file and standard input."""
    assert "forumgraph query mine.rq --data mine.ttl" in forumgraph("query", "--help").out


def test_csv_reads_back(forumgraph: Forumgraph) -> None:
    """What a pipe gets, a CSV reader takes."""
    outcome = forumgraph("query", "SELECT ?l { id:chile rdfs:label ?l } ORDER BY ?l")
    rows = list(csv.reader(io.StringIO(outcome.out, newline="")))
    assert ["Chile"] in rows
    assert ["智利"] in rows


def test_an_answer_is_never_cut(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """No limit of the server holds here: a table and a file have every row, and say how many."""
    data = tmp_path / "many.nt"
    lines = [f'<http://e/{n}> <http://e/p> "{n}" .\n' for n in range(2500)]
    data.write_text("".join(lines), encoding="utf-8")
    query = "SELECT ?o { ?s ?p ?o }"
    assert forumgraph("query", query, "--data", data).out.count("\r\n") == 2501
    shown = forumgraph("query", query, "--data", data, "--format", "table").out
    assert shown.endswith("2,500 rows\n")


def test_a_warning_goes_to_standard_error(forumgraph: Forumgraph) -> None:
    """The answer itself stays what programs read."""
    outcome = forumgraph("query", "SELECT (<https://example.org/f>(1) AS ?x) {}")

    assert (outcome.code, outcome.out) == (0, "x\r\n\r\n")
    assert outcome.err.startswith("forumgraph: warning: the function <https://example.org/f> is")
    assert outcome.err.endswith("[unknown-function]\n")


def test_relative_iris_resolve_against_the_file_of_the_query(
    forumgraph: Forumgraph, tmp_path: Path
) -> None:
    """RFC 3986, section 5.1.3; a text on the command line resolves against the folder of work."""
    query = tmp_path / "mine.rq"
    query.write_text("SELECT (STR(<a>) AS ?x) {}", encoding="utf-8")

    assert forumgraph("query", query).out == f"x\r\n{tmp_path.as_uri()}/a\r\n"
    assert forumgraph("query", query.read_text()).out == f"x\r\n{Path.cwd().as_uri()}/a\r\n"
