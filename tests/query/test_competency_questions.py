"""The questions that the graph answers, asked of rdflib and of Oxigraph alike.

The expected answers were read off the articles and the files of data/, row by row. They are those
of the sources in ``sources.txt``: a later article adds rows and breaks none.
"""

import csv
import io
import re
from pathlib import Path

import pytest
import rdflib
from known_sources import known_quads, known_store
from pyoxigraph import Store
from rdflib.compare import to_isomorphic

from sparql_endpoint.check.rdf import to_rdflib
from sparql_endpoint.graph.dataset import project_files, project_quads
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import QUERIES
from sparql_endpoint.query.catalogue import CompetencyQuestion, catalogue
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS
from sparql_endpoint.query.grammar import KEYWORDS
from sparql_endpoint.query.lexer import Lexer
from sparql_endpoint.query.outline import outline
from sparql_endpoint.query.run import run
from sparql_endpoint.query.write import write

ANSWERS = Path(__file__).parent / "answers"
QUESTIONS = list(catalogue().values())
TABLES = [question for question in QUESTIONS if not outline(question.text).form.gives_graph]
GRAPHS = [question for question in QUESTIONS if outline(question.text).form.gives_graph]
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
each_table = pytest.mark.parametrize("question", TABLES, ids=lambda question: question.slug)
each_graph = pytest.mark.parametrize("question", GRAPHS, ids=lambda question: question.slug)


@pytest.fixture(scope="module")
def store() -> Store:
    """Return the project's graph in Oxigraph."""
    return known_store()


@pytest.fixture(scope="module")
def merge() -> rdflib.Graph:
    """Return the merge of the project's files in rdflib."""
    graph = rdflib.Graph(bind_namespaces="none")
    for path in project_files():
        graph.parse(path)
    for quad in set(project_quads()).difference(known_quads()):
        graph.remove(tuple(map(to_rdflib, quad.triple)))  # type: ignore[arg-type]  # three
    return graph


def expected_table(question: CompetencyQuestion) -> list[list[str]]:
    """Return the rows of the expected answer, the names of the variables first."""
    with (ANSWERS / f"{question.slug}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@each_table
def test_oxigraph_gives_the_expected_rows_in_order(
    question: CompetencyQuestion, store: Store
) -> None:
    """Each row of answers/<slug>.csv, and no other, by way of our own CSV."""
    output = io.BytesIO()
    write(run(store, question.text), RESULT_FORMATS["csv"], output)

    assert list(csv.reader(io.StringIO(output.getvalue().decode(), newline=""))) == expected_table(
        question
    )


@each_table
def test_rdflib_gives_the_expected_rows_in_order(
    question: CompetencyQuestion, merge: rdflib.Graph
) -> None:
    """The same rows from a second engine: no question rests on a quirk of the first."""
    result = merge.query(question.text)
    rows = [["" if term is None else str(term) for term in row] for row in result]  # type: ignore[union-attr]  # rows of a SELECT

    assert [[str(name) for name in result.vars or []], *rows] == expected_table(question)


@each_graph
def test_both_engines_construct_the_expected_graph(
    question: CompetencyQuestion, store: Store, merge: rdflib.Graph
) -> None:
    """The triples of answers/<slug>.ttl, and no other."""
    expected = rdflib.Graph().parse(ANSWERS / f"{question.slug}.ttl")
    output = io.BytesIO()
    write(run(store, question.text), RDF_FORMATS["turtle"], output)
    constructed = merge.query(question.text).graph

    assert to_isomorphic(rdflib.Graph().parse(output.getvalue(), format="turtle")) == (
        to_isomorphic(expected)
    )
    assert constructed is not None
    assert to_isomorphic(constructed) == to_isomorphic(expected)


def test_there_are_at_least_two_dozen_questions() -> None:
    """The catalogue covers what the users of the design would ask."""
    assert len(QUESTIONS) >= 24


def test_each_question_has_one_expected_answer_and_each_answer_its_question() -> None:
    """No answer is left behind by a question that was renamed."""
    expected = {f"{question.slug}.csv" for question in TABLES}
    expected |= {f"{question.slug}.ttl" for question in GRAPHS}

    assert {path.name for path in ANSWERS.iterdir()} == expected


def test_every_query_file_is_in_the_catalogue() -> None:
    """No file is passed over."""
    assert {path.stem for path in QUERIES.glob("*.rq")} == set(catalogue())


@each_question
def test_a_query_declares_the_prefixes_it_uses_sorted_and_as_we_do(
    question: CompetencyQuestion,
) -> None:
    """So that it runs anywhere, and looks like the others."""
    declared = re.findall(r"^PREFIX (\w+): <(.*)>$", question.text, re.MULTILINE)
    used = {
        token.text.partition(":")[0]
        for token in Lexer(re.sub(r"^PREFIX .*$", "", question.text, flags=re.MULTILINE))
        if token.kind == "name"
    }

    assert [prefix for prefix, _ in declared] == sorted(used)
    assert dict(declared) == {prefix: PREFIXES[prefix] for prefix in used}


@each_question
def test_a_query_is_written_in_the_house_style(question: CompetencyQuestion) -> None:
    """Keywords in capitals, an order among the solutions, a slug of small letters."""
    words = [token.text for token in Lexer(question.text) if token.kind == "word"]

    keywords = KEYWORDS - {"TRUE", "FALSE"}

    assert [word for word in words if word.upper() in keywords and word != word.upper()] == []
    assert "ORDER" in words
    assert question.text.endswith("\n")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.slug)
