"""What one application serves, for every part of it to find."""

from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from flask import Flask, current_app

from sparql_endpoint.web.about import About
from sparql_endpoint.web.cache import AnswerCache
from sparql_endpoint.web.dumps import Dumps
from sparql_endpoint.web.metrics import Metrics
from sparql_endpoint.web.partitions import PropertyOfClass, divide
from sparql_endpoint.web.rate import RateLimit
from sparql_endpoint.web.runner import Runner
from sparql_endpoint.web.settings import Settings
from sparql_endpoint.web.statistics import Statistics, count_all

__all__ = ["About", "Service", "attach", "of", "service"]

_KEY = "forumgraph"


@dataclass(frozen=True)
class Service:
    """A dataset by its runner, what is known of it, the settings, and the answers kept."""

    runner: Runner
    about: About
    settings: Settings
    cache: AnswerCache
    dumps: Dumps
    metrics: Metrics
    rate: RateLimit
    _lock: Lock = field(default_factory=Lock)
    _counted: list[Statistics] = field(default_factory=list)
    _divided: list[dict[str, tuple[PropertyOfClass, ...]]] = field(default_factory=list)

    def statistics(self) -> Statistics:
        """Return the counts of the dataset, which are taken once, when first asked for.

        Raises:
            ForumGraphError: the runner could not tell.
        """
        with self._lock:
            if not self._counted:
                self._counted.append(count_all(self.runner))
            return self._counted[0]

    def properties_of_classes(self) -> dict[str, tuple[PropertyOfClass, ...]]:
        """Return the properties of each class by its IRI, taken once, as far as they are described.

        Raises:
            ForumGraphError: as ``statistics``.
        """
        counts = self.statistics()
        with self._lock:
            if not self._divided:
                self._divided.append(divide(self.runner, counts))
            return self._divided[0]


def attach(app: Flask, what: Service) -> None:
    """Let ``app`` serve ``what``."""
    app.extensions[_KEY] = what


def of(app: Flask) -> Service:
    """Return what ``app`` serves."""
    return cast("Service", app.extensions[_KEY])


def service() -> Service:
    """Return what the current application serves."""
    return of(current_app)
