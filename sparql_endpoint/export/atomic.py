"""Writing a file so that it is there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, cast

from sparql_endpoint.errors import UsageError

__all__ = ["whole_file"]

_READABLE = 0o644


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside ``path`` that takes its place at the end.

    Whatever interrupts the writing, an error or Ctrl+C, leaves no trace and the old file as it was.

    Raises:
        UsageError: the folder does not exist or cannot be written to.
    """
    try:
        temporary = NamedTemporaryFile(  # noqa: SIM115  # it is closed, then moved or removed
            dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
        )
    except OSError as fault:
        raise UsageError(f"{path}: cannot write here: {fault.strerror}") from None
    beside = Path(temporary.name)
    try:
        with temporary:
            yield cast("IO[bytes]", temporary)
            temporary.flush()
            os.fsync(temporary.fileno())
        beside.chmod(_READABLE)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
