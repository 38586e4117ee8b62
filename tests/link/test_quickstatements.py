"""What goes out as QuickStatements, read back by a grammar of their documentation."""

from pathlib import Path

import pytest
from lark import Lark, ParseTree
from lark.exceptions import LarkError
from pyoxigraph import Quad, Store

from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.link.quickstatements import quickstatements

_LISTA = (
    'S854\t"https://example.org/lista"\tS813\t+2026-11-00T00:00:00Z/10\tS1476\tes:"Lista de países"'
)
_TEXT = (
    'S854\t"https://example.org/text"\tS813\t+2026-11-20T00:00:00Z/11\tS1476\ten:"On "the Forum""'
    '\tS1683\ten:"Chile said "yes" to CELAC"'
)


@pytest.fixture(scope="module")
def grammar() -> Lark:
    """Return a parser of whole batches."""
    text = Path(__file__).with_name("quickstatements.lark").read_text("utf-8")
    return Lark(text, start="batch", parser="lalr", lexer="contextual")


def _parse(grammar: Lark, commands: tuple[str, ...]) -> ParseTree:
    return grammar.parse("".join(f"{command}\n" for command in commands))


def test_says_each_kind_of_value_as_wikidata_does(graph: Store) -> None:
    """Items, dates by their precision, strings, texts with a language, numbers and pages."""
    assert quickstatements(graph).commands == (
        f"Q100000001\tP585\t+2018-01-00T00:00:00Z/10\t{_LISTA}",
        f'Q100000001\tP393\t"2"\t{_LISTA}',
        f'Q100000001\tP1476\tes:"Trabajando por más desarrollo"\t{_LISTA}',
        f'Q1045401\tP973\t"https://example.org/celac"\t{_LISTA}',
        f"Q1045401\tP571\t+2011-00-00T00:00:00Z/9\t{_LISTA}",
        f"Q1045401\tP571\t+2011-12-03T00:00:00Z/11\t{_LISTA}",
        f"Q1045401\tP1114\t+33\t{_LISTA}",
        f"Q298\tP463\tQ1045401\t{_LISTA}",
        f"Q298\tP463\tQ1045401\t{_TEXT}",
    )


def test_tells_what_it_left_out_and_why(graph: Store) -> None:
    """Only asserted statements that Wikidata can take and check go out."""
    assert quickstatements(graph).left_out == {
        "its property has no counterpart in Wikidata": 1,
        "its subject is linked to no item": 1,
        "its value is linked to no item": 1,
        "its value is no Monolingualtext": 1,
        "its value is no date": 1,
        "no source of it has a page to cite": 1,
    }


def test_attributed_statements_stay_here(graph: Store) -> None:
    """What is only somebody's word is not told to Wikidata."""
    assert not any("+2010-" in command for command in quickstatements(graph).commands)


def test_parses_as_its_documentation_says(graph: Store, grammar: Lark) -> None:
    """A grammar written from the documentation reads every command."""
    tree = _parse(grammar, quickstatements(graph).commands)
    assert len(list(tree.find_data("command"))) == 9
    assert {node.data for node in tree.iter_subtrees()} >= {
        "entity",
        "string",
        "monolingual",
        "time",
        "quantity",
    }


@pytest.mark.parametrize(
    "broken",
    [
        "Q298\tP463\n",
        "Q298 P463 Q1045401\n",
        "Q298\tP571\t2011\n",
        "Q298\tP571\t+2011-01-01T00:00:00Z\n",
        "Q298\tP1476\tno quotes\n",
        'Q298\tP463\tQ1\tP854\t"x',
        "id:chile\tP463\tQ1\n",
    ],
)
def test_the_grammar_refuses_what_the_documentation_does_not_allow(
    grammar: Lark, broken: str
) -> None:
    """A grammar that took everything would prove nothing."""
    with pytest.raises(LarkError):
        grammar.parse(broken)


def test_the_projects_own_batch_parses(grammar: Lark) -> None:
    """What the real graph gives Wikidata is a batch that QuickStatements takes."""
    export = quickstatements(load_project())
    tree = _parse(grammar, export.commands)
    assert len(list(tree.find_data("command"))) == len(export.commands)


def test_since_a_release_only_what_is_new_goes_out(graph: Store) -> None:
    """What an earlier release said already is left out."""
    earlier = Store()
    dropped = "https://w3id.org/forumgraph/claim/text-04"
    for quad in graph:
        if not (isinstance(quad, Quad) and quad.subject.value == dropped):  # type: ignore[union-attr]  # no triple is a subject here
            earlier.add(quad)
    new = quickstatements(graph).since(quickstatements(earlier))
    assert new.commands == (f"Q100000001\tP585\t+2018-01-00T00:00:00Z/10\t{_LISTA}",)
