"""Functions of ours that an engine calls in a child, importable there."""

from typing import IO

from pyoxigraph import Store

__all__ = ["write_size"]


def write_size(store: Store, output: IO[bytes]) -> None:
    """Write how many quads there are."""
    output.write(str(len(store)).encode())
