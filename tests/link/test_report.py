"""Links that hold, and links that drift."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from wikidata_standin import WikidataStandIn

from sparql_endpoint.check.as_json import as_json
from sparql_endpoint.check.as_text import as_text
from sparql_endpoint.check.report import Report
from sparql_endpoint.errors import DataError
from sparql_endpoint.link.drift import distance
from sparql_endpoint.link.report import LinkFigures, link_report
from sparql_endpoint.link.wikidata import Wikidata

_GRAPH = Path(__file__).parent / "graph.ttl"
_REASON = """
<https://w3id.org/forumgraph/link/{slug}-{item}> a owl:Axiom ;
    owl:annotatedSource id:{slug} ;
    owl:annotatedProperty skos:exactMatch ;
    owl:annotatedTarget wd:{item} ;
    rdfs:comment "Said so."@en .
"""


def _online(standin: WikidataStandIn, folder: Path, *paths: Path) -> Report[LinkFigures]:
    with Wikidata(standin.settings(folder)) as wikidata:
        return link_report(paths, wikidata)


def _rules(report: Report[LinkFigures]) -> set[tuple[str, str, str]]:
    return {
        (str(finding.severity), finding.rule, str(finding.focus).rpartition("/")[2].strip(">"))
        for finding in report.findings
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with the prefixes of the small graph, and nothing linked."""
    text = _GRAPH.read_text("utf-8").partition("# --- Entities")[0]
    path = tmp_path / "links.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def _add(path: Path, turtle: str, *links: tuple[str, str]) -> None:
    reasons = "".join(_REASON.format(slug=slug, item=item) for slug, item in links)
    matches = "".join(f"id:{slug} skos:exactMatch wd:{item} .\n" for slug, item in links)
    path.write_text(path.read_text("utf-8") + turtle + matches + reasons, encoding="utf-8")


def test_the_projects_links_have_form_and_reason() -> None:
    """Offline the project's own links conform, all 36 states among them."""
    report = link_report()
    assert report.findings == ()
    assert report.unchecked == ("Wikidata not asked: whether items exist and agree is unknown",)
    assert report.figures.links >= 36


def test_offline_a_link_needs_a_reason_and_a_state_a_link() -> None:
    """What an editor forgot is told with file and line."""
    report = link_report([_GRAPH])
    assert _rules(report) == {
        ("error", "reason", "celac"),
        ("error", "reason", "ccf-ministerial-2"),
        ("warning", "linked-states", "dominica"),
        ("warning", "linked-states", "dominican-republic"),
    }
    lines = _GRAPH.read_text("utf-8").splitlines()
    for finding in report.findings:
        assert finding.path == _GRAPH
        assert finding.line is not None
        assert f"id:{str(finding.focus).rpartition('/')[2].strip('>')}" in lines[finding.line - 1]


def test_offline_links_are_one_to_one(file: Path) -> None:
    """Two items for one entity, or two entities for one item, are errors."""
    _add(file, 'id:a a dfo:Bloc ; rdfs:label "A"@en .\n', ("a", "Q1"), ("a", "Q2"))
    assert _rules(link_report([file])) == {("error", "one-to-one", "a")}


def test_without_links_there_is_nothing_to_check(file: Path) -> None:
    """A check that looked at nothing never passes."""
    with pytest.raises(DataError, match="nothing to check"):
        link_report([file])


def test_a_link_that_agrees_gives_no_finding(
    wikidata_standin: WikidataStandIn, tmp_path: Path, file: Path
) -> None:
    """Class, code, coordinates and names of Chile agree with the item."""
    chile = (
        'id:chile a dfo:State ; rdfs:label "智利"@zh ; dfo:isoAlpha3 "CHL" ;'
        " geo:lat -38.0 ; geo:long -71.4 .\n"
    )
    _add(file, chile, ("chile", "Q298"))
    report = _online(wikidata_standin, tmp_path, file)
    assert report.findings == ()
    assert as_text(report).endswith("1 links of 1 entities, 1 items read")
    assert json.loads(as_json(report))["figures"] == {"links": 1, "entities": 1, "items": 1}


