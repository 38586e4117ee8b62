"""Property paths: against a model that does what SPARQL 1.1 says, on graphs and paths at random."""

import random
from collections import Counter

import pytest
from path_model import Path, Triples, pairs, written
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from sparql_endpoint.query.prepare import prepare
from sparql_endpoint.query.run import run, run_with_notices

SPACE = "https://example.org/"
PREFIX = f"PREFIX ex: <{SPACE}> "


def path_of(rng: random.Random, depth: int) -> Path:
    """Return a path at random."""
    kind = rng.choice(["step", "step", "|", "|", "/", "^", "*", "?", "+"]) if depth else "step"
    if kind == "step":
        return rng.choice("pqr")
    if kind in {"|", "/"}:
        return (kind, path_of(rng, depth - 1), path_of(rng, depth - 1))
    return (kind, path_of(rng, depth - 1))


def graph_of(rng: random.Random) -> Triples:
    """Return a graph at random."""
    size = rng.randint(0, 8)
    return frozenset(
        (rng.choice("abcd"), rng.choice("pqr"), rng.choice("abcd")) for _ in range(size)
    )


def store_of(graph: Triples) -> Store:
    """Return a graph as a store."""
    store = Store()
    store.extend(Quad(*(NamedNode(SPACE + name) for name in triple)) for triple in graph)
    return store


def solutions(store: Store, query: str) -> Counter[tuple[str, ...]]:
    """Return how often each solution comes."""
    results = run(store, PREFIX + query)
    assert isinstance(results, QuerySolutions)
    return Counter(
        tuple("-" if term is None else term.value.removeprefix(SPACE) for term in row)
        for row in results
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_path_has_the_solutions_that_the_specification_defines(seed: int) -> None:
    """Both ends at random: variables, terms in the data, and a term that is not."""
    rng = random.Random(seed)
    for _ in range(12):
        graph, path = graph_of(rng), path_of(rng, 2)
        start, end = rng.choice(["?x", "?x", "a", "nope"]), rng.choice(["?y", "?y", "b", "nope"])
        ends = [name if name.startswith("?") else f"ex:{name}" for name in (start, end)]
        query = f"SELECT (?x AS ?s) (?y AS ?o) {{ {ends[0]} {written(path)} {ends[1]} }}"
        expected = Counter[tuple[str, ...]]()
        for (s, o), count in pairs(graph, start, path, end).items():
            expected[s if start == "?x" else "-", o if end == "?y" else "-"] += count

        assert solutions(store_of(graph), query) == expected, (query, graph)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?s (ex:p|ex:q) ?o", ["a b", "a b", "a c"]),
        ("?s ex:p|ex:q ?o ; ex:p ex:b", ["a b", "a b", "a c"]),
        ("?s ex:p ex:b ; ex:p|ex:q ?o . ?o ex:r ?z", ["a b", "a b"]),
        ("?s (ex:p|ex:q)/ex:r ?o", ["a d", "a d"]),
        ("?s ex:q|ex:p ex:b , ?o", ["a b", "a b", "a b", "a b", "a c", "a c"]),
        ("?s ex:r ?o OPTIONAL { ?z ex:p|ex:q ?s }", ["b d", "b d"]),
        ("FILTER(?s != ex:x) ?s ex:p|ex:q ?o", ["a b", "a b", "a c"]),
        ("GRAPH ex:g { ?s ex:p|ex:q ?o }", ["e f", "e f"]),
        ("GRAPH ?g { ?s ex:p|ex:q ?o }", ["e f", "e f"]),
        ("{ SELECT ?s ?o { ?s ex:p|ex:q ?o } }", ["a b", "a b", "a c"]),
    ],
)
def test_an_alternative_keeps_what_comes_from_both_sides(pattern: str, expected: list[str]) -> None:
    """SPARQL 1.1, section 18.4: a union of two patterns."""
    store = store_of(
        frozenset({("a", "p", "b"), ("a", "q", "b"), ("a", "q", "c"), ("b", "r", "d")})
    )
    graph = NamedNode(f"{SPACE}g")
    for name in "pq":
        subject, predicate, object_ = (NamedNode(SPACE + part) for part in ("e", name, "f"))
        store.add(Quad(subject, predicate, object_, graph))

    found = solutions(store, f"SELECT ?s ?o {{ {pattern} }}")

    assert sorted(" ".join(row) for row in found.elements()) == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT ?s { ?s <a:p>|<a:q> ?o }",
        "ASK { ?s <a:p>|<a:q> ?o }",
        "CONSTRUCT { ?s <a:p> ?o } WHERE { ?s <a:p>|<a:q> ?o }",
        "SELECT ?s { ?s (<a:p>|<a:q>)* ?o }",
        "SELECT ?s { ?s <a:p>* ?o . ?o <a:p>/<a:q>? <a:b> }",
        "SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?s <a:p>|<a:q> ?z } MINUS { ?s <a:p>|<a:q> 1 } }",
        "SELECT (1 || 2 AS ?x) (2 * 3 AS ?y) {}",
    ],
)
def test_a_path_that_the_engine_gets_right_is_left_as_it_is(query: str) -> None:
    """What is rewritten may cost time."""
    assert prepare(query).text == query


def test_a_path_that_cannot_be_rewritten_is_warned_of() -> None:
    """A blank node with a label may not stand in two groups."""
    query = "SELECT ?s { ?s <a:p>|<a:q> _:b . _:b <a:r> ?o }"

    assert [notice.code for notice in run_with_notices(Store(), query)[1]] == ["path-alternative"]
