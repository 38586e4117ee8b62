"""``forumgraph stats``."""

import json
from collections.abc import Callable
from typing import Any

import rdflib
from rdflib import RDF, VOID

from sparql_endpoint.names import BASE

Forumgraph = Callable[..., Any]


def test_the_numbers_are_those_of_the_description(
    forumgraph: Forumgraph, data_graph: rdflib.Graph
) -> None:
    """What data/dataset.ttl says of the data is what is counted."""
    counted = json.loads(forumgraph("stats", "--format", "json").out)
    dataset = rdflib.URIRef(f"{BASE}dataset")
    parts = {
        part: int(str(data_graph.value(rdflib.URIRef(f"{dataset}#{part}"), VOID.entities)))
        for part in ("claims", "quotes", "sources")
    }
    assert {part: counted[part] for part in parts} == parts
    described = [data_graph.value(dataset, number) for number in (VOID.triples, VOID.entities)]
    assert [rdflib.Literal(counted[key]) for key in ("statements", "entities")] == described


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
