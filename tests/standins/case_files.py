"""Cases that are kept as TOML beside the tests that read them."""

import tomllib
from pathlib import Path
from typing import Any

__all__ = ["cases"]


def cases(path: Path) -> list[dict[str, Any]]:
    """Return the ``[[case]]`` tables of a file, each of which has a ``name``."""
    with path.open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["case"]
    return found
