"""Quotes against texts in which a single character is wrong."""

import random
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from sparql_endpoint.check.evidence import check_texts, read_texts
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.evidence import Evidence, read_evidence
from sparql_endpoint.graph.sources import SourceText

POSITIONS = 200
SLUGS = ("closer-partnership-2018", "china-deepens-cooperation")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    store: Store = load_project()
    return read_evidence(store)


def covering(evidence: Evidence, source: NamedNode, position: int) -> set[NamedNode]:
    """Return the claims that have a quote over a position, read from the names of the quotes."""
    return {
        claim.iri
        for claim in evidence.claims
        for term in claim.evidence
        if isinstance(term, NamedNode) and term.value.startswith(quotes_of(source))
        if position in range(*offsets(term.value))
    }


def quotes_of(source: NamedNode) -> str:
    return source.value.replace("/source/", "/quote/") + "-"


def offsets(iri: str) -> tuple[int, int]:
    _, start, end = iri.rsplit("-", 2)
    return int(start), int(end)


@pytest.mark.parametrize("slug", SLUGS)
def test_exactly_the_claims_over_a_flipped_character_fail(
    evidence: Evidence, articles: Path, slug: str
) -> None:
    """At 200 random places a wrong character fails the claims whose quotes cover it, no other."""
    texts = read_texts(evidence, articles)
    source = NamedNode(f"https://w3id.org/forumgraph/source/{slug}")
    text = texts[source].text
    places = random.Random(slug)  # a seed makes the test repeatable
    hits = 0
    for position in places.sample(range(len(text)), POSITIONS):
        flipped = text[:position] + chr(ord(text[position]) ^ 1) + text[position + 1 :]
        changed = {**texts, source: SourceText(slug, texts[source].sha256, flipped)}
        failed = {claim for finding in check_texts(evidence, changed) for claim in finding.claims}
        assert failed == covering(evidence, source, position)
        hits += bool(failed)
    assert 0 < hits < POSITIONS
