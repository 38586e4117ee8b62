"""Which tables of the graph there are, and what stands in their columns: ``tables.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["BETWEEN", "Column", "TableDefinition", "table_definitions"]

BETWEEN = " | "
"""What stands between several values of a cell."""


@dataclass(frozen=True)
class Column:
    """A column: what it is about in a sentence, and how its cells are filled."""

    name: str
    about: str
    type: str = "string"
    """``string``, ``iri``, ``integer``, ``number``, or ``date``: a day, a month or a year."""
    several: bool = False
    """Whether a cell may hold several values, with ``BETWEEN`` between them."""
    values: str = ""
    """The graph pattern (SPARQL) of a ``?value`` of a ``?row``."""
    label_of: str = ""
    """The column whose things are named here, in the same order."""


@dataclass(frozen=True)
class TableDefinition:
    """A table: its columns, of which the first is the key, and the pattern of its rows."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: str = ""

    @property
    def key(self) -> str:
        """The name of the column by which rows differ."""
        return self.columns[0].name

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


@cache
def table_definitions() -> Mapping[str, TableDefinition]:
    """Return the tables by their names."""
    text = Path(__file__).with_name("tables.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            table["name"]: TableDefinition(
                **table | {"columns": tuple(Column(**column) for column in table["columns"])}
            )
            for table in tomllib.loads(text)["table"]
        }
    )
