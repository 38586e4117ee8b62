"""What goes out as QuickStatements, read back by a grammar of their documentation."""

from pathlib import Path

import pytest
from lark import Lark, ParseTree
from lark.exceptions import LarkError
from pyoxigraph import Quad, Store

from sparql_endpoint.graph.dataset import load_files, load_project
from sparql_endpoint.link.quickstatements import quickstatements

_HERE = Path(__file__).parent
_PAGE = 'S854\t"https://example.org/page"'
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


@pytest.fixture
def citing() -> Store:
    """Return a store with sources of several worth, memberships with a time, and new meetings."""
    return load_files([_HERE / "citing.ttl", _HERE / "alignments.ttl"])


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


def test_what_cannot_be_cited_or_is_only_implied_stays_here(citing: Store) -> None:
    """No staging host, no weak source and no inference is a reference; one page is enough."""
    export = quickstatements(citing)
    assert f"Q901\tP463\tQ900\t{_PAGE}" in export.commands
    assert not any(command.startswith(("Q902", "Q903", "Q904")) for command in export.commands)
    assert export.left_out["no source of it has a page to cite"] == 2
    assert export.left_out["its sources only imply it"] == 1


def test_a_membership_keeps_its_time(citing: Store) -> None:
    """The period is a qualifier; a member of two times is left out, since the gap would be lost."""
    export = quickstatements(citing)
    assert f"Q905\tP463\tQ900\tP580\t+1990-00-00T00:00:00Z/9\t{_PAGE}" in export.commands
    assert not any(command.startswith("Q906") for command in export.commands)
    assert export.left_out["it holds in several times, which one statement cannot tell"] == 1


def test_a_meeting_without_an_item_is_created(citing: Store, grammar: Lark) -> None:
    """One command a meeting: names, class and statements, with the words on a page of that text."""
    created = [c for c in quickstatements(citing).commands if c.startswith("CREATE\n")]
    long = [
        "CREATE",
        'LAST\tLen\t"Long meeting"',
        "LAST\tP31\tQ2761147",
        f"LAST\tP580\t+2015-01-08T00:00:00Z/11\t{_PAGE}",
    ]
    third = [
        "CREATE",
        'LAST\tLen\t"Third meeting"',
        'LAST\tLes\t"Tercera reunión"',
        "LAST\tP31\tQ2761147",
        f"LAST\tP585\t+2021-12-03T00:00:00Z/11\t{_PAGE}",
        'LAST\tP393\t"3"\tS854\t"https://example.org/printed"\tS1683\ten:"third"',
    ]
    assert created == ["\n".join(long), "\n".join(third)]
    assert len(list(_parse(grammar, tuple(created)).find_data("creation"))) == 2


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
    read = [*tree.find_data("command"), *tree.find_data("creation")]
    assert len(read) == len(export.commands)
    assert not any("staging" in command for command in export.commands)


def test_since_a_release_only_what_is_new_goes_out(graph: Store) -> None:
    """What an earlier release said already is left out."""
    earlier = Store()
    dropped = "https://w3id.org/forumgraph/claim/text-04"
    for quad in graph:
        if not (isinstance(quad, Quad) and quad.subject.value == dropped):  # type: ignore[union-attr]  # no triple is a subject here
            earlier.add(quad)
    new = quickstatements(graph).since(quickstatements(earlier))
    assert new.commands == (f"Q100000001\tP585\t+2018-01-00T00:00:00Z/10\t{_LISTA}",)
