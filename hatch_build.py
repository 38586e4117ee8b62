"""Puts ontology, data and shapes, which stand at the top of the repository, into the wheel.

An editable install reads them where they are (``sparql_endpoint/paths.py``), so it gets no copy.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GraphHook(BuildHookInterface):
    """Adds the folders of the graph to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map each folder of the graph to its place in the package."""
        if version != "editable":
            build_data["force_include"] |= {
                folder: f"sparql_endpoint/resources/{folder}"
                for folder in ("ontology", "data", "shapes")
            }
