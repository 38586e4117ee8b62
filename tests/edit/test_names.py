"""What an editor means by a name."""

import pytest
from own_project import TEXTS
from pyoxigraph import Literal, NamedNode

from sparql_endpoint.edit.find import WordsError, find_span, refuse_span
from sparql_endpoint.edit.names import Names
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.sources import read_source
from sparql_endpoint.names import expand

TEXT = read_source(TEXTS, "lakes-forum-meets")


@pytest.fixture(scope="module")
def names() -> Names:
    """Return the names of the project."""
    return Names(load_project())


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("id:celac", "id:celac"),
        ("celac", "id:celac"),
        ("<https://w3id.org/forumgraph/id/celac>", "id:celac"),
        ("Community of Latin American and Caribbean States", "id:celac"),
        ("中国—拉美和加勒比国家共同体论坛", "id:china-celac-forum"),
        ("foro china-celac", "id:china-celac-forum"),
        ("closer-partnership-2018", "source:closer-partnership-2018"),
        ("attributed", "dfo:attributed"),
    ],
)
def test_a_thing_has_short_name_slug_iri_and_labels(names: Names, text: str, iri: str) -> None:
    """In any language, whatever the accents and capital letters."""
    assert names.thing(text) == NamedNode(expand(iri))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CELAK", "nothing is called 'CELAK'; the nearest are id:celac"),
        ("id:celak", "describes no id:celak; the nearest are id:celac"),
        ("Chilli", "nothing is called 'Chilli'; the nearest are id:chile"),
        ("closer partnership 2018", "nothing is called"),
    ],
)
def test_a_slip_in_a_thing_is_answered_by_the_nearest(
    names: Names, text: str, message: str
) -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError, match=message):
        names.thing(text)


def test_a_property_has_short_name_local_name_and_labels(names: Names) -> None:
    """The nearest answer a slip."""
    for text in ("dfo:heldOn", "heldOn", "held on", "celebrado el"):
        assert names.property(text) == NamedNode(expand("dfo:heldOn"))
    with pytest.raises(UsageError, match="no property 'heldOm'; the nearest are dfo:heldOn"):
        names.property("heldOm")
    with pytest.raises(UsageError, match="no class 'dfo:Meetin'; the nearest are dfo:Meeting"):
        names.cls("dfo:Meetin")


@pytest.mark.parametrize(
    ("predicate", "text", "value"),
    [
        ("dfo:heldOn", "2025-03", Literal("2025-03", datatype=NamedNode(expand("xsd:gYearMonth")))),
        ("dfo:ordinal", "3", Literal(3)),
        ("dfo:theme", "2025", Literal("2025", language="es")),
        ("dfo:theme", '"agua"@pt', Literal("agua", language="pt")),
        ("schema:location", "Santiago", NamedNode(expand("id:santiago"))),
        ("schema:url", "https://example.org/a", NamedNode("https://example.org/a")),
    ],
)
def test_a_value_is_what_the_property_has(
    names: Names, predicate: str, text: str, value: Literal | NamedNode
) -> None:
    """A date, a number, a thing, or a text in the language of the source."""
    assert names.value(text, NamedNode(expand(predicate)), "es") == value


@pytest.mark.parametrize(
    ("predicate", "text", "message"),
    [
        ("dfo:heldOn", "soon", "'soon' is no xsd:date or xsd:gYear or xsd:gYearMonth"),
        ("dfo:heldOn", '"2025-13-01"^^xsd:date', "no value of its datatype"),
        ("dfo:heldOn", '"2025"^^', "nothing|is no"),
        ("schema:location", "Santjago", "the nearest are id:santiago"),
    ],
)
def test_a_value_that_the_property_has_not_is_refused(
    names: Names, predicate: str, text: str, message: str
) -> None:
    """The message names what the property takes, or the nearest."""
    with pytest.raises(UsageError, match=message):
        names.value(text, NamedNode(expand(predicate)), "en")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("zzz", "does not have these words"),
        ("Lakeport", "--nth 2: "),
        ("Website hosting", "footer"),
        (TEXT.text[:210], "210 characters are too many"),
    ],
)
def test_words_that_are_no_quote_are_refused(words: str, message: str) -> None:
    """They are not there, stand several times, are the page's, or are too many."""
    with pytest.raises(WordsError, match=message):
        refuse_span(find_span(TEXT, words), 828)
