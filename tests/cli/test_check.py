"""``forumgraph check``."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib import RDF, RDFS, SH

CASES = Path(__file__).parents[1] / "check" / "cases"
GOOD = CASES / "good.ttl"
SHAPES = ("--house-rules", "--shapes", CASES / "shapes.ttl")
TEXTS = ("--sources", CASES / "texts")
POINTERS = rdflib.Namespace("http://www.w3.org/2009/pointers#")

Forumgraph = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORUMGRAPH_ARTICLES", raising=False)


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file with an error, a warning and a broken quote, in the working directory."""
    monkeypatch.chdir(tmp_path)
    text = GOOD.read_text(encoding="utf-8")
    text = text.replace('    rdfs:label "Second meeting"@en ;\n', "")
    text = text.replace("dfo:ordinal 2", "dfo:ordinal 0").replace("opened in", "opened at")
    path = Path("bad.ttl")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_graph_that_conforms_gives_one_line_and_0(forumgraph: Forumgraph) -> None:
    """The line says how much was checked."""
    outcome = forumgraph("check", GOOD, *SHAPES, *TEXTS)
    assert outcome.code == 0
    assert outcome.out == (
        "conforms: 55 statements in 1 file, 2 shapes on 4 nodes, 3 claims, "
        "2 quotes of 2 compared with 1 text\n"
    )


def test_findings_stand_by_file_and_line_and_give_1(forumgraph: Forumgraph, bad: Path) -> None:
    """Each has its node, property and value, message, rule, mend, quote and claims."""
    outcome = forumgraph("check", bad, *SHAPES, *TEXTS)
    assert outcome.code == 1
    assert outcome.out == (CASES / "bad.txt").read_text(encoding="utf-8")


def test_what_was_not_checked_is_told(forumgraph: Forumgraph) -> None:
    """Without texts the quotes are not compared, and the output says so."""
    outcome = forumgraph("check", GOOD, *SHAPES)
    assert outcome.out.startswith("not checked: texts not given: quotes not compared with them\n")
    assert outcome.code == 0


