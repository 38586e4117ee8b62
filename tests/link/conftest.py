"""The small graph that the tests of links read."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.link.sssom import Row

FILES = [Path(__file__).parent / name for name in ("graph.ttl", "alignments.ttl")]


@pytest.fixture
def graph() -> Store:
    """Return a store with the entities, links, alignments and claims of the files here."""
    return load_files(FILES)


@pytest.fixture
def candidate_row() -> Row:
    """Return a row as ``propose --write`` makes it, not reviewed."""
    return Row(
        subject_id="id:chile",
        subject_label="Chile",
        predicate_id="skos:exactMatch",
        predicate_modifier="",
        object_id="wd:Q298",
        object_label='The "long"\tcountry',
        mapping_justification="semapv:CompositeMatching",
        author_label="A. Editor",
        reviewer_label="",
        mapping_tool="forumgraph 0.1.0",
        mapping_date="2026-11-22",
        confidence="0.95",
        comment="en: same name 'Chile'",
    )
