"""A project of one's own to write into: a copy of ours that describes an invented article."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sparql_endpoint.paths import TOP

ARTICLE = "lakes-forum-meets"
TEXTS = Path(__file__).parents[1] / "edit" / "texts"


@dataclass(frozen=True)
class Project:
    """A folder with ontology, data and shapes, and the command that works in it."""

    top: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``forumgraph`` with the words."""
        return subprocess.run(
            [sys.executable, "-m", "sparql_endpoint", *words],
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "FORUMGRAPH_PROJECT": str(self.top),
                "FORUMGRAPH_ARTICLES": str(TEXTS),
            },
        )

    def read(self, name: str) -> str:
        """Return the text of a file below ``data``."""
        return (self.top / "data" / name).read_text(encoding="utf-8")

    def files(self) -> dict[Path, bytes]:
        """Return all files by their path."""
        return {path: path.read_bytes() for path in self.top.rglob("*.ttl")}


@pytest.fixture(scope="session")
def described(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy of the project that describes the invented article; no test writes to it."""
    top = tmp_path_factory.mktemp("described")
    for folder in ("ontology", "data", "shapes"):
        shutil.copytree(TOP / folder, top / folder)
    outcome = Project(top).run("source", ARTICLE)
    assert outcome.returncode == 0, outcome.stderr
    return Project(top)


@pytest.fixture
def project(described: Project, tmp_path: Path) -> Project:
    """Return a project of one's own in which the invented article is described."""
    shutil.copytree(described.top, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)
