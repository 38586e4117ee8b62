"""What the site keeps for the dataset that is served."""

from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from flask import Flask, current_app

from sparql_endpoint.site.catalogue import Catalogue, build
from sparql_endpoint.web.service import service

__all__ = ["attach", "catalogue"]

_KEY = "forumgraph.site"


@dataclass
class _Kept:
    lock: Lock = field(default_factory=Lock)
    digest: str = ""
    catalogue: Catalogue | None = None


def attach(app: Flask) -> None:
    """Give ``app`` room to keep its catalogue in."""
    app.extensions[_KEY] = _Kept()


def catalogue() -> Catalogue:
    """Return the catalogue of the dataset, built when it is first asked for.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    kept = cast("_Kept", current_app.extensions[_KEY])
    digest = service().about.digest
    with kept.lock:
        if kept.catalogue is None or kept.digest != digest:
            kept.catalogue, kept.digest = build(), digest
        return kept.catalogue
