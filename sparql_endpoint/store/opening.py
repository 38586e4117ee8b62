"""Opening a store on disk to read from it."""

import hashlib
from pathlib import Path

from pyoxigraph import Store

from sparql_endpoint.errors import DataError

__all__ = ["fingerprint", "open_read_only"]


def open_read_only(folder: Path) -> Store:
    """Return the store of Oxigraph in ``folder``, opened for reading.

    Raises:
        DataError: it is no store that this version of Oxigraph can read.
    """
    try:
        return Store.read_only(str(folder))
    except OSError as fault:
        raise DataError(f"{folder}: cannot be opened as a store: {fault}") from None


def fingerprint(folder: Path) -> str:
    """Return a hash that differs between stores, and for one store before and after a change.

    RocksDB never changes a file of a store but its logs: names and sizes tell its content apart.
    """
    total = hashlib.sha256(str(folder).encode())
    for path in sorted(folder.iterdir()):
        if path.suffix in {".sst", ".log"} or path.name in {"CURRENT", "IDENTITY"}:
            total.update(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return total.hexdigest()
