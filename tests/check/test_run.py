"""All checks together: what each broken graph is told, and where."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.report import Report
from sparql_endpoint.check.run import check
from sparql_endpoint.check.scope import read_scope
from sparql_endpoint.errors import DataError, NotFoundError, RdfSyntaxError
from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.paths import ONTOLOGY

Check = Callable[..., Report[Checked]]

# What is replaced, by what, the rule that is broken, and the text of the line it is told at.
BROKEN = [
    ("dfo:value 17", "dfo:value 017", "same-triples", "dfo:value 017"),
    ('"2018-01-22"^^xsd:date ;\n    schema', '"22/1/18"^^xsd:date ;\n    schema', "well-typed",
     '"22/1/18"'),
    ("dfo:ordinal 2", "dfo:ordinal 2 , 2", "stated-once", "dfo:ordinal 2 , 2"),
    ("schema:location id:santiago ;\n    skos", "schema:lokation id:santiago ;\n    skos",
     "known-term", "schema:lokation"),
    ("a schema:City", "a schema:Citty", "known-term", "schema:Citty"),
    ('"2018-01-22"^^xsd:date ;\n    schema', '"2018-01-22"^^xsd:dat ;\n    schema',
     "known-term", "xsd:dat "),
    ("dfo:ordinal 2", "dfo:ordinal 0", "shapes:Meeting-ordinal", "dfo:ordinal 0"),
    ('    rdfs:label "Second meeting"@en ;\n', "", "shapes:Meeting-label", "id:meeting"),
    ("    dfo:claimant source:paper ;\n", "", "shapes:Claim-claimant", "claim:paper-01"),
    ("dfo:heldOn", "dfo:scheduledOn", "shapes:Claim", "claim:paper-01"),
    ("quote:paper-61-79\n    a", "quote:paper-61-80\n    a", "quote-iri", "quote:paper-61-80"),
    ("oa:start 61", "oa:start 60", "quote-text", "quote:paper-61-79"),
    ("opened in", "opened at", "quote-text", "quote:paper-0-58"),
    ("dfo:bodyEnd 155", "dfo:bodyEnd 50", "quote-footer", "quote:paper-0-58"),
    ("f0037864", "f0037865", "source-text", "schema:sha256"),
    ("dfo:value 17", "dfo:value 18", "quote-carries-fact", "rdf:object id:count-sessions"),
    ("meeting opened in", "meeting will be in", "words-say-less", 'rdf:object "2018'),
    ("dfo:evidence quote:paper-0-58 .",
     'skos:editorialNote "It will be held."@en ; dfo:evidence quote:paper-0-58 .',
     "note-of-the-future", 'rdf:object "2018'),
    ("rdf:predicate schema:location ;\n    rdf:object id:santiago",
     "rdf:predicate rdf:type ;\n    rdf:object dfo:Meeting", None, None),
    ("wd:Q2887", "<https://www.wikidata.org/wiki/Q2887>", "wikidata-iri", "/wiki/Q2887"),
    ("wd:Q2887", "wd:Q100", "one-to-one", "wd:Q100"),
    ("wd:Q2887", "wd:Q2887 , wd:Q1", "one-to-one", "wd:Q2887 , wd:Q1"),
    ("wd:Q2887", "wd:Q2887 ; skos:closeMatch wd:Q2887", "one-relation", "wd:Q2887 ; skos"),
    ("wd:Q2887 .", "wd:Q2887 . id:lima skos:closeMatch wd:Q2868 .", "linked-thing", "id:lima"),
]  # fmt: skip  # one case a line, or two

DAY = '"2018-01-22"^^xsd:date'


def test_a_good_graph_conforms(check_changed: Check) -> None:
    """Nothing is found, and the figures tell what was looked at."""
    report = check_changed()
    assert report.findings == ()
    assert report.conforms
    assert report.figures == Checked(
        files=1, statements=55, shapes=2, focus_nodes=4, claims=3, quotes=2, texts=1, compared=2
    )


@pytest.mark.parametrize(("old", "new", "rule", "text"), BROKEN)
def test_each_broken_rule_is_told_with_its_line(
    check_changed: Check, old: str, new: str, rule: str | None, text: str | None
) -> None:
    """The finding names the file and the first line that has the text in question."""
    found = [finding for finding in check_changed(old, new).findings if finding.rule == rule]
    assert bool(found) == bool(rule)
    for finding in found[:1]:
        assert finding.path is not None
        assert finding.path.name == "changed.ttl"
        lines = finding.path.read_text(encoding="utf-8").splitlines()
        expected = next(n for n, line in enumerate(lines, start=1) if text and text in line)
        assert finding.line == expected
        assert finding.message.endswith(".")


def test_a_quote_that_the_text_has_elsewhere_is_told_where(check_changed: Check) -> None:
    """The editor learns the right offsets and which claims rest on the quote."""
    report = check_changed("oa:start 61", "oa:start 60")
    (finding,) = (found for found in report.findings if found.rule == "quote-text")
    assert "61-79" in finding.mend
    assert [claim.value.rpartition("/")[2] for claim in finding.claims] == ["paper-02"]
    assert finding.quote == "Seventeen sessions"


def test_a_finding_about_a_claim_shows_its_quotes(check_changed: Check) -> None:
    """Whoever mends the claim sees what the source says."""
    report = check_changed("    dfo:claimant source:paper ;\n", "")
    assert [finding.quote for finding in report.findings] == [
        "On January 22, 2018, the second meeting opened in Santiago"
    ]


def test_a_finding_about_a_claimed_statement_shows_the_claims_quotes(check_changed: Check) -> None:
    """The statement and the claim of it may stand in different files."""
    report = check_changed(f"    dfo:heldOn {DAY}", f"    dfo:heldOn {DAY} , {DAY}")
    assert [(found.rule, found.quote) for found in report.findings] == [
        ("stated-once", "On January 22, 2018, the second meeting opened in Santiago")
    ]


def test_a_finding_about_a_selector_shows_its_words(check_changed: Check) -> None:
    """Whatever part of a quote is wrong, its words are what an editor knows it by."""
    report = check_changed("oa:start 61", "oa:start 61 , 61")
    assert [(found.rule, found.quote) for found in report.findings] == [
        ("stated-once", "Seventeen sessions")
    ]


def test_without_texts_the_report_says_what_was_not_checked(cases: Path) -> None:
    """Silence would read as if the quotes had been compared."""
    report = check([cases / "good.ttl"], shapes=cases / "shapes.ttl", house_rules=True)
    assert report.conforms
    assert report.unchecked == ("texts not given: quotes not compared with them",)
    assert (report.figures.texts, report.figures.compared) == (0, 0)


def test_an_unreadable_file_of_shapes_is_no_silent_success(cases: Path, tmp_path: Path) -> None:
    """With no shape in it a shapes graph would let anything conform."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .", encoding="utf-8")
    with pytest.raises(DataError, match="no shape in it"):
        check([cases / "good.ttl"], shapes=shapes)


