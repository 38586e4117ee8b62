"""``forumgraph quote``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
from prefixed import prefixed

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import DATA

TEXT = "The “first” word, then the last word.\n\nBy Nobody."
SOURCE = "closer-partnership-2018"

Forumgraph = Callable[..., Any]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Return a folder with a text that is new and one that the project describes."""
    (tmp_path / "new.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / f"{SOURCE}.txt").write_text("word " * 600, encoding="utf-8")
    return tmp_path


def test_a_quote_is_printed_ready_to_paste(forumgraph: Forumgraph, texts: Path) -> None:
    """With the project's prefixes it is Turtle, and says where the words stand."""
    outcome = forumgraph("quote", "new", "first", "--sources", texts)
    graph = rdflib.Graph().parse(data=prefixed(outcome.out), format="turtle")
    oa = rdflib.Namespace(PREFIXES["oa"])
    quote = rdflib.URIRef(f"{PREFIXES['quote']}new-5-10")
    selector = graph.value(quote, oa.hasSelector)
    assert outcome.code == 0
    assert str(graph.value(quote, oa.hasSource)) == f"{PREFIXES['source']}new"
    assert [graph.value(selector, oa[name]) for name in ("exact", "start", "end")] == [
        rdflib.Literal("first"),
        rdflib.Literal(5),
        rdflib.Literal(10),
    ]


def test_a_claim_to_fill_in_follows(forumgraph: Forumgraph, texts: Path) -> None:
    """It has the next free number of the source and points to the quote."""
    outcome = forumgraph("quote", "new", "first", "--sources", texts)
    assert "# claim:new-01\n" in outcome.out
    assert "#     dfo:evidence quote:new-5-10 ." in outcome.out


def test_the_next_number_follows_the_claims_there_are(forumgraph: Forumgraph, texts: Path) -> None:
    """A source that has claims already counts on."""
    outcome = forumgraph("quote", SOURCE, "word", "--nth", 3, "--sources", texts)
    number = int(outcome.out.partition(f"claim:{SOURCE}-")[2].split()[0])
    assert number > 40


def test_words_in_another_form_are_found_as_printed(forumgraph: Forumgraph, texts: Path) -> None:
    """The difference is told, and the quote has the text's own marks."""
    outcome = forumgraph("quote", "new", 'the "FIRST"  word', "--sources", texts)
    assert outcome.code == 0
    assert 'oa:exact "The “first” word"' in outcome.out
    assert "other quotation marks, spaces, hyphens or case" in outcome.err


def test_words_that_occur_twice_are_a_choice(forumgraph: Forumgraph, texts: Path) -> None:
    """Each place is shown with its surroundings, and nothing is printed to paste."""
    outcome = forumgraph("quote", "new", "word", "--sources", texts)
    assert (outcome.code, outcome.out) == (1, "")
    assert "the words occur 2 times" in outcome.err
    assert "--nth 2: 32-36 …" in outcome.err


def test_a_choice_is_made_by_number(forumgraph: Forumgraph, texts: Path) -> None:
    """The second of two places is taken, a third is not there."""
    assert (
        "quote:new-32-36" in forumgraph("quote", "new", "word", "--nth", 2, "--sources", texts).out
    )
    outcome = forumgraph("quote", "new", "word", "--nth", 3, "--sources", texts)
    assert (outcome.code, outcome.out) == (1, "")


@pytest.mark.parametrize("words", ["the lost word", "unheard-of", ""])
def test_words_that_are_not_there_give_1(forumgraph: Forumgraph, texts: Path, words: str) -> None:
    """The nearest words are told where a good part of them is there."""
    outcome = forumgraph("quote", "new", words, "--sources", texts)
    assert (outcome.code, outcome.out) == (1, "")
    assert "new does not have these words" in outcome.err
    assert ("nearest" in outcome.err) == (words == "the lost word")


def test_a_quote_may_not_be_long(forumgraph: Forumgraph, texts: Path) -> None:
    """200 characters are the most."""
    words = ("word " * 41).strip()
    outcome = forumgraph("quote", SOURCE, words, "--nth", 1, "--sources", texts)
    assert outcome.code == 1
    assert "204 characters are too many" in outcome.err


def test_a_footer_is_no_evidence(forumgraph: Forumgraph, texts: Path) -> None:
    """The source tells where its own words end."""
    outcome = forumgraph("quote", SOURCE, "word", "--nth", 500, "--sources", texts)
    assert outcome.code == 1
    assert "footer" in outcome.err


def test_a_source_that_is_not_described_is_told(forumgraph: Forumgraph, texts: Path) -> None:
    """A new text can be quoted before its source stands in the data."""
    outcome = forumgraph("quote", "new", "first", "--sources", texts)
    assert "source:new is not described yet" in outcome.err


def test_a_quote_that_stands_already_is_told(forumgraph: Forumgraph, articles: Path) -> None:
    """The same words need no second quote."""
    words = "Seventeen subforum sessions have been held"
    outcome = forumgraph("quote", SOURCE, words, "--sources", articles)
    assert outcome.code == 0
    assert ("stands in the data already" in outcome.err) == ("1172-1214" in stated())


def stated() -> str:
    return (DATA / "claims" / f"{SOURCE}.ttl").read_text(encoding="utf-8")


def test_without_a_folder_of_texts_nothing_can_be_found(
    forumgraph: Forumgraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how to name it."""
    monkeypatch.delenv("FORUMGRAPH_ARTICLES", raising=False)
    outcome = forumgraph("quote", "new", "first")
    assert outcome.code == 2
    assert "--sources DIR" in outcome.err


def test_a_source_without_a_text_gives_2(forumgraph: Forumgraph, texts: Path) -> None:
    """The message lists the texts that are there."""
    outcome = forumgraph("quote", "old", "first", "--sources", texts)
    assert outcome.code == 2
    assert f"the folder has: {SOURCE}, new" in outcome.err
