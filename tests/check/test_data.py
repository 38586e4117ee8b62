"""Checks of data of any format and size."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.data import check_data
from sparql_endpoint.check.finding import Severity
from sparql_endpoint.check.report import Report
from sparql_endpoint.check.tally import Unlisted
from sparql_endpoint.errors import DataError, NotFoundError, RdfSyntaxError

Check = Callable[..., Report[Checked]]


@pytest.fixture
def changed(cases: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the good graph with one text in it replaced by another."""

    def write(old: str = "", new: str = "", name: str = "changed.ttl") -> Path:
        content = (cases / "good.ttl").read_text(encoding="utf-8")
        assert old in content
        path = tmp_path / name
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        return path

    return write


@pytest.fixture
def check_all(cases: Path) -> Check:
    """Return a function that checks files with the shapes and texts of the cases."""
    return lambda *files, **options: check_data(
        files, cases / "texts", cases / "shapes.ttl", house_rules=True, **options
    )


def test_a_good_graph_conforms(cases: Path, check_all: Check) -> None:
    """The figures are those of the data: the project's ontology beside it is not counted."""
    report = check_all(cases / "good.ttl")
    assert report.conforms
    assert report.findings == ()
    assert report.figures == Checked(
        files=1, statements=55, shapes=2, focus_nodes=4, claims=3, quotes=2, texts=1, compared=2
    )


BROKEN = [
    ('"2018-01-22"^^xsd:date ;\n    schema', '"22/1/18"^^xsd:date ;\n    schema', "well-typed"),
    ("dfo:value 17", "dfo:value 017", "same-triples"),
    ("schema:location id:santiago ;\n    skos", "schema:lokation id:santiago ;\n    skos",
     "known-term"),
    ("a schema:City", "a schema:Citty", "known-term"),
    ("dfo:ordinal 2", "dfo:ordinal 0", "shapes:Meeting-ordinal"),
    ("dfo:heldOn", "dfo:scheduledOn", "shapes:Claim"),
    ("quote:paper-61-79\n    a", "quote:paper-61-80\n    a", "quote-iri"),
    ("oa:start 61", "oa:start 60", "quote-text"),
    ("dfo:bodyEnd 155", "dfo:bodyEnd 50", "quote-footer"),
    ("f0037864", "f0037865", "source-text"),
    ("dfo:value 17", "dfo:value 18", "quote-carries-fact"),
    ("wd:Q2887", "<https://www.wikidata.org/wiki/Q2887>", "wikidata-iri"),
    ("wd:Q2887", "wd:Q100", "one-to-one"),
]  # fmt: skip  # one case a line, or two


@pytest.mark.parametrize(("old", "new", "rule"), BROKEN)
def test_the_rules_are_those_of_a_check_of_turtle_files(
    check_changed: Check, check_all: Check, old: str, new: str, rule: str
) -> None:
    """Whatever is found in a file by itself is found in data, with the same words."""
    expected = check_changed(old, new).findings
    path = next(finding.path for finding in expected if finding.path)
    found = check_all(path).findings
    assert rule in {finding.rule for finding in found}
    assert {(f.rule, f.severity, f.message, f.focus, f.predicate, f.value) for f in found} == {
        (f.rule, f.severity, f.message, f.focus, f.predicate, f.value) for f in expected
    }


def test_a_finding_about_a_claim_shows_its_quotes(
    changed: Callable[..., Path], check_all: Check
) -> None:
    """There is no line, but the words of the source are there."""
    report = check_all(changed("    dfo:claimant source:paper ;\n", ""))
    assert [(finding.path, finding.quote) for finding in report.findings] == [
        (None, "On January 22, 2018, the second meeting opened in Santiago")
    ]


def test_graphs_are_judged_as_one_whatever_they_are_called(
    cases: Path, check_all: Check, tmp_path: Path
) -> None:
    """Packed N-Quads with statements in many graphs conform as their merge does."""
    statements = list(parse((cases / "good.ttl").read_bytes(), RdfFormat.TURTLE))
    quads = [
        Quad(
            statement.subject,
            statement.predicate,
            statement.object,
            NamedNode(f"http://e/g{n % 5}"),
        )
        for n, statement in enumerate(statements)
    ]
    path = tmp_path / "data.nq.gz"
    path.write_bytes(gzip.compress(serialize(quads, format=RdfFormat.N_QUADS) or b""))
    report = check_all(path)
    assert report.findings == ()
    assert report.figures.statements == 55


def test_a_graph_may_come_in_several_files(
    cases: Path, check_all: Check, changed: Callable[..., Path], tmp_path: Path
) -> None:
    """Claims in one file are about things in another."""
    body = (cases / "good.ttl").read_text(encoding="utf-8")
    header, _, rest = body.partition("# --- Things ------")
    things, _, claims = rest.partition("# --- Source and quotes ------")
    for name, text in {"1.ttl": header + things, "2.ttl": header + claims}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = check_all(tmp_path / "1.ttl", tmp_path / "2.ttl")
    assert report.findings == ()
    assert (report.figures.files, report.figures.statements) == (2, 55)


