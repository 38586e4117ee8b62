"""``forumgraph stats``."""

import json
from collections.abc import Callable
from typing import Any

import rdflib
from rdflib import RDF

from sparql_endpoint.check.identifiers import last_release
from sparql_endpoint.names import BASE

Forumgraph = Callable[..., Any]


def test_the_numbers_are_those_that_another_library_counts(
    forumgraph: Forumgraph, data_graph: rdflib.Graph
) -> None:
    """The statements of data/, its claims, quotes and sources, and its things that have a class."""
    counted = json.loads(forumgraph("stats", "--format", "json").out)
    instances = {
        "claims": rdflib.URIRef(f"{BASE}ontology#Claim"),
        "quotes": rdflib.URIRef("http://www.w3.org/ns/oa#SpecificResource"),
        "sources": rdflib.URIRef(f"{BASE}ontology#Source"),
    }
    for name, cls in instances.items():
        assert counted[name] == len(list(data_graph.subjects(RDF.type, cls)))
    things = {x for x in data_graph.subjects(RDF.type) if str(x).startswith(f"{BASE}id/")}
    assert counted["entities"] == len(things)
    assert counted["statements"] == len(data_graph)


def test_identifiers_are_listed_as_a_release_records_them(forumgraph: Forumgraph) -> None:
    """One short name a line, sorted, those of the last release among them."""
    lines = forumgraph("stats", "--identifiers").out.splitlines()
    release = last_release()
    assert lines == sorted(set(lines))
    assert release is not None
    assert release[1] <= set(lines)


def test_claims_are_told_by_standing(forumgraph: Forumgraph) -> None:
    """Every claim is either asserted or attributed."""
    counted = json.loads(forumgraph("stats", "--format", "json").out)
    assert counted["asserted"] + counted["attributed"] == counted["claims"]
    assert 0 < counted["inferred"] < counted["claims"]


def test_entities_are_told_by_class(forumgraph: Forumgraph, data_graph: rdflib.Graph) -> None:
    """A line a class, the number first."""
    forums = rdflib.URIRef(f"{BASE}ontology#State")
    states = len(set(data_graph.subjects(RDF.type, forums)))
    outcome = forumgraph("stats")
    assert outcome.code == 0
    assert f"{states:>7,}   dfo:State\n" in outcome.out
