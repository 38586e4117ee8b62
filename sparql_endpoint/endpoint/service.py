"""What one application serves, for every part of it to find."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from flask import Flask, Response, current_app

from sparql_endpoint.endpoint.about import About
from sparql_endpoint.endpoint.metrics import Metrics
from sparql_endpoint.endpoint.rate_limit import RateLimit
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.endpoint.shared_cache import SharedCache
from sparql_endpoint.project import Project, project
from sparql_endpoint.query.evaluation import QueryRunner

__all__ = ["About", "Service", "attach", "served_project", "service"]

_KEY = "forumgraph"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Service:
    """A dataset by its runner, what is known of it, the settings, and what workers share."""

    runner: QueryRunner
    about: About
    settings: Settings
    folder: Path
    """Where the workers of one server share files, and which is removed with it."""
    cache: SharedCache
    metrics: Metrics
    rate_limit: RateLimit
    start_task: Callable[[str], None] | None
    """Has a process of its own do a task of the application by its name; None does it here."""
    description: Callable[[], Response]
    """Makes the answer to a client that asks what this service is."""
    _results: dict[str, object] = field(default_factory=dict)

    def once(self, name: str, compute: Callable[[], _T]) -> _T:
        """Return what ``compute`` returns for this dataset, computed by the first that asks.

        It is a value that pickles and that nobody changes. Only our own workers write to the cache.

        Raises:
            Exception: whatever ``compute`` raises.
        """
        if name not in self._results:
            key = f"{self.about.digest} {name}".encode()
            stored = self.cache.get(key) if self.about.immutable else None
            result = compute() if stored is None else pickle.loads(stored)  # noqa: S301  # see above
            if stored is None and self.about.immutable:
                self.cache.put(key, pickle.dumps(result))
            self._results[name] = result
        return cast("_T", self._results[name])


def served_project() -> Project:
    """Return what is known of whose data are served: of those of somebody else, the title alone.

    Raises:
        UsageError: the project's file cannot be read.
    """
    about = service().about
    return project() if about.own else Project(name=about.title)


def attach(app: Flask, what: Service) -> None:
    """Let ``app`` serve ``what``."""
    app.extensions[_KEY] = what


def service(app: Flask | None = None) -> Service:
    """Return what ``app``, else the current application, serves."""
    return cast("Service", (app or current_app).extensions[_KEY])
