"""A long union whose branches differ in one term: a pattern with VALUES."""

from collections import Counter

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from sparql_endpoint.query.prepare import prepare
from sparql_endpoint.query.run import run

SPACE = "https://example.org/"
PREFIX = f"PREFIX ex: <{SPACE}> "


def union(branch: str, count: int = 30) -> str:
    """Return a union of ``count`` branches, each with its number in."""
    return " UNION ".join(f"{{ {branch.format(number)} }}" for number in range(count))


@pytest.fixture(scope="module")
def store() -> Store:
    """Return things that lead to a hundred others, by several properties."""
    made = Store()
    for number in range(100):
        for name in ("p", f"p{number % 7}"):
            parts = (f"s{number % 9}", name, f"o{number}")
            made.add(Quad(*(NamedNode(SPACE + part) for part in parts)))
    return made


def counted(results: object) -> Counter[tuple[str, ...]]:
    """Return how often each solution comes."""
    assert isinstance(results, QuerySolutions)
    return Counter(tuple(str(term) for term in row) for row in results)


@pytest.mark.parametrize(
    "pattern",
    [
        union("?s ex:p ex:o{}"),
        union("?s ex:p{} ?o"),
        union("ex:s{} ex:p ?o ; ex:p1 ?x FILTER(?o != ?x)"),
        union("?s ex:p ex:o7 , ?x ; ex:p{} ?o . FILTER(?x != ex:o1)"),
        f"?s ex:p2 ?z . {union('?s ex:p ex:o{} ; ex:p3 ?o')}",
        f"{union('?s ex:p ex:o{}')} UNION {{ ?s ex:p ex:o1 }}",
    ],
)
def test_the_solutions_stay_the_same(store: Store, pattern: str) -> None:
    """As often as the union gives them, and without the variable that stands for the term."""
    query = f"{PREFIX}SELECT ?s ?o ?x ?z {{ {pattern} }}"
    assert "VALUES ?each" in prepare(query).text

    assert counted(run(store, query)) == counted(store.query(query))


@pytest.mark.parametrize(
    "pattern",
    [
        union("?s ex:p ex:o{}", 5),
        union("?s ex:p ex:o{0} ; ex:q ex:o{0}"),
        union("?s ex:p ?o FILTER(?o = ex:o{})"),
        union("?s ex:p{}/ex:q ?o"),
        union("?s ex:p 'x'@en{}"),
    ],
)
def test_another_union_is_left_as_it_is(pattern: str) -> None:
    """Few branches, two places, a term in a filter or path, or half of a term."""
    assert "VALUES" not in prepare(f"{PREFIX}SELECT ?s {{ {pattern} }}").text