def test_the_folder_of_texts_may_come_from_the_environment(
    forumgraph: Forumgraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FORUMGRAPH_ARTICLES stands for --sources."""
    monkeypatch.setenv("FORUMGRAPH_ARTICLES", str(CASES / "texts"))
    assert "2 quotes of 2 compared" in forumgraph("check", GOOD, *SHAPES).out


def test_json_has_a_form_that_stays(forumgraph: Forumgraph, bad: Path) -> None:
    """Programs read the same keys for every finding, null where there is nothing."""
    outcome = forumgraph("check", bad, "--format", "json", *SHAPES, *TEXTS)
    document = json.loads(outcome.out)
    assert outcome.code == 1
    assert list(document) == [
        "conforms",
        "figures",
        "unchecked",
        "elsewhere",
        "unlisted",
        "findings",
    ]
    assert document["conforms"] is False
    assert document["figures"]["claims"] == 3
    assert document["findings"][0] == {
        "file": "bad.ttl",
        "line": 18,
        "severity": "warning",
        "check": "shapes",
        "rule": "shapes:Meeting-label",
        "focus": "https://w3id.org/forumgraph/id/meeting",
        "predicate": "http://www.w3.org/2000/01/rdf-schema#label",
        "value": None,
        "message": "Give the meeting a label.",
        "mend": "Every meeting has a name that people know it by.",
        "quote": "",
        "claims": [],
    }
    assert len({tuple(finding) for finding in document["findings"]}) == 1


def test_turtle_is_a_validation_report(forumgraph: Forumgraph, bad: Path) -> None:
    """Its classes and properties are SHACL's, and each result points to file and line."""
    outcome = forumgraph("check", bad, "--format", "turtle", *SHAPES, *TEXTS)
    graph = rdflib.Graph().parse(data=outcome.out, format="turtle")
    report = graph.value(None, RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == rdflib.Literal(lexical_or_value=False)
    results = list(graph.objects(report, SH.result))
    assert len(results) == 3
    for result in results:
        assert (result, RDF.type, SH.ValidationResult) in graph
        for required in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert graph.value(result, required) is not None
    lines = sorted(int(str(line)) for line in graph.objects(None, POINTERS.lineNumber))
    assert lines == [18, 20, 42]


def test_a_report_of_a_good_graph_conforms(forumgraph: Forumgraph) -> None:
    """SHACL says true where there is no result."""
    outcome = forumgraph("check", GOOD, "--format", "turtle", *SHAPES, *TEXTS)
    graph = rdflib.Graph().parse(data=outcome.out, format="turtle")
    assert list(graph.objects(None, SH.conforms)) == [rdflib.Literal(lexical_or_value=True)]


FAILURES = [
    ("syntax.ttl", "<http://e/a> <http://e/b>\n .", r"syntax.ttl:2:"),
    ("latin.ttl", b"<http://e/a> <http://e/b> '\xf1' .", r"latin.ttl:1: not UTF-8"),
    ("empty/", None, "no Turtle file"),
    ("gone.ttl", None, "no such file or folder"),
]


@pytest.mark.parametrize(("name", "content", "message"), FAILURES)
def test_what_cannot_be_checked_gives_one_line_and_2(
    forumgraph: Forumgraph, tmp_path: Path, name: str, content: str | bytes | None, message: str
) -> None:
    """No traceback: the line names the file and says what is wrong with it."""
    path = tmp_path / name
    if name.endswith("/"):
        path.mkdir()
    elif isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    elif content is not None:
        path.write_bytes(content)
    outcome = forumgraph("check", path, *SHAPES)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("forumgraph: ")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_shapes_without_a_shape_give_2(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """They would let anything conform."""
    shapes = tmp_path / "none.ttl"
    shapes.write_text("", encoding="utf-8")
    outcome = forumgraph("check", GOOD, "--shapes", shapes)
    assert outcome.code == 2
    assert "no shape in it" in outcome.err


BROKEN_SHAPES = [
    '<http://e/p> a sh:PropertyShape ; sh:path <http://e/q> ; sh:minCount "one" .',
    '<http://e/p> sh:path <http://e/q> ; sh:sparql <http://e/x> . <http://e/x> sh:select "SELEC" .',
    "<http://e/p> sh:path <http://e/q> ; sh:sparql [ sh:select 'SELECT $this {VALUES ?x {1}}' ] .",
    "<http://e/p> sh:path <http://e/q> ; sh:sparql [ sh:select 'SELECT ?x { ?x ?p $this }' ] .",
]


@pytest.mark.parametrize("shape", BROKEN_SHAPES)
def test_shapes_that_are_not_well_formed_give_2(
    forumgraph: Forumgraph, tmp_path: Path, shape: str
) -> None:
    """The reason of pySHACL is told in one line."""
    shapes = tmp_path / "broken.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . "
        "<http://e/s> a sh:NodeShape ; sh:targetClass <https://w3id.org/forumgraph/ontology#Claim> "
        f"; sh:property <http://e/p> . {shape}",
        encoding="utf-8",
    )
    outcome = forumgraph("check", GOOD, "--shapes", shapes)
    assert outcome.code == 2
    assert outcome.err.startswith("forumgraph: the shapes cannot be used: ")
    assert outcome.err.count("\n") == 1


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return N-Triples of five meetings without a label."""
    path = tmp_path / "many.nt"
    meeting = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{}#Meeting> .\n"
    kind = meeting.format("https://w3id.org/forumgraph/ontology")
    path.write_text("".join(f"<https://w3id.org/forumgraph/id/m{n}> {kind}" for n in range(5)))
    return path


def test_data_of_any_format_are_checked(forumgraph: Forumgraph, many: Path) -> None:
    """Findings are listed as far as asked for; the summary counts them all."""
    outcome = forumgraph("check", "--data", many, *SHAPES, "--most", "2")
    assert outcome.code == 1
    assert outcome.out.count("Give the meeting a label. [shapes:Meeting-label]") == 2
    assert "not listed: 3 more of [shapes:Meeting-label] (warning)\n" in outcome.out
    assert "5 warnings: 5 statements in 1 file" in outcome.out
    assert "shapes:Meeting-label" not in outcome.err


def test_time_and_memory_of_a_check_of_data_are_told(forumgraph: Forumgraph, many: Path) -> None:
    """They stand on standard error, and off a terminal there is no progress bar."""
    outcome = forumgraph("check", "--data", many, *SHAPES)
    assert re.fullmatch(r"checked in [\d.]+ s with [\d,]+ MiB of memory at most\n", outcome.err)


def test_programs_read_how_much_is_not_listed(forumgraph: Forumgraph, many: Path) -> None:
    """JSON counts by rule, Turtle tells it in a comment on the report."""
    words = ("check", "--data", many, *SHAPES, "--most", "2", "--format")
    document = json.loads(forumgraph(*words, "json").out)
    assert document["unlisted"] == [
        {"rule": "shapes:Meeting-label", "severity": "warning", "count": 3}
    ]
    graph = rdflib.Graph().parse(data=forumgraph(*words, "turtle").out, format="turtle")
    assert [str(comment) for comment in graph.objects(None, RDFS.comment)] == [
        "3 more results of shapes:Meeting-label are not listed."
    ]


def test_no_limit_lists_every_finding(forumgraph: Forumgraph, many: Path) -> None:
    """As --help says, 0 is all."""
    outcome = forumgraph("check", "--data", many, *SHAPES, "--most", "0")
    assert outcome.out.count("[shapes:Meeting-label]") == 5


def test_files_are_given_in_one_way(forumgraph: Forumgraph, many: Path) -> None:
    """What PATH and --data together would mean is not obvious, so it is refused."""
    outcome = forumgraph("check", GOOD, "--data", many)
    assert outcome.code == 2
    assert outcome.err == "forumgraph: give files as PATH or with --data, not both\n"


def test_progress_shows_on_a_terminal(
    forumgraph: Forumgraph, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who waits sees what is being done, and how many shapes of all are done."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    outcome = forumgraph("check", "--data", many, *SHAPES)
    assert "links" in outcome.err
    assert re.search(r"\d+ of \d+|0:00:0", outcome.err)
    assert "links" not in outcome.out


def test_the_format_of_the_data_can_be_named(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """Where the name of a file does not tell it."""
    data = tmp_path / "data.save"
    data.write_text('<http://e/s> <http://e/p> "x" .', encoding="utf-8")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/Shape> a sh:NodeShape ;"
        " sh:targetSubjectsOf <http://e/p> ;"
        ' sh:property [ sh:path <http://e/p> ; sh:in ( "y" ) ; sh:message "no y" ] .',
        encoding="utf-8",
    )
    outcome = forumgraph("check", "--data", data, "--data-format", "ntriples", "--shapes", shapes)
    assert outcome.code == 1
    assert "no y" in outcome.out
