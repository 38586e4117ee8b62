"""Where the project's own ontology, data, shapes and queries stand.

In a checkout they are the folders at its top; in an installed wheel they lie inside the package.
The variable FORUMGRAPH_PROJECT names another folder that has ``ontology``, ``data`` and ``shapes``.
"""

import os
from pathlib import Path

__all__ = ["DATA", "ONTOLOGY", "QUERIES", "SHAPES", "TOP"]

_package = Path(__file__).parent
_installed = _package / "resources"

_own = _installed if _installed.is_dir() else _package.parent
TOP = Path(os.environ.get("FORUMGRAPH_PROJECT") or _own).absolute()
ONTOLOGY = TOP / "ontology"
DATA = TOP / "data"
SHAPES = TOP / "shapes"
QUERIES = _package / "queries"
