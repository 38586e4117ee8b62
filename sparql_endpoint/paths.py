"""Where the project's own ontology, data, shapes and queries stand.

In a checkout they are the folders at its top; in an installed wheel they lie inside the package.
"""

from pathlib import Path

__all__ = ["DATA", "ONTOLOGY", "QUERIES", "SHAPES", "TOP"]

_package = Path(__file__).parent
_installed = _package / "resources"

TOP = _installed if _installed.is_dir() else _package.parent
ONTOLOGY = TOP / "ontology"
DATA = TOP / "data"
SHAPES = TOP / "shapes"
QUERIES = _package / "queries"
