"""Each constraint is broken by a graph, and each of these graphs breaks one shape only."""

from collections import Counter
from collections.abc import Mapping

import pytest
from broken_graphs import BROKEN_GRAPHS, BrokenGraph
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from rdflib import SH, Graph, URIRef

from sparql_endpoint.check.finding import Finding
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import shorten

every_broken_graph = pytest.mark.parametrize(
    "broken", BROKEN_GRAPHS, ids=[broken.path.stem for broken in BROKEN_GRAPHS]
)


def _constraints(shapes: Graph) -> set[tuple[str, str]]:
    """Return each shape with each kind of constraint that it states."""
    return {
        (shorten(str(shape)), str(CONSTRAINT_PARAMETERS_MAP[parameter].shacl_constraint_component))
        for shape, parameter in shapes.subject_predicates()
        if parameter in CONSTRAINT_PARAMETERS_MAP and parameter != SH.property
    }


@every_broken_graph
def test_a_broken_graph_gets_the_message_it_names(
    broken: BrokenGraph, findings: Mapping[Term | None, list[Finding]]
) -> None:
    """The shape that a graph is named for finds it broken with the message of its first line."""
    found = [finding for subject in broken.subjects for finding in findings.get(subject, [])]
    assert {(finding.rule, finding.message) for finding in found} == {
        (broken.shape, broken.message)
    }


def test_every_constraint_has_a_broken_graph(
    shapes: Graph, findings: Mapping[Term | None, list[Finding]]
) -> None:
    """No constraint stands untried: a misspelt one would let everything pass."""
    broken = {
        (f.rule, f.shacl.component.value) for found in findings.values() for f in found if f.shacl
    }
    assert broken == _constraints(shapes)


def test_every_shape_states_at_most_one_query(shapes: Graph) -> None:
    """A query is told from others by its shape, so that the test above sees each of them."""
    queries = Counter(shapes.subjects(SH.sparql, unique=False))
    assert [shape for shape, number in queries.items() if number > 1] == []


def test_broken_graphs_speak_of_their_own_things(
    findings: Mapping[Term | None, list[Finding]],
) -> None:
    """No two graphs describe the same thing, and nothing is found that none of them describes."""
    described = Counter(subject for broken in BROKEN_GRAPHS for subject in broken.subjects)
    assert [subject for subject, number in described.items() if number > 1] == []
    assert [subject for subject in findings if subject not in described] == []


def test_every_shape_s_name_is_an_iri(shapes: Graph) -> None:
    """A finding can name its shape, and a broken graph its file after it."""
    unnamed = {shape for shape in shapes.subjects(SH.property) if not isinstance(shape, URIRef)}
    assert (
        unnamed | {o for o in shapes.objects(None, SH.property) if not isinstance(o, URIRef)}
        == set()
    )
