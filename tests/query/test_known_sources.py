"""A later article is left out of what the expected answers are compared with."""

from known_sources import without_later
from pyoxigraph import Quad, RdfFormat, parse

from sparql_endpoint.names import PREFIXES

OLD = """
GRAPH <https://w3id.org/forumgraph/graph/data/claims/old> {
  claim:old-01 rdf:subject id:forum ; rdf:predicate dfo:hasParty ; rdf:object id:a .
}
GRAPH <https://w3id.org/forumgraph/graph/data/forums> {
  id:forum a dfo:Forum ; dfo:hasParty id:a .
  id:a a dfo:Bloc .
}
"""
NEW = """
GRAPH <https://w3id.org/forumgraph/graph/data/claims/new> {
  claim:new-01 rdf:subject id:forum ; rdf:predicate dfo:hasParty ; rdf:object id:a .
  claim:new-02 rdf:subject id:forum ; rdf:predicate dfo:hasParty ; rdf:object id:b .
  claim:new-03 rdf:subject id:forum ; rdf:predicate dfo:establishedIn ; rdf:object "2024" .
}
GRAPH <https://w3id.org/forumgraph/graph/data/forums> {
  id:forum dfo:hasParty id:b ; dfo:establishedIn "2024" .
  id:b a dfo:Bloc ; dfo:isoAlpha3 "BBB" .
}
"""


def _quads(text: str) -> set[Quad]:
    names = ("claim", "id", "graph", "rdf", "dfo")
    heads = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in names)
    return set(parse((heads + text).encode(), RdfFormat.TRIG))


def test_what_only_a_later_source_claims_is_left_out_with_its_things() -> None:
    """What an earlier one claims too stays, and so does all that stood before."""
    assert set(without_later(_quads(OLD + NEW), frozenset({"old"}))) == _quads(OLD)


def test_with_every_source_known_nothing_is_left_out() -> None:
    """The expected answers are those of all the data."""
    assert set(without_later(_quads(OLD + NEW), frozenset({"old", "new"}))) == _quads(OLD + NEW)
