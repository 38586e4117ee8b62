"""What README and CHANGELOG say is so."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import sparql_endpoint
from benchmarks.latency import CLASSES
from sparql_endpoint.cli import cli, serve
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.graph.statistics import statistics

TOP = Path(sparql_endpoint.__file__).parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
BENCHMARKS = (TOP / "benchmarks" / "README.md").read_text(encoding="utf-8")
SESSIONS = re.findall(r"^\$ forumgraph (.*)\n((?:.*\n)*?)```", README, re.MULTILINE)
COMMANDS = sorted(
    set(re.findall(r"(?:^|\.venv/bin/|`|&& )forumgraph ([a-z]+)", README, re.MULTILINE))
)
OPTIONS = re.findall(r"^\| `(--[a-z-]+)` \|", README, re.MULTILINE)


@pytest.mark.parametrize(("command", "output"), SESSIONS)
def test_an_example_of_the_readme_gives_what_it_shows(command: str, output: str) -> None:
    """The output was measured, and still is what the command prints."""
    told = CliRunner().invoke(cli, shlex.split(command))
    assert (told.exit_code, told.stdout.replace("\r\n", "\n")) == (0, output)


def test_the_readme_shows_at_least_one_answer() -> None:
    """A reader sees what asking gives before installing anything."""
    assert SESSIONS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_of_the_readme_exists(name: str) -> None:
    """No example names a command that is gone."""
    assert name in cli.list_commands(None)  # type: ignore[arg-type]


def test_the_readme_shows_options_that_there_are() -> None:
    """Each setting of its table is an option of ``serve``."""
    known = {option for param in serve.command.params for option in param.opts}
    assert len(OPTIONS) == 5
    assert set(OPTIONS) <= known


def test_the_readme_has_at_most_150_lines() -> None:
    """A newcomer reads it whole; details stand where they are looked for."""
    assert len(README.splitlines()) <= 150


def test_the_changelog_has_the_version_of_the_package() -> None:
    """A release says what it brought."""
    assert f"## [{sparql_endpoint.__version__}]" in (TOP / "CHANGELOG.md").read_text()


def test_the_benchmark_is_quoted_with_its_command_and_date() -> None:
    """Each class of query has a row, and a reader can measure the same."""
    for kind in CLASSES:
        assert re.search(
            rf"^\| {re.escape(kind)} \|( [^|]+ \|){{4,}}$", BENCHMARKS, re.MULTILINE
        ), kind
    assert re.search(r"^python -m benchmarks( |$)", BENCHMARKS, re.MULTILINE)
    assert re.search(r"measured on \d{4}-\d{2}-\d{2}", BENCHMARKS)


def test_the_readme_keeps_no_figure_that_forumgraph_stats_counts() -> None:
    """A figure that changes with every article is counted, never kept."""
    counted = statistics(load_project())
    text = " ".join(README.split())
    assert "in which words" not in text
    for number in (counted.statements, counted.claims, counted.claims_with_words, counted.sources):
        assert not re.search(rf"\b{number}\b|\b{number:,}\b", text)