def test_a_file_that_no_shape_is_about_is_no_silent_success(cases: Path, tmp_path: Path) -> None:
    """A check that found nothing to check fails."""
    path = tmp_path / "other.ttl"
    path.write_text("<https://example.org/a> a <https://example.org/B> .", encoding="utf-8")
    with pytest.raises(DataError, match=r"other\.ttl: nothing to check"):
        check([path], shapes=cases / "shapes.ttl", house_rules=True)


def test_turtle_that_only_one_library_reads_is_no_turtle_to_rely_on(
    cases: Path, tmp_path: Path
) -> None:
    """Oxigraph reads RDF 1.2, rdflib does not: the file is refused at the line."""
    path = tmp_path / "new.ttl"
    good = (cases / "good.ttl").read_text(encoding="utf-8")
    path.write_text(f"{good}\nid:a rdfs:label 'x'@ar--rtl .\n", encoding="utf-8")
    line = good.count("\n") + 2
    with pytest.raises(RdfSyntaxError, match=rf"new\.ttl:{line}:1: rdflib cannot read this"):
        check([path], shapes=cases / "shapes.ttl", house_rules=True)


def test_a_folder_of_texts_that_is_not_there_is_told(cases: Path, tmp_path: Path) -> None:
    """A misspelt folder must not look like a check without texts."""
    with pytest.raises(NotFoundError, match="no such folder of texts"):
        check([cases / "good.ttl"], tmp_path / "gone", cases / "shapes.ttl", house_rules=True)


def test_the_project_conforms() -> None:
    """The project's own ontology, data and shapes have no finding of any kind."""
    report = check()
    assert report.findings == ()
    assert report.figures.claims > 100


def test_the_quotes_are_in_the_articles(articles: Path) -> None:
    """Every quote of a source with a digest is compared with its text, and found there."""
    report = check(sources=articles)
    assert report.findings == ()
    assert report.unchecked == ()
    assert report.figures.compared == report.figures.quotes


