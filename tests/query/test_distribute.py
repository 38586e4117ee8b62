"""A pattern beside groups in braces: written into them, with the same solutions."""

import random
from collections import Counter

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from sparql_endpoint.query.prepare import prepare
from sparql_endpoint.query.run import run

SPACE = "https://example.org/"
PREFIX = f"PREFIX ex: <{SPACE}> "
MOVED = [
    "?t a ex:T . { ?a ex:p ?t ; a ex:A . BIND(?a AS ?x) } UNION { ?b ex:p ?t ; a ex:B }",
    "?t a ex:T { ?a ex:p ?t ; a ex:A FILTER(STR(?a) != 'x') }",
    "{ ?a ex:p ?t ; a ex:A } UNION { ?b ex:p ?t . ?b a ex:B } ?t a ex:T . OPTIONAL { ?t ex:q ?z }",
    "OPTIONAL { ?t ex:q ?z } ?t a ex:T FILTER(?t != ex:a) { ?a ex:p ?t ; ex:q ?y BIND(1 AS ?x) }",
    "?t ex:p ?y . ?y ex:q ?w . { ?t a ex:A ; ex:q ?x } UNION { ?y a ex:B ; ex:p ?x } . ?w ex:p ?v",
    "?t a ex:T . { ?a ex:p ?t ; ex:q ?b } UNION { ?t ex:p ?a } { ?t ex:q ?c , ?d FILTER(1=1) }",
]
LEFT = [
    "?t a ex:T OPTIONAL { ?a ex:p ?t ; a ex:A FILTER(?t != 1) }",
    "?t a ex:T MINUS { ?a ex:p ?t ; a ex:A FILTER(?a != 1) }",
    "?t a ex:T { ?a ex:p ?t ; a ex:A FILTER(BOUND(?outside)) }",
    "?t a ex:T { ?a ex:p ?t ; a ex:A BIND(?a AS ?x) } ?x ex:q ?z",
    "?t a ex:T { ?a ex:p ?t ; a ex:A OPTIONAL { ?a ex:q ?t } }",
    "?t a ex:T { SELECT ?t { ?a ex:p ?t ; a ex:A } LIMIT 1 }",
    "?t a ex:T { ?a ex:p ?t } UNION { ?a ex:q ?t }",
    "_:b ex:p ?t { ?a ex:p ?t ; a ex:A FILTER(?a != 1) }",
    "?t a ex:T { ?a ex:p ?b ; a ex:A FILTER(?a != 1) }",
    "GRAPH ?g { ?t a ex:T } { ?a ex:p ?t ; a ex:A FILTER(?a != 1) }",
]


@pytest.mark.parametrize("pattern", MOVED)
def test_the_solutions_stay_the_same(pattern: str) -> None:
    """The query is written anew, and rdflib gives the same for it as it was written."""
    query = f"{PREFIX}SELECT * {{ {pattern} }}"
    prepared = prepare(query).text
    assert prepared.count("?t") > query.count("?t")
    rng = random.Random(pattern)
    for _ in range(12):
        triples = {
            (
                rng.choice("abcd"),
                *rng.choice([("p", rng.choice("abcd")), ("q", rng.choice("abcd"))]),
            )
            for _ in range(rng.randint(1, 9))
        }
        store, graph = Store(), rdflib.Graph()
        kind = f"{rdflib.RDF.type}"
        named = [(f"{SPACE}{s}", f"{SPACE}{p}", f"{SPACE}{o}") for s, p, o in triples]
        named += [(f"{SPACE}{s}", kind, f"{SPACE}{rng.choice('TAB')}") for s in "abcdab"]
        for triple in named:
            graph.add(
                (rdflib.URIRef(triple[0]), rdflib.URIRef(triple[1]), rdflib.URIRef(triple[2]))
            )
        store.extend(Quad(*map(NamedNode, triple)) for triple in named)

        expected = Counter(
            _row(row.asdict().items())  # type: ignore[union-attr]  # it is a SELECT
            for row in graph.query(query)
        )
        results = run(store, query)
        assert isinstance(results, QuerySolutions)
        names = [variable.value for variable in results.variables]
        found = Counter(_row((n, row[n]) for n in names if row[n] is not None) for row in results)
        assert found == expected


def _row(values: object) -> frozenset[tuple[str, str]]:
    return frozenset((str(name), str(getattr(term, "value", term))) for name, term in values)  # type: ignore[attr-defined]  # pairs


@pytest.mark.parametrize("pattern", LEFT)
def test_what_would_change_its_meaning_or_gain_nothing_is_left(pattern: str) -> None:
    """Filters on what is bound outside, targets used outside, other patterns, labels."""
    query = f"{PREFIX}SELECT ?t {{ {pattern} }}"

    assert prepare(query).text == query


def test_groups_behind_a_pattern_are_answered_at_once() -> None:
    """5,000 things of each kind: pair by pair it would be 50 million steps, a minute and more."""
    store = Store()
    names = {name: NamedNode(f"{SPACE}{name}") for name in ("T", "A", "B", "p")}
    kind = NamedNode(str(rdflib.RDF.type))
    for number in range(5_000):
        t, a, b = (NamedNode(f"{SPACE}{letter}{number}") for letter in "tab")
        store.add(Quad(t, kind, names["T"]))
        for thing, name in ((a, "A"), (b, "B")):
            store.add(Quad(thing, kind, names[name]))
            store.add(Quad(thing, names["p"], t))
    pattern = (
        "?t a ex:T . { ?a ex:p ?t ; a ex:A . BIND(?a AS ?x) }"
        " UNION { ?b ex:p ?t ; a ex:B . BIND(?b AS ?x) }"
    )
    results = run(store, f"{PREFIX}SELECT (COUNT(*) AS ?n) {{ {pattern} }}")

    assert isinstance(results, QuerySolutions)
    assert [row["n"].value for row in results] == ["10000"]
