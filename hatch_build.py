"""Puts ontology, data, shapes and changelog, which stand at the repository's top, into the wheel.

An editable install reads them where they are (``sparql_endpoint/paths.py``), so it gets no copy.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GraphHook(BuildHookInterface):
    """Adds the folders of the graph, and the changelog that a page shows, to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map each part to its place in the package."""
        if version != "editable":
            build_data["force_include"] |= {
                part: f"sparql_endpoint/resources/{part}"
                for part in ("CHANGELOG.md", "ontology", "data", "shapes")
            }
