"""``forumgraph source`` and ``forumgraph claim`` on an article that nobody described yet."""

import re

from own_project import ARTICLE, Project
from pyoxigraph import Literal, NamedNode, Quad

from sparql_endpoint.edit.changes import Changes, Draft
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.names import PREFIXES, expand

CLAIM = ("claim", ARTICLE)


def _ok(project: Project, *words: str) -> str:
    outcome = project.run(*words)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stderr


def _lakes_forum(project: Project) -> str:
    """Claim one of two parties of the forum of which the article tells."""
    return _ok(
        project, *CLAIM, "joins the League of Northern Lakes", "--subject", "Lakes Forum",
        "--predicate", "has party", "--object", "League of Northern Lakes",
        "--new", "Forum", "Lakes Forum", "--new", "Bloc", "League of Northern Lakes",
    )  # fmt: skip


def test_an_article_is_green_without_an_offset_a_number_or_an_iri(project: Project) -> None:
    """Its source, two claims of things that are new, and the whole project conform."""
    missing = _lakes_forum(project)
    assert "at least two parties" in missing
    assert "further claims must add what is still missing" in missing

    _ok(
        project, *CLAIM, "the League of Northern Lakes and the Union of Southern Rivers",
        "joins the League", "--subject", "lakes-forum", "--predicate", "hasParty",
        "--object", "Union of Southern Rivers", "--new", "dfo:Bloc", "Union of Southern Rivers",
    )  # fmt: skip

    checked = project.run("check")
    assert checked.returncode == 0, checked.stdout
    assert "not checked: no text at hand: quotes of china-deepens-cooperation" in checked.stdout
    written = project.read(f"claims/{ARTICLE}.ttl")
    assert re.findall(r"^claim:\S+-(\d+)$", written, re.MULTILINE) == ["01", "02", "03", "04"]
    assert "dfo:bodyEnd 828 ;" in written
    assert "# Its own words end at 828: below stands the page's 'Website hosting" in written
    assert "dfo:hasParty id:league-of-northern-lakes , id:union-of-southern-rivers ." in (
        project.read("forums.ttl")
    )


def test_what_the_check_refuses_leaves_everything_as_it_was(project: Project) -> None:
    """The finding is told: these words have no date."""
    before = project.files()
    outcome = project.run(
        *CLAIM, "Twelve ministers attended", "--subject", "id:celac",
        "--predicate", "established in", "--object", "2011-12-03",
    )  # fmt: skip
    assert outcome.returncode == 1
    assert "nothing was written" in outcome.stderr
    assert "quote-carries-fact" in outcome.stderr
    assert project.files() == before


def test_an_attributed_claim_leaves_the_facts_alone(project: Project) -> None:
    """What somebody says a thing is stands in the claim only, and names who says it."""
    facts = {path: text for path, text in project.files().items() if "claims" not in path.parts}
    _ok(
        project, *CLAIM, "League of Northern Lakes, which is a member of no other forum",
        "--subject", "CELAC", "--predicate", "characterized as", "--object",
        "a member of no other forum", "--inferred", "An invented step.",
    )  # fmt: skip
    written = project.read(f"claims/{ARTICLE}.ttl").rpartition("\n\n")[2]
    assert "dfo:standing dfo:attributed ;" in written
    assert "dfo:rule dfo:characterization ;" in written
    assert f"dfo:claimant source:{ARTICLE} ;" in written
    after = {path: text for path, text in project.files().items() if "claims" not in path.parts}
    assert after == facts


def test_a_number_is_not_used_again() -> None:
    """The number of a claim that is deprecated stays its own."""
    store = load_project()
    retired = NamedNode(f"{PREFIXES['claim']}closer-partnership-2018-907")
    store.add(Quad(retired, NamedNode(expand("owl:deprecated")), Literal(value=True)))
    draft = Draft("closer-partnership-2018", (), "CELAC", "characterizedAs", "a bridge")
    claim = Changes(store).claim(draft)
    assert claim.value == f"{PREFIXES['claim']}closer-partnership-2018-908"


def test_a_source_is_described_once_and_before_its_first_claim(project: Project) -> None:
    """Either slip has an answer that says what to do."""
    assert "is described already" in project.run("source", ARTICLE).stderr
    (project.top / f"data/claims/{ARTICLE}.ttl").unlink()
    outcome = project.run(*CLAIM, "Twelve", "--subject", "CELAC", "--predicate", "theme",
                          "--object", "x")  # fmt: skip
    assert outcome.returncode == 2
    assert f"begin with forumgraph source {ARTICLE}" in outcome.stderr


def test_a_dry_run_of_a_source_prints_it_and_writes_nothing(project: Project) -> None:
    """The change is a diff of the files, for the editor to look over."""
    (project.top / f"data/claims/{ARTICLE}.ttl").unlink()
    before = project.files()
    outcome = project.run("source", ARTICLE, "--dry-run")
    assert outcome.returncode == 0
    assert f"+++ b/data/claims/{ARTICLE}.ttl" in outcome.stdout
    assert project.files() == before
