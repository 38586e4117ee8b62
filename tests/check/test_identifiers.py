"""Addresses stay: the check holds the IRIs of the last release."""

from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from sparql_endpoint.check.identifiers import check_identifiers, identifiers, last_release
from sparql_endpoint.check.scope import read_scope
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import DATA

GRAPH = """
claim:a-01 a dfo:Claim ; rdf:subject id:b .
claim:a-02 owl:deprecated true ; dcterms:isReplacedBy claim:a-01 .
<https://w3id.org/forumgraph/quote/a-1-2#selector> oa:start 1 .
<https://example.org/other> owl:deprecated true .
"""


def _quads() -> list[Quad]:
    heads = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    return list(parse((heads + GRAPH).encode(), RdfFormat.TURTLE))


def test_identifiers_are_the_subjects_of_ours() -> None:
    """A deprecated one is among them; a thing that is only referred to is not."""
    assert identifiers(_quads()) == {"claim:a-01", "claim:a-02"}


def test_an_iri_that_vanished_is_an_error_that_says_what_to_write() -> None:
    """One that is deprecated is no fault."""
    release = ("0.9.0", frozenset({"claim:a-01", "claim:a-02", "claim:a-03"}))
    (finding,) = check_identifiers(_quads(), release)
    assert finding.message.startswith("Release 0.9.0 has this IRI")
    assert "claim:a-03 owl:deprecated true" in finding.mend


def test_the_last_release_is_the_one_of_the_highest_number(tmp_path: Path) -> None:
    """0.10.0 comes after 0.9.0; where none is recorded nothing is held."""
    assert last_release(tmp_path) is None
    assert list(check_identifiers((), None)) == []
    for version in ("0.9.0", "0.10.0"):
        (tmp_path / f"{version}.txt").write_text(f"id:of-{version}\n", encoding="utf-8")
    assert last_release(tmp_path) == ("0.10.0", frozenset({"id:of-0.10.0"}))


def test_the_released_iris_are_recorded() -> None:
    """Release 0.2.0 had claims, quotes, sources, things and terms."""
    release = last_release()
    assert release is not None
    prefixes = {name.partition(":")[0] for name in release[1]}
    assert prefixes == {"claim", "dfo", "id", "quote", "source"}


def test_the_check_of_the_project_looks_at_the_recorded_releases() -> None:
    """Its scope names the folder in which they lie."""
    assert read_scope(()).releases == DATA / "releases"
    assert last_release(DATA / "releases") == last_release()