def test_an_ontology_that_the_data_bring_stands_for_the_projects(
    cases: Path, changed: Callable[..., Path], check_all: Check
) -> None:
    """Their class is no meeting of ours, so the shape of meetings is not about its things."""
    own = "\n<https://w3id.org/forumgraph/ontology> a <http://www.w3.org/2002/07/owl#Ontology> ."
    path = changed("a dfo:Meeting ;", "a dfo:MinisterialMeeting ;")
    assert check_all(path).figures.focus_nodes == 4
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    assert check_all(path).figures.focus_nodes == 3


MANY = "".join(
    f"<https://w3id.org/forumgraph/id/m{n}> a <https://w3id.org/forumgraph/ontology#Meeting> ; "
    f'<http://www.w3.org/2000/01/rdf-schema#label> "{n}"@en ; '
    "<https://w3id.org/forumgraph/ontology#ordinal> 0 ; <http://e/p> <http://e/m> .\n"
    for n in range(25)
)
QUERIED = """
<http://e/Queried> a sh:NodeShape ; sh:targetNode <http://e/m> ; sh:severity sh:Warning ;
    sh:sparql [ sh:select "SELECT $this ?value { ?value <http://e/p> $this }" ] .
"""


def test_of_each_rule_the_first_findings_are_listed_and_the_rest_counted(
    cases: Path, tmp_path: Path
) -> None:
    """A rule that half the data break hides no other one, and memory has a bound."""
    data, shapes = tmp_path / "many.ttl", tmp_path / "shapes.ttl"
    data.write_text(MANY, encoding="utf-8")
    shapes.write_text((cases / "shapes.ttl").read_text(encoding="utf-8") + QUERIED)
    few = check_data([data], shapes=shapes, most=3)
    rules = [finding.rule for finding in few.findings]
    assert sorted(set(rules)) == ["<http://e/Queried>", "shapes:Meeting-ordinal"]
    assert len(rules) == 6
    assert few.unlisted == (
        Unlisted("<http://e/Queried>", Severity.WARNING, 22),
        Unlisted("shapes:Meeting-ordinal", Severity.ERROR, 22),
    )
    assert (few.count(Severity.ERROR), few.count(Severity.WARNING)) == (25, 25)
    every = check_data([data], shapes=shapes, most=None)
    assert (len(every.findings), every.unlisted) == (50, ())


def test_the_same_findings_are_listed_each_time(tmp_path: Path, cases: Path) -> None:
    """They are the first by name, not those that come first out of a set."""
    data = tmp_path / "many.ttl"
    data.write_text(MANY, encoding="utf-8")
    report = check_data([data], shapes=cases / "shapes.ttl", house_rules=True, most=3)
    names = [str(finding.focus).rpartition("/")[2] for finding in report.findings]
    assert names == ["m0>", "m10>", "m1>"]


def test_progress_tells_bytes_read_and_shapes_done(cases: Path, check_all: Check) -> None:
    """Each step begins at its beginning and ends at its end."""
    told: list[tuple[str, int, int]] = []
    check_all(cases / "good.ttl", progress=lambda *each: told.append(each))
    size = (cases / "good.ttl").stat().st_size
    steps = list(dict.fromkeys(what for what, _, _ in told))
    assert steps == ["reading", "shapes", "evidence", "links"]
    assert told[0] == ("reading", size, size)
    shapes = [(done, of) for what, done, of in told if what == "shapes"]
    assert shapes == [(n, len(shapes) - 1) for n in range(len(shapes))]


def test_what_is_not_checked_is_told(cases: Path) -> None:
    """Two rules need a file as a whole, and the texts were not given."""
    report = check_data([cases / "good.ttl"], shapes=cases / "shapes.ttl", house_rules=True)
    assert report.unchecked == (
        "texts not given: quotes not compared with them",
        "with --data: whether rdflib's parser reads the files, and statements that stand twice",
    )


def test_data_that_no_shape_is_about_are_no_silent_success(
    check_all: Check, tmp_path: Path
) -> None:
    """A check that found nothing to check fails, though shapes are about the ontology."""
    path = tmp_path / "other.nt"
    path.write_text("<http://e/a> <http://e/p> <http://e/b> .")
    with pytest.raises(DataError, match=r"other\.nt: nothing to check"):
        check_data([path])


Unreadable = tuple[str, bytes | None, type[Exception], str]

UNREADABLE: list[Unreadable] = [
    ("gone.nt", None, NotFoundError, "no such file"),
    ("data.xyz", b"", DataError, "no RDF format has names that end in '.xyz'"),
    ("data.nt.gz", b"<http://e/a>", DataError, "not compressed as its name says"),
    ("data.nq", b"<http://e/a> <http://e/b> .\n", RdfSyntaxError, r"data.nq:1:"),
    ("data.ttl", b"<http://e/a> <http://e/b> <<( <http://e/c> <http://e/d> 1 )>> .", DataError,
     "triple terms of RDF 1.2"),
]  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE, ids=[case[0] for case in UNREADABLE])
def test_what_cannot_be_read_is_told(check_all: Check, tmp_path: Path, case: Unreadable) -> None:
    """The error names the file and what is wrong with it."""
    name, content, error, message = case
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=message):
        check_all(path)