def test_items_that_are_gone_or_merged_are_told(
    wikidata_standin: WikidataStandIn, tmp_path: Path, file: Path
) -> None:
    """Deletion is an error, a redirect a warning that says where to."""
    entities = 'id:a a dfo:Bloc ; rdfs:label "A"@en . id:chile a dfo:State ; rdfs:label "Chile" .\n'
    _add(file, entities, ("a", "Q99"), ("chile", "Q990001"))
    report = _online(wikidata_standin, tmp_path, file)
    assert _rules(report) == {("error", "gone", "a"), ("warning", "redirect", "chile")}
    (redirect,) = [finding for finding in report.findings if finding.rule == "redirect"]
    assert redirect.message == "the item was merged into Q298 (Chile)"
    assert redirect.mend == "Link to wd:Q298."


class _Case(NamedTuple):
    """An entity, the item it is linked to, and the one finding to expect."""

    entity: str
    item: str
    expected: tuple[str, str]
    message: str


_CASES = [
    _Case(
        'a foaf:Person ; rdfs:label "Chile"@en',
        "Q298",
        ("warning", "class"),
        "the item is of Q3624078, none of which fits (Q5)",
    ),
    _Case(
        'a dfo:State ; rdfs:label "Chile"@en ; dfo:isoAlpha3 "XXX"',
        "Q298",
        ("error", "code"),
        "ISO 3166-1 alpha-3 code (P298) is CHL in Wikidata and XXX here",
    ),
    _Case(
        'a schema:City ; rdfs:label "Santiago"@en ; dfo:isoAlpha3 "SCL"',
        "Q2887",
        ("note", "code-missing"),
        "Wikidata has no ISO 3166-1 alpha-3 code (P298); here it is SCL",
    ),
    _Case(
        'a dfo:Bloc ; rdfs:label "CELAC" ; dfo:establishedIn "2010"^^xsd:gYear',
        "Q1045401",
        ("warning", "date"),
        "inception (P571) is 2011 in Wikidata and 2010 here",
    ),
    _Case(
        'a schema:City ; rdfs:label "Santiago"@en ; geo:lat -32.4375 ; geo:long -70.65',
        "Q2887",
        ("warning", "coordinates"),
        "Wikidata sets it 111 km from here",
    ),
    _Case(
        'a dfo:State ; rdfs:label "Dominica"@en',
        "Q298",
        ("warning", "names"),
        "no name in common: 'Dominica' here, 'Chile' there",
    ),
]


@pytest.mark.parametrize("case", _CASES, ids=[case.expected[1] for case in _CASES])
def test_what_disagrees_is_told(
    wikidata_standin: WikidataStandIn, tmp_path: Path, file: Path, case: _Case
) -> None:
    """Each difference is one finding that names both sides."""
    _add(file, f"id:x {case.entity} .\n", ("x", case.item))
    report = _online(wikidata_standin, tmp_path, file)
    ((severity, rule, _),) = _rules(report)
    assert (severity, rule) == case.expected
    assert report.findings[0].message == case.message


def test_a_loose_link_is_not_compared(
    wikidata_standin: WikidataStandIn, tmp_path: Path, file: Path
) -> None:
    """A close match need not agree; it must only exist."""
    loose = """
        id:x a dfo:State ; rdfs:label "Dominica"@en ; skos:closeMatch wd:Q2887 .
        <https://w3id.org/forumgraph/link/x> a owl:Axiom ; owl:annotatedSource id:x ;
            owl:annotatedProperty skos:closeMatch ; owl:annotatedTarget wd:Q2887 ;
            rdfs:comment "Near."@en .
        """
    _add(file, loose)
    assert _rules(_online(wikidata_standin, tmp_path, file)) == {("warning", "linked-states", "x")}


def test_distances_are_those_of_the_globe() -> None:
    """A quarter of the equator is a quarter of its length."""
    assert distance((0, 0), (0, 90)) == pytest.approx(10_007.5, abs=0.1)
    assert distance((10, 20), (10, 20)) == 0
