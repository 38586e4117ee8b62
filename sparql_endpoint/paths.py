"""Where the project's own ontology, data, shapes and queries stand.

In a checkout they are the folders at its top; in an installed wheel they lie inside the package.
The variable FORUMGRAPH_PROJECT, which ``--project`` sets, names another folder that has
``ontology``, ``data`` and ``shapes``.
"""

import os
from pathlib import Path

__all__ = ["DATA", "NEW_PROJECT", "ONTOLOGY", "QUERIES", "SHAPES", "SHAPES_OF_PACKAGE", "TOP"]

_package = Path(__file__).parent
_installed = _package / "resources"

_own = _installed if _installed.is_dir() else _package.parent
TOP = Path(os.environ.get("FORUMGRAPH_PROJECT") or _own).absolute()
ONTOLOGY = TOP / "ontology"
DATA = TOP / "data"
SHAPES = TOP / "shapes"
SHAPES_OF_PACKAGE = _own / "shapes"
"""The shapes that every project begins with, wherever its own stand."""
QUERIES = _package / "queries"
NEW_PROJECT = _package / "new_project"
"""What a project of somebody's own begins with."""
