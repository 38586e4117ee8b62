"""Where Wikidata is asked, how patiently, and as whom.

Each setting is read from the environment as ``FORUMGRAPH_WIKIDATA_<NAME>``, so that tests and
mirrors can stand in for the real hosts.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sparql_endpoint import __version__
from sparql_endpoint.errors import UsageError

__all__ = ["Settings"]

_PREFIX = "FORUMGRAPH_WIKIDATA_"


def _cache_folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "forumgraph"


@dataclass(frozen=True)
class Settings:
    """The settings of the Wikidata client; times are in seconds.

    ``site`` serves ``/w/api.php``, ``query_service`` serves ``/sparql`` and ``reconciliation`` is
    the whole endpoint. ``contact`` is a mail address or a page of the person who runs this:
    Wikimedia asks every client to name one
    (https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy).
    ``patience`` bounds the wait that a server may ask for, ``cache_lifetime`` the age of an answer
    that is used again; 0 turns the cache off.
    """

    site: str = "https://www.wikidata.org"
    query_service: str = "https://query.wikidata.org"
    reconciliation: str = "https://wikidata.reconci.link/en/api"
    contact: str = "https://w3id.org/forumgraph"
    timeout: float = 30.0
    attempts: int = 4
    patience: float = 60.0
    maxlag: int = 5
    cache_folder: Path | None = None
    cache_lifetime: float = 86_400.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings with what the environment overrides.

        Raises:
            UsageError: a value is not of the setting's kind.
        """
        given: dict[str, Any] = {
            setting.name: _parse(setting.name, setting.default, environment[name])
            for setting in fields(cls)
            if (name := _PREFIX + setting.name.upper()) in environment
        }
        return cls(**given)

    @property
    def cache_path(self) -> Path:
        """The file that holds the cached answers."""
        return (self.cache_folder or _cache_folder()) / "wikidata.sqlite"

    @property
    def user_agent(self) -> str:
        """Who asks: the project, its version and whom to tell when it misbehaves."""
        return f"forumgraph/{__version__} ({self.contact}) python-httpx"


def _parse(name: str, default: object, text: str) -> str | int | float | Path:
    if name == "cache_folder":
        return Path(text)
    if isinstance(default, str):
        return text.rstrip("/")
    kind = int if isinstance(default, int) else float
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{_PREFIX}{name.upper()}: {text!r} is no {kind.__name__}") from None
