"""Links to Wikidata, judged offline."""

import pytest
from prefixed import prefixed
from pyoxigraph import RdfFormat, Store

from sparql_endpoint.check.links import check_links

THINGS = "id:a a dfo:State . id:b a dfo:State .\n"
LINKS = [
    ("id:a skos:exactMatch wd:Q1 . id:b skos:exactMatch wd:Q2 .", []),
    ("id:a skos:exactMatch wd:Q1 ; skos:closeMatch wd:Q2 .", []),
    ("id:a skos:closeMatch wd:Q1 . id:b skos:closeMatch wd:Q1 .", []),
    ("id:a rdfs:seeAlso <https://www.wikidata.org/> .", []),
    ("dfo:x skos:exactMatch wd:P571 . dfo:x a rdf:Property .", []),
    ("id:a skos:exactMatch <https://www.wikidata.org/wiki/Q1> .", ["wikidata-iri"]),
    ("id:a skos:exactMatch <https://www.wikidata.org/entity/Q1> .", ["wikidata-iri"]),
    ("id:a rdfs:seeAlso <http://wikidata.org/entity/q1> .", ["wikidata-iri"]),
    ("id:a skos:exactMatch <http://www.wikidata.org/entity/Q01> .", []),
    ("id:c skos:exactMatch wd:Q1 .", ["linked-thing"]),
    ("id:a skos:exactMatch wd:Q1 ; owl:sameAs wd:Q1 .", ["one-relation"]),
    ("id:a skos:exactMatch wd:Q1 ; owl:sameAs wd:Q2 .", ["one-to-one", "one-to-one"]),
    ("id:a skos:exactMatch wd:Q1 . id:b owl:sameAs wd:Q1 .", ["one-to-one", "one-to-one"]),
    ("[] a dfo:State ; skos:exactMatch wd:Q1 .", []),
]


@pytest.mark.parametrize(("turtle", "rules"), LINKS)
def test_each_kind_of_wrong_link_is_found(turtle: str, rules: list[str]) -> None:
    """Only sameness is one to one; a looser relation may hold between many."""
    store = Store()
    store.load(prefixed(THINGS + turtle), RdfFormat.TURTLE)
    assert [finding.rule for finding in check_links(store)] == rules


def test_the_right_iri_is_proposed() -> None:
    """A page's address has the number of the item."""
    store = Store()
    page = "<https://www.wikidata.org/wiki/Q298?uselang=es>"
    store.load(f"<http://e/a> <http://e/p> {page} .", RdfFormat.TURTLE)
    assert [finding.mend for finding in check_links(store)] == ["Write wd:Q298."]
