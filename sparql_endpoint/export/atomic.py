"""Writing a file so that it is there whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, cast

from sparql_endpoint.errors import UsageError

__all__ = ["whole_file"]

_ANYBODY = 0o666
_DEVICES = (Path("/dev"), Path("/proc"))


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside ``path`` that takes its place at the end.

    Whatever interrupts the writing, an error or Ctrl+C, leaves no trace and the old file as it was.
    A link stays one: the file that it leads to is replaced. So do the permissions of a file that is
    there; a new one has those of the umask. What is no regular file, such as a device or a pipe, is
    written to as it is.

    Raises:
        UsageError: the folder does not exist or cannot be written to.
    """
    if _is_written_through(path):
        with _opened(path) as file:
            yield file
        return
    target = path.resolve()
    try:
        temporary = NamedTemporaryFile(  # noqa: SIM115  # it is closed, then moved or removed
            dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
        )
    except OSError as fault:
        raise UsageError(f"{path}: cannot write here: {fault.strerror}") from None
    beside = Path(temporary.name)
    try:
        with temporary:
            yield cast("IO[bytes]", temporary)
            temporary.flush()
            os.fsync(temporary.fileno())
        beside.chmod(_permissions(target))
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _is_written_through(path: Path) -> bool:
    """Return whether ``path`` is a device, a pipe or an open file, whose place nothing may take."""
    named = any(folder in path.absolute().parents for folder in _DEVICES)
    return path.exists() and (named or not (path.is_file() or path.is_dir()))


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("wb")
    except OSError as fault:
        raise UsageError(f"{path}: cannot write here: {fault.strerror}") from None


def _permissions(path: Path) -> int:
    """Return those of the file that is there, or of a new one."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return _ANYBODY & ~umask
