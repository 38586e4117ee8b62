"""What one application serves, for every part of it to find."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app

from sparql_endpoint.web.cache import AnswerCache
from sparql_endpoint.web.runner import Runner
from sparql_endpoint.web.settings import Settings

__all__ = ["Service", "attach", "service"]

_KEY = "forumgraph"


@dataclass(frozen=True)
class Service:
    """A dataset by its runner, the hash that names it, the time since when, and the settings."""

    runner: Runner
    digest: str
    modified: datetime
    settings: Settings
    cache: AnswerCache


def attach(app: Flask, what: Service) -> None:
    """Let ``app`` serve ``what``."""
    app.extensions[_KEY] = what


def service() -> Service:
    """Return what the current application serves."""
    return cast("Service", current_app.extensions[_KEY])
