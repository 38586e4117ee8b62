"""What the service loads, and the hash that names it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from sparql_endpoint import __version__
from sparql_endpoint.graph.dataset import load_files, load_project, project_files
from sparql_endpoint.web.service import About

__all__ = ["load"]


def load(files: Sequence[Path] = ()) -> tuple[Store, About]:
    """Return the data of ``files``, or of the project where there are none; and what it is.

    Raises:
        NotFoundError, DataError: as ``load_files``.
    """
    store = load_files(files) if files else load_project()
    paths = list(files) or project_files()
    newest = max(path.stat().st_mtime for path in paths)
    title = ", ".join(path.name for path in files) or "Forum Graph"
    modified = datetime.fromtimestamp(int(newest), UTC)
    return store, About(_digest(paths), modified, title, own=not files)


def _digest(paths: Sequence[Path]) -> str:
    """Return a hash of the files' bytes and of the version, which decides how they are read."""
    total = hashlib.sha256(__version__.encode())
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
