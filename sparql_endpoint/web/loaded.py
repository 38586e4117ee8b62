"""What the service loads, and the hash that names it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from sparql_endpoint import __version__
from sparql_endpoint.graph.dataset import load_files, load_project, project_files

__all__ = ["Loaded", "load"]


@dataclass(frozen=True)
class Loaded:
    """A store, the hash of the files it came from, and when the last of them changed."""

    store: Store
    digest: str
    modified: datetime


def load(files: Sequence[Path] = ()) -> Loaded:
    """Return the data of ``files``, or of the project where there are none.

    Raises:
        NotFoundError, DataError: as ``load_files``.
    """
    store = load_files(files) if files else load_project()
    paths = list(files) or project_files()
    newest = max(path.stat().st_mtime for path in paths)
    return Loaded(store, _digest(paths), datetime.fromtimestamp(int(newest), UTC))


def _digest(paths: Sequence[Path]) -> str:
    """Return a hash of the files' bytes and of the version, which decides how they are read."""
    total = hashlib.sha256(__version__.encode())
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
