"""``forumgraph export``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

Forumgraph = Callable[..., Any]
TRIG = """
PREFIX id: <https://w3id.org/forumgraph/id/>
PREFIX dfo: <https://w3id.org/forumgraph/ontology#>
id:a dfo:ordinal 1 .
<https://example.org/g> { id:a dfo:ordinal 2 }
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a file with a default graph and a named one."""
    path = tmp_path / "data.trig"
    path.write_text(TRIG, encoding="utf-8")
    return path


def test_the_merge_goes_to_standard_output_as_turtle(forumgraph: Forumgraph, data: Path) -> None:
    """With --data nothing of the project is exported."""
    outcome = forumgraph("export", "--data", data)
    assert outcome.out == (
        "@prefix dfo: <https://w3id.org/forumgraph/ontology#> .\n"
        "@prefix id:  <https://w3id.org/forumgraph/id/> .\n"
        "\n"
        "id:a dfo:ordinal 1 , 2 .\n"
    )
    assert outcome.code == 0


def test_the_ending_of_the_file_tells_the_format(
    forumgraph: Forumgraph, data: Path, tmp_path: Path
) -> None:
    """N-Quads keep the graphs; nothing is printed."""
    output = tmp_path / "out.nq"
    outcome = forumgraph("export", "--data", data, "-o", output)
    assert outcome.out == ""
    assert len({quad.graph_name for quad in parse(path=output, format=RdfFormat.N_QUADS)}) == 2


def test_a_named_format_wins_over_the_ending(
    forumgraph: Forumgraph, data: Path, tmp_path: Path
) -> None:
    """The user's word counts."""
    output = tmp_path / "out.txt"
    forumgraph("export", "--data", data, "--format", "ntriples", "-o", output)
    assert len(list(parse(path=output, format=RdfFormat.N_TRIPLES))) == 2


def test_one_graph_is_exported_alone(forumgraph: Forumgraph, data: Path) -> None:
    """By its IRI, here."""
    outcome = forumgraph("export", "--data", data, "--graph", "https://example.org/g")
    assert outcome.out.endswith("id:a dfo:ordinal 2 .\n")


def test_the_project_is_exported_by_the_name_of_a_file(forumgraph: Forumgraph) -> None:
    """The graph of data/states.ttl, without evidence of which it has none."""
    outcome = forumgraph("export", "--graph", "data/states", "--evidence", "none")
    assert "\nid:chile a dfo:State ;\n" in outcome.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--graph", "data/stats"), "there is no graph 'data/stats'; did you mean 'data/states'?"),
        (("--graph", "xyzzy"), "there is no graph 'xyzzy'; there is data/addresses, data/areas, "),
        (("--format", "csv", "--evidence", "none"), "CSV is the table of claims"),
        (("-o", "/no/such/folder/x.ttl"), "cannot write here"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    forumgraph: Forumgraph, words: tuple[str, ...], message: str
) -> None:
    """Never a traceback."""
    outcome = forumgraph("export", *words)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.code == 2


def test_the_help_shows_examples(forumgraph: Forumgraph) -> None:
    """One for each kind of export."""
    assert "forumgraph export --evidence rdf12" in forumgraph("export", "--help").out


@pytest.mark.parametrize("command", [("export",), ("query", "CONSTRUCT WHERE { ?s ?p ?o }")])
def test_the_format_of_the_data_can_be_named(
    forumgraph: Forumgraph, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Where the name of a file does not tell it."""
    path = tmp_path / "data.save"
    path.write_text("<http://e/s> <http://e/p> <http://e/o> .", encoding="utf-8")
    outcome = forumgraph(*command, "--data", path, "--data-format", "nt", "--format", "ntriples")
    assert outcome.out == "<http://e/s> <http://e/p> <http://e/o> .\n"


def test_literals_are_exported_as_they_are_written(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """Form and datatype make a literal (RDF 1.1 Concepts, section 3.3)."""
    path = tmp_path / "data.ttl"
    path.write_text(
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
        ' <http://e/s> <http://e/p> 007 , 1.50 , "5"^^xsd:int , "24:00:00"^^xsd:time .',
        encoding="utf-8",
    )
    outcome = forumgraph("export", "--data", path, "--format", "ntriples")
    assert [line.split()[2] for line in outcome.out.splitlines()] == [
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"24:00:00"^^<http://www.w3.org/2001/XMLSchema#time>',
        '"5"^^<http://www.w3.org/2001/XMLSchema#int>',
    ]


@pytest.mark.parametrize(
    ("line", "format_name", "term"),
    [
        ("<http://e/s> <http://e/123> <http://e/o> .", "rdfxml", "<http://e/123>"),
        ('<http://e/s> <http://e/p> "a\\u0001b" .', "rdfxml", "U+0001 in 'a\\u0001b'"),
        (
            "<http://e/s> <http://e/p> <<( <http://e/s> <http://e/p> <http://e/o> )>> .",
            "jsonld",
            "<http://e/o>",
        ),
    ],
)
def test_a_term_that_a_format_cannot_hold_is_named(
    forumgraph: Forumgraph, tmp_path: Path, line: str, format_name: str, term: str
) -> None:
    """In one line, and nothing is written."""
    path = tmp_path / "data.nt"
    path.write_text(line, encoding="utf-8")
    outcome = forumgraph("export", "--data", path, "--format", format_name)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert term in outcome.err
