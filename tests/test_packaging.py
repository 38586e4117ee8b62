"""The wheel that people install, and what the project says of itself."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import metadata
from pathlib import Path

import pytest

import sparql_endpoint

TOP = Path(sparql_endpoint.__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it in a fresh environment, and return its ``forumgraph``."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", folder, TOP], check=True)
    venv.create(folder / "env", with_pip=True)
    wheel = next(folder.glob("forumgraph-*.whl"))
    python = folder / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    return folder / "env" / "bin" / "forumgraph"


def run(command: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command outside the repository."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [command, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=command.parent,
        env=environment,
    )


def test_an_installed_wheel_checks_its_own_graph(installed: Path) -> None:
    """Ontology, data and shapes travel with the wheel, and conform there."""
    checked = run(installed, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "conforms" in checked.stdout


def test_an_installed_wheel_answers_a_query(installed: Path) -> None:
    """The data of the wheel is asked without naming a file, with the project's prefixes known."""
    asked = run(installed, "query", "SELECT ?n { id:ccf-ministerial-2 dfo:ordinal ?n }")
    assert (asked.stdout, asked.returncode) == ("n\n2\n", 0)


def test_an_installed_wheel_knows_the_competency_questions(installed: Path) -> None:
    """The questions are part of the package and run by name."""
    listed = run(installed, "query", "--list")
    assert (listed.returncode, listed.stdout.count("?") >= 20) == (0, True)


def test_an_installed_wheel_has_the_query_editor(installed: Path) -> None:
    """Script, style and the licences of both are bundled when the wheel is built."""
    folder = next(installed.parent.parent.glob("lib/*/site-packages/sparql_endpoint"))
    editor = folder / "endpoint" / "static" / "editor"
    sizes = {path.name: path.stat().st_size for path in editor.iterdir()}
    assert sizes.keys() == {"LICENSES.txt", "editor.css", "editor.js"}
    assert 500_000 < sizes["editor.js"] < 1_200_000
    assert not (folder / "frontend").exists()


def test_an_installed_wheel_has_outlines_for_maps(installed: Path) -> None:
    """Simplified when the wheel is built, by code, those of small islands too; and light."""
    folder = next(installed.parent.parent.glob("lib/*/site-packages/sparql_endpoint"))
    file = folder / "site" / "outlines.json"
    assert 40_000 < file.stat().st_size < 65_000
    outlines = json.loads(file.read_text(encoding="utf-8"))["world"]["outlines"]
    chile, china, saint_kitts = outlines["152"], outlines["156"], outlines["659"]
    assert len(chile) > 5
    assert all(ring.startswith("M") for ring in [*chile, *china, *saint_kitts])
    licences = folder / "endpoint" / "static" / "editor" / "LICENSES.txt"
    assert "\nworld-atlas\n" in licences.read_text(encoding="utf-8")


def test_an_installed_wheel_draws_pictures(installed: Path) -> None:
    """What draws them is bundled when the wheel is built, with the licences of its parts."""
    folder = next(installed.parent.parent.glob("lib/*/site-packages/sparql_endpoint"))
    script = (folder / "site" / "pictures.js").read_text(encoding="utf-8")
    assert "import" not in script[:20]
    assert len(script) < 1_000_000
    licences = folder / "endpoint" / "static" / "editor" / "LICENSES.txt"
    named = licences.read_text(encoding="utf-8")
    for part in ("@observablehq/plot", "linkedom", "topojson-client", "d3-scale"):
        assert f"\n{part}\n" in named, part


@pytest.mark.parametrize(
    ("arguments", "extra"), [(["link", "propose", "wang-yi"], "link"), (["mcp"], "mcp")]
)
def test_a_command_names_the_extra_that_it_lacks(
    installed: Path, arguments: list[str], extra: str
) -> None:
    """The wheel alone serves, asks, checks and exports; what more a command needs is named."""
    ran = run(installed, *arguments)
    assert ran.returncode == 2
    assert ran.stderr.endswith(f" is not installed: pip install 'forumgraph[{extra}]'\n")
    assert ran.stderr.count("\n") == 1


def test_help_is_printed_without_any_extra(installed: Path) -> None:
    """Every command is listed, those that lack something too."""
    ran = run(installed, "--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "link" in ran.stdout


INNER = {
    "lark": {
        "lark.common",
        "lark.exceptions",
        "lark.lexer",
        "lark.parsers.lalr_interactive_parser",
    },
    "prometheus_client": {
        "prometheus_client.core",
        "prometheus_client.exposition",
        "prometheus_client.registry",
        "prometheus_client.values",
    },
    "pyshacl": {
        "pyshacl.constraints",
        "pyshacl.constraints.core.property_pair_constraints",
        "pyshacl.constraints.core.string_based_constraints",
        "pyshacl.constraints.core.value_constraints",
        "pyshacl.constraints.core.value_range_constraints",
        "pyshacl.errors",
        "pyshacl.graph_abstraction",
        "pyshacl.shape",
        "pyshacl.validator",
    },
}
"""Modules of libraries that are used beyond what the libraries document."""
PRIVATE = {("check/rdf.py", "_ill_typed"), ("check/syntax.py", "_why")}
"""Private attributes that are used, all of rdflib."""


def test_inner_names_of_libraries_are_few() -> None:
    """Whoever adds one meets this list, and gives the library an upper bound."""
    inner: dict[str, set[str]] = {name: set() for name in INNER}
    private = set()
    for path in (TOP / "sparql_endpoint").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                library, dot, _ = name.partition(".")
                if dot and library in inner:
                    inner[library].add(name)
        relative = path.relative_to(TOP / "sparql_endpoint").as_posix()
        private |= {
            (relative, found[1])
            for line in path.read_text(encoding="utf-8").splitlines()
            if "noqa: SLF001" in line and (found := re.search(r"\w\.(_\w+)", line))
        }
    assert inner == INNER
    assert private == PRIVATE


@pytest.mark.parametrize("library", [*INNER, "pyoxigraph", "rdflib"])
def test_a_library_with_inner_names_has_an_upper_bound(library: str) -> None:
    """A later version may be without them; pyoxigraph's deviations are known by version."""
    name = library.replace("_", "-")
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = next(line for line in project["dependencies"] if re.match(rf"{name}\b", line))
    assert "<" in needed


def test_the_package_says_what_it_is() -> None:
    """Name, licence and Python version stand in the metadata as in the README."""
    package = metadata("forumgraph")
    assert (package["Name"], package["License-Expression"], package["Requires-Python"]) == (
        "forumgraph",
        "Apache-2.0",
        ">=3.11",
    )


def test_the_citation_names_the_version() -> None:
    """CITATION.cff carries the version of the package."""
    assert f"version: {sparql_endpoint.__version__}\n" in (TOP / "CITATION.cff").read_text()
