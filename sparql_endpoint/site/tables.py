"""A result as a table to read: cells with short names, from SPARQL Results JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["Cell", "Table", "cell", "table"]

_XSD = PREFIXES["xsd"]


@dataclass(frozen=True)
class Cell:
    """What a cell of a table shows: a text, its language and its datatype."""

    text: str = ""
    language: str = ""
    datatype: str = ""
    number: bool = False
    iri: str = ""
    """The IRI that it shows, if it shows one."""


@dataclass(frozen=True)
class Table:
    """A result to read: its variables, the rows shown, and how many there are in all."""

    variables: list[str]
    rows: list[list[Cell]]
    count: int


def table(result: Mapping[str, Any], most_rows: int) -> Table:
    """Return the first ``most_rows`` solutions of a SELECT as a table."""
    variables = list(result["head"].get("vars", ()))
    solutions = result["results"]["bindings"]
    rows = [
        [cell(solution[name]) if name in solution else Cell() for name in variables]
        for solution in solutions[:most_rows]
    ]
    return Table(variables, rows, len(solutions))


def cell(term: Mapping[str, Any]) -> Cell:
    """Return a term of SPARQL Results JSON as a cell."""
    match term["type"]:
        case "uri":
            return Cell(shorten(term["value"]).strip("<>"), iri=term["value"])
        case "bnode":
            return Cell(f"_:{term['value']}")
        case "triple":
            parts = (term["value"][part] for part in ("subject", "predicate", "object"))
            return Cell(f"<<( {' '.join(cell(part).text for part in parts)} )>>")
        case _:
            return _literal(term)


def _literal(term: Mapping[str, Any]) -> Cell:
    datatype = term.get("datatype", "")
    return Cell(
        term["value"],
        language=term.get("xml:lang", ""),
        datatype="" if datatype in {"", f"{_XSD}string"} else shorten(datatype),
        number=datatype in {f"{_XSD}{name}" for name in ("integer", "decimal", "double")},
    )
