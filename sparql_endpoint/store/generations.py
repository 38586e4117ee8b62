"""A store on disk as a folder of generations, of which one is current.

::

    PATH/current -> 2        what a server opens
    PATH/1, PATH/2           stores of Oxigraph (RocksDB)
    PATH/lock                held by the one loader there may be

A load writes a new generation and then points ``current`` at it in one step (rename(2) replaces a
link atomically), so that an interrupted or failing load leaves the store as it was, and a server
that runs goes on reading the old generation until it opens the new one. The generation before the
current is kept for such a server; older ones are removed.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sparql_endpoint.errors import DataError, NotFoundError, UsageError

__all__ = ["current", "new_generation"]

_CURRENT = "current"
_ROCKSDB_MARK = "CURRENT"
"""A file that every store of RocksDB has."""


def current(path: Path) -> Path:
    """Return the folder that Oxigraph opens: the current generation, or a store of Oxigraph itself.

    Raises:
        NotFoundError: nothing was ever loaded there.
    """
    link = path / _CURRENT
    if link.is_symlink():
        return link.resolve()
    if (path / _ROCKSDB_MARK).is_file():
        return path
    raise NotFoundError(
        f"{path}: no store here yet: load one with 'forumgraph load FILE --store {path}'"
    )


@contextmanager
def new_generation(path: Path) -> Iterator[Path]:
    """Give an empty folder to build a store in; make it current when all went well, else remove it.

    Raises:
        UsageError: another load is under way, or ``path`` is a store that Oxigraph itself made.
        DataError: ``path`` is not a folder, or may not be written.
    """
    if (path / _ROCKSDB_MARK).is_file():
        raise UsageError(f"{path}: a store of Oxigraph's own; name a new folder to load into")
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = (path / "lock").open("w")
    except OSError as fault:
        raise DataError(f"{path}: {fault.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{path}: another load is under way; wait for it to end") from None
        _remove_leftovers(path)
        number = max(_generations(path), default=0) + 1
        building = path / f"building-{number}"
        building.mkdir()
        try:
            yield building
            building.rename(path / str(number))
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        _point(path, number)
        for old in _generations(path)[:-2]:
            shutil.rmtree(path / str(old), ignore_errors=True)


def _generations(path: Path) -> list[int]:
    return sorted(int(folder.name) for folder in path.iterdir() if folder.name.isdecimal())


def _remove_leftovers(path: Path) -> None:
    """Remove what a load that was killed, not interrupted, could not remove itself."""
    for folder in path.glob("building-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _point(path: Path, number: int) -> None:
    link = path / f"{_CURRENT}-{os.getpid()}"
    link.symlink_to(str(number))
    link.replace(path / _CURRENT)
