"""Known deviations: where the engine departs from SPARQL 1.1, and what is done about it.

``deviations.toml`` has them, for help pages, tests and warnings to read.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

__all__ = ["Case", "Deviation", "Notice", "deviations"]


@dataclass(frozen=True)
class Case:
    """A query that the engine answers otherwise than the specification asks."""

    query: str
    rows: tuple[str, ...]
    """The rows that are right, sorted: values joined by a space, ``-`` for unbound."""
    data: str = ""
    """The TriG that the query is asked of."""


@dataclass(frozen=True)
class Deviation:
    """A way in which the engine's answer is not that of the specification."""

    code: str
    """A short name for machines."""
    sentence: str
    """What differs."""
    advice: str
    """How to write a query otherwise; empty where nothing need be done."""
    source: str
    """The section of the specification that says what is right."""
    remedy: Literal["mended", "warned", "described"]
    """Whether the query is put right before the engine sees it, its answer carries a warning with
    the code, or this table alone can tell of it."""
    cases: tuple[Case, ...]


class Notice(NamedTuple):
    """A warning beside an answer: the code of a deviation, and a sentence on this query."""

    code: str
    text: str


@cache
def deviations() -> tuple[Deviation, ...]:
    """Return the known deviations."""
    text = files(__package__).joinpath("deviations.toml").read_text(encoding="utf-8")
    return tuple(
        Deviation(
            **{key: value for key, value in entry.items() if key != "cases"},
            cases=tuple(
                Case(case["query"], tuple(case["rows"]), case.get("data", ""))
                for case in entry["cases"]
            ),
        )
        for entry in tomllib.loads(text)["deviation"]
    )
