"""The application together with the engine behind it, as a server runs them."""

from functools import partial
from pathlib import Path

from flask import Flask

from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.web.app import create_app
from sparql_endpoint.web.loaded import load
from sparql_endpoint.web.runner import EngineRunner
from sparql_endpoint.web.service import About
from sparql_endpoint.web.settings import Settings

__all__ = ["serving"]


def serving(
    data: tuple[Path, ...], about: About, settings: Settings, limits: Limits
) -> tuple[Flask, Engine]:
    """Return an application over ``data`` (the project's, if empty) and its engine, started.

    Raises:
        DataError, NotFoundError: the data cannot be loaded.
        UsageError: this is not Linux.
    """
    engine = Engine(partial(load, data), limits, prefixes=PREFIXES)
    return create_app(EngineRunner(engine), about, settings), engine