@pytest.fixture
def project(cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with the small graph in two files, its things and its claims."""
    text = (cases / "good.ttl").read_text(encoding="utf-8")
    header, _, body = text.partition("# --- Things ------")
    things, _, claims = body.partition("# --- Source and quotes ------")
    shapes = (cases / "shapes.ttl").read_text(encoding="utf-8")
    for name, content in {
        "data/things.ttl": header + things,
        "data/claims.ttl": header + claims,
        "shapes/shapes.ttl": shapes,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    scope = "sparql_endpoint.check.scope"
    monkeypatch.setattr(f"{scope}.DATA", tmp_path / "data")
    monkeypatch.setattr(f"{scope}.SHAPES", tmp_path / "shapes")
    ontology = turtle_files([ONTOLOGY])
    monkeypatch.setattr(
        f"{scope}.project_files", lambda: [*ontology, *turtle_files([tmp_path / "data"])]
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_file_of_the_project_is_judged_in_its_context(project: Path) -> None:
    """A file of claims needs the things it is about; a path may be relative."""
    report = check([Path("data/claims.ttl")])
    assert report.findings == ()
    assert (report.figures.files, report.figures.claims, report.elsewhere) == (1, 3, 0)


def test_findings_elsewhere_in_the_project_are_counted(project: Path) -> None:
    """Who asks for one file is told that another has findings too, but not which."""
    change(project / "data/things.ttl", "dfo:ordinal 2", "dfo:ordinal 0")
    report = check([project / "data/claims.ttl"])
    assert (report.findings, report.elsewhere) == ((), 1)
    assert [finding.rule for finding in check().findings] == ["shapes:Meeting-ordinal"]


def test_a_draft_from_elsewhere_is_judged_with_what_is_named_beside_it(
    project: Path, cases: Path, tmp_path: Path
) -> None:
    """Naming a file of the project too brings the project in as context."""
    draft = tmp_path / "draft.ttl"
    (project / "data/claims.ttl").rename(draft)
    alone = check([draft])
    beside = check([draft, project / "data/things.ttl"])
    assert "shapes:Claim" in {finding.rule for finding in alone.findings}
    assert beside.findings == ()


def test_a_changed_copy_is_not_completed_by_the_original(project: Path, tmp_path: Path) -> None:
    """Files from elsewhere are judged without the project's data, so what they lack shows."""
    copy = tmp_path / "copy"
    shutil.copytree(project / "data", copy)
    change(copy / "things.ttl", "    schema:location id:santiago ;\n", "")
    assert [finding.rule for finding in check([copy]).findings] == ["shapes:Claim"]


def test_a_changed_copy_of_the_ontology_stands_for_it(project: Path, tmp_path: Path) -> None:
    """Its terms are those of the copy, not the project's."""
    copy = tmp_path / "copy"
    shutil.copytree(project / "data", copy)
    shutil.copytree(ONTOLOGY, copy / "ontology")
    assert check([copy]).findings == ()
    assert all(each.path.is_relative_to(copy) for each in read_scope([copy]).graph)


WEAK = """
<https://example.org/Misspelt> a sh:NodeShape ; sh:targetClass dfo:Count , dfo:Statee .
<https://example.org/Idler> a sh:NodeShape ; sh:targetClass dfo:Bloc ; sh:closed true .
<https://example.org/Empty> a sh:PropertyShape ; sh:path dfo:value ; sh:name "x" .
"""


def test_shapes_that_check_nothing_are_found(project: Path) -> None:
    """A target that nothing has and a property shape without a constraint let everything pass."""
    shapes = project / "shapes/shapes.ttl"
    shapes.write_text(shapes.read_text(encoding="utf-8") + WEAK, encoding="utf-8")
    last = shapes.read_text(encoding="utf-8").count("\n")
    expected = [
        (last - 2, "The ontology does not have dfo:Statee."),
        (last - 1, "No node has the target of this shape (dfo:Bloc)."),
        (last, "This property shape states no constraint."),
    ]
    for report in (check(), check([Path("shapes")])):
        assert [(found.line, found.message) for found in report.findings] == expected


def test_files_of_shapes_can_be_asked_for(project: Path) -> None:
    """They are read by both libraries too, and judged over the whole project."""
    change(project / "shapes/shapes.ttl", "sh:minInclusive 1", "sh:minInclusive 01")
    report = check([Path("shapes/shapes.ttl")])
    assert [finding.rule for finding in report.findings] == ["same-triples"]


def test_an_article_whose_text_is_not_at_hand_is_named_and_is_no_fault(
    check_changed: Check,
) -> None:
    """An editor of one article need not have the texts of the others."""
    report = check_changed("source:paper\n    a", "source:other a dfo:Source ; "
                           'schema:sha256 "00" . source:paper\n    a')  # fmt: skip
    assert report.findings == ()
    assert report.unchecked == ("no text at hand: quotes of other not compared",)


def test_a_quote_that_lacks_its_words_is_left_to_the_shapes(check_changed: Check) -> None:
    """What is not there cannot be compared, and no check stumbles over it."""
    report = check_changed('    oa:exact "Seventeen sessions" ;\n', "")
    assert report.findings == ()


def test_a_thing_that_is_nowhere_described_is_found_where_it_is_used(cases: Path) -> None:
    """The line is that of the statement that points to it."""
    report = check([cases / "good.ttl"], shapes=cases / "pointing.ttl", house_rules=True)
    assert [(f.line, f.rule) for f in report.findings] == [(24, "shapes:Pointed")]


def test_the_terms_of_a_message_are_written_short(cases: Path) -> None:
    """Whole IRIs that a query of a shape puts into its message are hard to read."""
    report = check([cases / "good.ttl"], shapes=cases / "pointing.ttl", house_rules=True)
    assert [f.message for f in report.findings] == ["wd:Q100, see http://e/why."]
