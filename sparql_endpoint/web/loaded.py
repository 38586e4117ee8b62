"""What a service loads, and what is known of it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from sparql_endpoint import __version__
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.graph.dataset import load_files, load_project, project_files
from sparql_endpoint.paths import QUERIES
from sparql_endpoint.web.examples import add_examples
from sparql_endpoint.web.service import About

__all__ = ["about", "load"]


def load(files: Sequence[Path] = ()) -> Store:
    """Return the data of ``files``, or of the project with its questions where there are none.

    Raises:
        NotFoundError, DataError: as ``load_files``.
    """
    if files:
        return load_files(files)
    store = load_project()
    add_examples(store)
    return store


def about(files: Sequence[Path] = ()) -> About:
    """Return what is known of the data of ``files``, without loading them.

    Raises:
        NotFoundError: a file is not there.
    """
    paths = list(files) or [*project_files(), *sorted(QUERIES.glob("*.rq"))]
    for path in paths:
        if not path.is_file():
            raise NotFoundError(f"{path}: no such file")
    modified = max(path.stat().st_mtime for path in paths)
    title = ", ".join(path.name for path in files) or "Forum Graph"
    return About(_digest(paths), datetime.fromtimestamp(int(modified), UTC), title, own=not files)


def _digest(paths: Sequence[Path]) -> str:
    """Return a hash of the files' bytes and of the version, which decides how they are read."""
    total = hashlib.sha256(__version__.encode())
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
