"""What the site keeps for the dataset that is served."""

from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import cast

from flask import Flask, current_app, g

from sparql_endpoint.site.catalogue import Catalogue, build
from sparql_endpoint.site.facets import Item, items_of
from sparql_endpoint.web.service import service

__all__ = ["attach", "catalogue", "items"]

_KEY = "forumgraph.site"
_FRESH = 60.0
"""Seconds for which the catalogue of data that may change is kept."""


@dataclass
class _Kept:
    lock: Lock = field(default_factory=Lock)
    digest: str = ""
    since: float = 0.0
    catalogue: Catalogue | None = None
    items: dict[str, list[Item]] = field(default_factory=dict)


def attach(app: Flask) -> None:
    """Give ``app`` room to keep its catalogue in."""
    app.extensions[_KEY] = _Kept()


def catalogue() -> Catalogue:
    """Return the catalogue of the dataset, built when it is first asked for.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    if "catalogue" not in g:
        g.catalogue = _catalogue(_kept())
    return cast("Catalogue", g.catalogue)


def items(class_iri: str) -> list[Item]:
    """Return the things of a class with their facets, asked for once.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    known = catalogue()
    kept = _kept()
    if class_iri not in kept.items:
        kept.items[class_iri] = items_of(known, class_iri)
    return kept.items[class_iri]


def _catalogue(kept: _Kept) -> Catalogue:
    about = service().about
    with kept.lock:
        aged = not about.steady and monotonic() - kept.since > _FRESH
        if kept.catalogue is None or kept.digest != about.digest or aged:
            kept.catalogue, kept.items = build(), {}
            kept.digest, kept.since = about.digest, monotonic()
        return kept.catalogue


def _kept() -> _Kept:
    return cast("_Kept", current_app.extensions[_KEY])
