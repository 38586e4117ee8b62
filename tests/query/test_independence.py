"""The rule of independence in CONTRIBUTING.md, on one source at a time.

A statement about the Forum has one claim and one source; the case says who speaks and whose the
source is. Both questions that use the rule have to agree on each case.
"""

import pytest
import rdflib
from pyoxigraph import QuerySolutions, RdfFormat, Store
from rdflib.query import ResultRow

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.run import run

STATEMENT = """
id:china-celac-forum a dfo:Forum .
id:meeting dfo:ofForum id:china-celac-forum ; dfo:ordinal 1 .
claim:one a dfo:Claim ;
    rdf:subject id:meeting ; rdf:predicate dfo:ordinal ; rdf:object 1 ;
    dfo:evidence source:page .
"""

FROM_THE_MINISTRY = """
claim:two a dfo:Claim ;
    rdf:subject id:meeting ; rdf:predicate dfo:ordinal ; rdf:object 1 ;
    dfo:claimant id:ministry ; dfo:evidence source:release .
source:release a dfo:Source ; dcterms:publisher id:ministry ; dfo:party id:china .
"""

NOT_INDEPENDENT = {
    "a page that only carries a party's words": """
        claim:one dfo:claimant id:minister .
        source:page a dfo:Source ; dcterms:publisher id:newspaper .""",
    "a copy of a document": """
        claim:one dfo:claimant id:newspaper ; dfo:voicedIn id:declaration .
        source:page a dfo:Source ; dcterms:publisher id:newspaper ;
            schema:exampleOfWork id:declaration .""",
    "an agency's story on a newspaper's page": """
        claim:one dfo:claimant id:agency .
        source:page a dfo:Source ; dcterms:publisher id:newspaper .""",
    "a text by courtesy of a party's agency": """
        claim:one dfo:claimant id:newspaper .
        source:page a dfo:Source ; dcterms:publisher id:newspaper ;
            dfo:sameTextAs source:wire .
        source:wire a dfo:Source ; dcterms:publisher id:agency ; dfo:party id:china .""",
    "a party's own medium": """
        claim:one dfo:claimant id:newspaper .
        source:page a dfo:Source ; dcterms:publisher id:newspaper ; dfo:party id:china .""",
}

INDEPENDENT = {
    "a newspaper of no party in its own words": """
        claim:one dfo:claimant id:newspaper .
        source:page a dfo:Source ; dcterms:publisher id:newspaper .""",
    "a page of an unknown publisher in its own words": """
        claim:one dfo:claimant source:page .
        source:page a dfo:Source .""",
}

each_case = pytest.mark.parametrize(
    ("facts", "independent"),
    [
        *(pytest.param(facts, 0, id=name) for name, facts in NOT_INDEPENDENT.items()),
        *(pytest.param(facts, 1, id=name) for name, facts in INDEPENDENT.items()),
    ],
)


def _turtle(*parts: str) -> str:
    names = ("claim", "dcterms", "dfo", "id", "rdf", "schema", "source")
    return "\n".join([*(f"@prefix {name}: <{PREFIXES[name]}> ." for name in names), *parts])


def _store(turtle: str) -> Store:
    store = Store()
    store.load(turtle.encode(), RdfFormat.TURTLE)
    return store


@each_case
def test_a_statement_rests_on_the_parties_unless_its_source_is_independent(
    facts: str, independent: int
) -> None:
    """The question lists the statement where the source is not independent, on both engines."""
    question = catalogue()["resting-on-parties"].text
    turtle = _turtle(STATEMENT, facts)

    found = run(_store(turtle), question)
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == 1 - independent
    assert len(list(rdflib.Graph().parse(data=turtle).query(question))) == 1 - independent


@each_case
def test_a_corroborated_statement_counts_its_independent_publishers(
    facts: str, independent: int
) -> None:
    """Beside a ministry's release, the source counts as of no party only if it is independent."""
    question = catalogue()["corroborated"].text
    turtle = _turtle(STATEMENT, FROM_THE_MINISTRY, facts)

    (row,) = rdflib.Graph().parse(data=turtle).query(question)

    assert isinstance(row, ResultRow)
    assert [int(number) for number in row[3:]] == [2, 2, independent]
