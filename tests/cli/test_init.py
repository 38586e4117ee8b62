"""A graph of one's own: made by ``init``, checked, and served under its own name."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sparql_endpoint import __version__
from sparql_endpoint.errors import UsageError
from sparql_endpoint.paths import TOP
from sparql_endpoint.project import FILE, read

SERVE = """
import json
from datetime import UTC, datetime
from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.site.app import register
about = About("1", datetime(2024, 5, 6, tzinfo=UTC), own=True)
app = create_app(QueryRunner.over(load_project()), about, Settings(requests_per_second=0))
register(app)
client = app.test_client()
paths = ["/", "/page/lakes-forum", "/page/claim/lakes-forum-meets-01", "/dataset.jsonld",
         "/.well-known/void", "/help/own-store", "/disagreements"]
print(json.dumps({path: client.get(path).text for path in paths}))
"""


def run(*words: str, where: Path, project: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python with words in a folder, in a project if one is named."""
    free = {name: value for name, value in os.environ.items() if name != "FORUMGRAPH_PROJECT"}
    chosen = {"FORUMGRAPH_PROJECT": str(project)} if project else {}
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=where,
        env=free | chosen | {"PYTHONPATH": str(TOP)},
    )


def forumgraph(*words: str, where: Path) -> subprocess.CompletedProcess[str]:
    """Run ``forumgraph`` with words in a folder."""
    return run("-m", "sparql_endpoint", *words, where=where)


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new project; no test writes to it."""
    folder = tmp_path_factory.mktemp("own") / "lakes"
    outcome = forumgraph("init", str(folder), where=folder.parent)
    assert outcome.returncode == 0, outcome.stderr
    return folder


def test_a_new_project_conforms(lakes: Path) -> None:
    """The example, with our shapes and an ontology that imports ours, has no finding."""
    outcome = forumgraph("check", "--project", str(lakes), where=lakes.parent)
    assert outcome.returncode == 0, outcome.stdout
    assert "conforms: " in outcome.stdout


def test_a_command_finds_the_project_around_it(lakes: Path) -> None:
    """In a folder of the project, its data are meant; elsewhere ``--project`` names it."""
    within = forumgraph("stats", "--format", "json", where=lakes / "data")
    named = forumgraph("--project", str(lakes), "stats", "--format", "json", where=lakes.parent)
    assert json.loads(within.stdout)["claims"] == 4
    assert within.stdout == named.stdout


def test_a_folder_with_something_in_it_is_left_alone(lakes: Path) -> None:
    """Nothing is overwritten."""
    outcome = forumgraph("init", str(lakes), where=lakes.parent)
    assert outcome.returncode != 0
    assert "name a new folder" in outcome.stderr


def test_pages_bear_the_name_of_their_project_and_nothing_of_ours(lakes: Path) -> None:
    """Neither our founders nor our licence nor our citation stands on somebody else's pages."""
    outcome = run("-c", SERVE, where=lakes.parent, project=lakes)
    assert outcome.returncode == 0, outcome.stderr
    pages = json.loads(outcome.stdout)
    assert "Lakes Forum · My graph of forums</title>" in pages["/page/lakes-forum"]
    for path, text in pages.items():
        assert not re.search("founders|CC BY|licenses/by|China|CELAC|dataset#", text), path


def test_what_the_project_says_of_itself_is_read(tmp_path: Path) -> None:
    """Ours has the version of the package; without a file there is nothing but a name."""
    assert read(TOP / FILE).version == __version__
    assert read(tmp_path / FILE).author == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 1", "write a text for 'name'"),
        ("keywords = 'one'", "write a list of texts for 'keywords'"),
        ("nmae = 'x'", "no field 'nmae'; take one of name"),
        ("name =", "see https://toml.io/"),
    ],
)
def test_a_slip_in_the_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    """The error names the file, the field and what it takes."""
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(message)):
        read(tmp_path / FILE)
