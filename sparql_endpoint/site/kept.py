"""What the site keeps for the dataset that is served: its catalogue, and what pages make of it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TypeVar, cast

from flask import Flask, current_app, g

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.site.asking import Row, rows
from sparql_endpoint.site.catalogue import Catalogue, build

__all__ = ["attach", "catalogue", "once", "rows_of"]

_KEY = "forumgraph.site"
_FRESH = 60.0
"""Seconds for which what is made of data that may change is kept."""

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class _Kept:
    """What is kept for one state of the dataset."""

    digest: str
    since: float
    catalogue: Catalogue
    made: dict[Hashable, object] = field(default_factory=dict)


@dataclass
class _Place:
    lock: Lock = field(default_factory=Lock)
    kept: _Kept | None = None


def attach(app: Flask) -> None:
    """Give ``app`` room to keep things in."""
    app.extensions[_KEY] = _Place()


def catalogue() -> Catalogue:
    """Return the catalogue of the dataset, built when it is first asked for.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    return _of_request().catalogue


def once(key: Hashable, make: Callable[[], _Made]) -> _Made:
    """Return what ``make`` returned when ``key`` was first asked for of this dataset.

    There are few keys, however large the dataset, and what is made is not changed afterwards.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    made = _of_request().made
    if key not in made:
        made[key] = make()
    return cast("_Made", made[key])


def rows_of(query: str) -> list[Row]:
    """Return the solutions of a SELECT, one of a few that are fixed, asked for once a dataset.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    return once(("rows", query), lambda: rows(query))


def _of_request() -> _Kept:
    """Return what a request sees, the same from its beginning to its end."""
    try:
        return cast("_Kept", g.kept)
    except AttributeError:
        g.kept = _current(cast("_Place", current_app.extensions[_KEY]))
        return cast("_Kept", g.kept)


def _current(place: _Place) -> _Kept:
    about = service().about
    with place.lock:
        kept = place.kept
        if (
            kept is None
            or kept.digest != about.digest
            or (not about.immutable and monotonic() - kept.since > _FRESH)
        ):
            kept = place.kept = _Kept(about.digest, monotonic(), build())
        return kept
