"""What an operator may set, each with a name, a default, a unit and a meaning.

A group of settings is a frozen dataclass whose fields are made by ``setting``. The command line's
options, the environment's variables and the table in the documentation all come from the fields.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

from sparql_endpoint.errors import UsageError

__all__ = ["Setting", "from_environment", "setting", "settings_of"]

_T = TypeVar("_T")


def setting(
    default: Any, meaning: str, *, unit: str = "", least: float | None = None, flag: str = ""
) -> Any:
    """Return a dataclass field that is a setting; ``least`` is the smallest value that it takes.

    ``flag`` is the option's name where it is not that of the field.
    """
    metadata = {"meaning": meaning, "unit": unit, "least": least, "flag": flag}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Setting:
    """One setting as the outside sees it; ``kind`` is its type: int, float, bool, str or tuple."""

    name: str
    kind: type
    default: Any
    meaning: str
    unit: str
    least: float | None
    flag: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"FORUMGRAPH_{self.name.upper()}"

    @property
    def shown_default(self) -> str:
        """The default with its unit, as the documentation shows it; ``none`` where it is empty."""
        value = " ".join(self.default) if self.kind is tuple else self.default
        return f"{value} {self.unit}".strip() or "none"

    def parse(self, text: str) -> Any:
        """Return the value that ``text`` stands for; several are separated by spaces.

        Raises:
            UsageError: it stands for none, or for one below the least.
        """
        if self.kind is tuple:
            return tuple(text.split())
        if self.kind is bool:
            return self._truth(text)
        try:
            value = self.kind(text)
        except ValueError:
            value = None
        if value is None or (self.kind is float and not math.isfinite(value)):
            raise UsageError(f"{self.name}: '{text}' is no {self._noun()}")
        return self.check(value)

    def check(self, value: Any) -> Any:
        """Return ``value``.

        Raises:
            UsageError: it is below the least that the setting takes.
        """
        if self.least is not None and value < self.least:
            raise UsageError(f"{self.name}: {value} is too small: give {self.least} or more")
        return value

    def _truth(self, text: str) -> bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"", "0", "false", "no", "off"}:
            return False
        raise UsageError(f"{self.name}: '{text}' is neither true nor false")

    def _noun(self) -> str:
        return {int: "whole number", float: "number"}.get(self.kind, self.kind.__name__)


def settings_of(group: type) -> list[Setting]:
    """Return the settings of a group in their order."""
    found = []
    for entry in fields(group):
        if "meaning" not in entry.metadata or entry.default is MISSING:
            continue
        meta = entry.metadata
        flag = meta["flag"] or f"--{entry.name.replace('_', '-')}"
        found.append(
            Setting(
                entry.name,
                type(entry.default),
                entry.default,
                meta["meaning"],
                meta["unit"],
                meta["least"],
                flag,
            )
        )
    return found


def from_environment(group: type[_T], environment: Mapping[str, str] | None = None) -> _T:
    """Return a group with each setting from its environment variable, or else its default.

    Raises:
        UsageError: a variable holds what is no value of its setting.
    """
    given = os.environ if environment is None else environment
    values = {
        entry.name: entry.parse(given[entry.variable])
        for entry in settings_of(group)
        if entry.variable in given
    }
    return group(**values)
