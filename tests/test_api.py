"""The graph in a program: what ``sparql_endpoint.api`` returns and refuses."""

from pathlib import Path

import pytest

from sparql_endpoint.api import Project
from sparql_endpoint.errors import NotFoundError, QueryError, UsageError
from sparql_endpoint.names import BASE


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the project's own data."""
    return Project()


def test_a_ready_question_is_asked_by_its_name(project: Project) -> None:
    """A variable that is unbound is missing in its row."""
    rows = project.ask("meetings")
    assert [row["ordinal"] for row in rows] == ["1", "2", "3", "4"]
    assert "lastDay" not in rows[3]


def test_a_ready_question_takes_its_parameters(project: Project) -> None:
    """As on its page; an unknown value is refused with the nearest."""
    assert [row["firstDay"] for row in project.ask("meetings", year="2018")] == ["2018-01-21"]
    with pytest.raises(UsageError, match="the nearest is '2018'"):
        project.ask("meetings", year="2017")


def test_a_query_needs_no_prefixes(project: Project) -> None:
    """Those of the project are known."""
    rows = project.ask("SELECT ?x { id:chile dfo:isoAlpha3 ?x }")
    assert rows == [{"x": "CHL"}]


def test_what_is_no_select_is_refused(project: Project) -> None:
    """A mistake says what to do."""
    with pytest.raises(UsageError, match=r"use project\.store\.query"):
        project.ask("ASK {}")
    with pytest.raises(NotFoundError, match="did you mean 'meetings'"):
        project.ask("meeting")
    with pytest.raises((QueryError, SyntaxError)):
        project.ask("SELECT {")


def test_the_claims_about_a_thing_name_their_standing(project: Project) -> None:
    """With it as subject or as value, by any name of it."""
    found = project.claims("ccf-ministerial-2")
    iri = f"{BASE}id/ccf-ministerial-2"
    assert all(iri in {row["subject"], row["object"]} for row in found)
    assert {"asserted", "attributed"} == {row["standing"] for row in found}
    assert project.claims(iri) == project.claims("id:ccf-ministerial-2") == found
    with pytest.raises(NotFoundError, match="nothing named 'atlantis'"):
        project.claims("atlantis")


def test_files_of_rdf_are_opened_instead(tmp_path: Path) -> None:
    """They are asked alike, and served as data of somebody else."""
    path = tmp_path / "one.ttl"
    path.write_text("<http://e/a> <http://e/b> 1 .", encoding="utf-8")
    other = Project(path)
    assert other.ask("SELECT ?o { ?s ?p ?o }") == [{"o": "1"}]
    client = other.application().test_client()
    assert client.get("/tables/claims.csv").status_code == 404
    with pytest.raises(NotFoundError, match="no such file"):
        Project(tmp_path / "none.ttl")
