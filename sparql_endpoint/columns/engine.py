"""The second engine as a runner sees it: light until a query is for it, and its files are there."""

import logging
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Store

if TYPE_CHECKING:
    from sparql_endpoint.columns.answering import Answering
    from sparql_endpoint.query.evaluation import Results

__all__ = ["Columns", "available", "columns_of"]

_log = logging.getLogger(__name__)
_FEW_STEPS, _FEW_STEPS_ON_DISK = 2000, 300
"""Triples that the first engine looks at in less time than the second takes to begin."""
_NEVER = re.compile(
    r"\b(?:DESCRIBE|SERVICE|BIND|SAMPLE|GROUP_CONCAT|REDUCED|LATERAL|COALESCE|IF|RAND|NOW)\b"
)
_COMPUTES = re.compile(r"\b(?:COUNT|SUM|MIN|MAX|AVG)\b")
_CONSTANT = re.compile(r"[{.]\s*(?:<[^<>\s]*>|(?!_:)[\w\-.]*:[\w\-.]*)\s+[^\s{}]")


def available() -> bool:
    """Return whether DuckDB is installed: ``pip install forumgraph[columns]``."""
    return find_spec("duckdb") is not None


def columns_of(store: Path) -> Path:
    """Return the folder for the columns of a store on disk."""
    return store / "columns"


@dataclass
class Columns:
    """Answers queries from the files in ``folder``, once these are there.

    ``on_disk`` is the store that they were made of, where it lies on disk; ``memory`` how many
    bytes a query may take; ``few_steps`` how many triples the other engine may have to look at for
    a query that is left to it, None for a number that was measured.
    """

    folder: Path
    on_disk: Path | None = None
    memory: int = 512 << 20
    few_steps: float | None = None
    name: str = "columns"
    _answering: "Answering | None" = field(default=None, init=False)
    _broken: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if self.few_steps is None:
            self.few_steps = _FEW_STEPS if self.on_disk is None else _FEW_STEPS_ON_DISK

    def answer(
        self,
        text: str,
        dataset: tuple[tuple[str, ...], tuple[str, ...]] | None,
        base: str | None,
        most: int,
        *,
        as_json: bool = False,
    ) -> "Results | None":
        """Return the answer to a query, as ``query.evaluation.SecondEngine`` has it."""
        if self.few_steps and not _may_be_worth_it(text):
            return None
        if self._answering is None and not self._open():
            return None
        assert self._answering is not None  # noqa: S101  # it is open
        return self._answering.answer(text, dataset, base, most, as_json=as_json)

    def prepare(self) -> None:
        """Import all that answers need, before processes are forked."""
        import duckdb  # noqa: F401, PLC0415  # an extra

        import sparql_endpoint.columns.answering  # noqa: F401, PLC0415  # see above

    def is_made(self) -> bool:
        """Return whether the files are there."""
        return (self.folder / "about.json").is_file()

    def make(self, store: Store) -> bool:
        """Make the files of a store's content, and return whether they can be made."""
        from sparql_endpoint.columns.making import make  # noqa: PLC0415  # see above

        return make(store, self.folder, self.on_disk)

    def _open(self) -> bool:
        if self._broken or not self.is_made():
            return False
        from sparql_endpoint.columns.answering import Answering  # noqa: PLC0415  # see above

        try:
            self._answering = Answering.read(
                self.folder, self.on_disk, self.memory, self.few_steps or 0
            )
        except Exception as error:  # noqa: BLE001  # whatever is wrong with them
            _log.warning("%s: its columns cannot be used: %s", self.folder, error)
            self._broken = True
        return not self._broken


def _may_be_worth_it(text: str) -> bool:
    """Return whether a query may be quicker by columns, from what is cheap to see."""
    capitals = text.upper()
    if _NEVER.search(capitals):
        return False
    if _COMPUTES.search(capitals):
        return True
    start = text.find("{")
    return start >= 0 and _CONSTANT.search(text, start) is None
