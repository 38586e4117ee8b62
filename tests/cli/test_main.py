"""The ``forumgraph`` command as a whole."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from click.testing import CliRunner

import sparql_endpoint
from sparql_endpoint import cli, errors


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "sparql_endpoint", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_command_mistyped_is_told_the_one_that_was_meant() -> None:
    """A newcomer's typo costs one line, not a search."""
    told = run("serv")
    assert (told.returncode, told.stdout) == (2, "")
    assert "No such command 'serv'. Did you mean 'serve'?" in told.stderr


def test_a_command_unlike_any_is_refused() -> None:
    """Nothing is guessed where nothing is near."""
    told = run("xyzzy")
    assert (told.returncode, "Did you mean" in told.stderr) == (2, False)


def test_an_error_of_ours_is_one_line_and_its_exit_code() -> None:
    """No traceback for what a user can mend."""
    told = run("query", "--data", "absent.ttl", "ASK {}")
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (2, "", 1)
    assert told.stderr.startswith("forumgraph: absent.ttl: no such file")


def test_the_version_is_the_package_version() -> None:
    """One number for package, ontology and dataset."""
    assert run("--version").stdout == f"forumgraph, version {sparql_endpoint.__version__}\n"


@pytest.mark.parametrize("name", sorted(cli.cli.list_commands(None)))  # type: ignore[arg-type]
def test_every_command_has_examples_in_its_help(name: str) -> None:
    """--help shows how it is called, not only what it takes."""
    assert f"forumgraph {name}" in CliRunner().invoke(cli.cli, [name, "--help"]).output


def test_every_command_of_the_folder_is_listed() -> None:
    """None is forgotten in the list, none in the list is missing."""
    names = [module.name for module in iter_modules(cli.__path__)]
    commands = {n for n in names if hasattr(import_module(f"{cli.__name__}.{n}"), "command")}
    assert set(cli.cli.list_commands(None)) == commands  # type: ignore[arg-type]


def test_the_tree_of_errors_names_every_error() -> None:
    """The docstring draws each with its status and exit code, and __all__ lists it."""
    for name in errors.__all__:
        kind = getattr(errors, name)
        drawn = [line.split() for line in (errors.__doc__ or "").splitlines() if name in line]
        row = next(words for words in drawn if name in words)
        at = row.index(name)
        assert row[at + 1 : at + 3] == [str(int(kind.http_status)), str(kind.exit_code)], name


@pytest.mark.parametrize(
    "fault", [RuntimeError("pySHACL"), MemoryError(), RecursionError("deep"), KeyError("key")]
)
def test_a_fault_of_ours_never_has_the_exit_code_of_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    """1 means that a check found something, so that a crash must not end with it."""

    def fail(*_paths: object, **_options: object) -> None:
        raise fault

    monkeypatch.setattr("sparql_endpoint.cli.check.check", fail)
    monkeypatch.setattr("sys.argv", ["forumgraph", "check"])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    assert exit_.value.code == 2
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert f"forumgraph: a fault of ours, please report it: {type(fault).__name__}" in told


SMALL = str(Path(__file__).parents[1] / "check/cases/good.ttl")
OUTPUTS = [
    ("query", "--data", SMALL, "ASK {}"),
    ("query", "--data", SMALL, "--format", "table", "SELECT * {?s ?p ?o} LIMIT 2"),
    ("query", "--list"),
    ("export", "--data", SMALL),
    ("stats",),
    ("--help",),
]


@pytest.mark.parametrize(
    "arguments", OUTPUTS, ids=["ask", "table", "list", "export", "stats", "help"]
)
def test_a_reader_that_goes_away_is_no_finding(arguments: tuple[str, ...]) -> None:
    """``forumgraph … | head`` ends as it would in a shell: 128 and the number of SIGPIPE."""
    reading, writing = os.pipe()
    os.close(reading)
    done = _run_into(writing, *arguments)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    "arguments", OUTPUTS, ids=["ask", "table", "list", "export", "stats", "help"]
)
def test_a_full_disk_is_told_in_a_line(arguments: tuple[str, ...]) -> None:
    """What is not written is never a success, a short answer neither: full(4) has no room."""
    with Path("/dev/full").open("wb") as full:
        done = _run_into(full.fileno(), *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cannot write all of it: No space left on device" in done.stderr


def test_a_terminal_without_a_character_shows_its_escape() -> None:
    """A table for people is no reason to fail, and nothing is left out of it."""
    query = "SELECT ?x { VALUES ?x { 'caf\u00e9' } }"
    command = [sys.executable, "-m", "sparql_endpoint", "query", "--format", "table", query]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, check=True, capture_output=True, env=environment)
    assert b"caf\\xe9" in done.stdout


def _run_into(output: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sparql_endpoint", *arguments]
    return subprocess.run(command, check=False, stdout=output, stderr=subprocess.PIPE, text=True)
