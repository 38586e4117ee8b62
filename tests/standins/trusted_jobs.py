"""Functions of ours that an engine calls in a child, importable there."""

import os
import socket
import time
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from pyoxigraph import Store

__all__ = ["die_loading", "load_forever", "write_connection", "write_size"]


def write_size(store: Store, output: IO[bytes]) -> None:
    """Write how many quads there are."""
    output.write(str(len(store)).encode())


def write_connection(_: Store, output: IO[bytes], address: str) -> None:
    """Connect to ``address`` and write what became of it."""
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname, parts.port), 1).close()
    except OSError as error:
        output.write(type(error).__name__.encode())
    else:
        output.write(b"connected")


def die_loading() -> Store:
    """End the process that loads."""
    os._exit(3)


def load_forever(mark: Path) -> Store:
    """Write this process's number to ``mark`` and never return."""
    mark.write_text(str(os.getpid()))
    while True:
        time.sleep(1)
