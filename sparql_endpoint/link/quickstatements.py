"""What Wikidata lacks or could cite, as QuickStatements commands, version 1.

One line a reference, columns parted by tabs: item, property, value, then the parts of the
reference with ``S`` for ``P``. The syntax: https://www.wikidata.org/wiki/Help:QuickStatements.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from sparql_endpoint.link.entities import Term
from sparql_endpoint.link.evidence import Reference, Statement, asserted_statements
from sparql_endpoint.link.links import read_links
from sparql_endpoint.link.mapping import PropertyMapping, property_mappings

__all__ = ["Export", "quickstatements"]

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?")
_PRECISION = {"day": 11, "month": 10, "year": 9}
_LONGEST = 1_500


@dataclass(frozen=True)
class Export:
    """The commands in a fixed order, and how many asserted statements gave none, by reason."""

    commands: tuple[str, ...]
    left_out: Mapping[str, int]

    def since(self, earlier: "Export") -> "Export":
        """Return what this export has beyond ``earlier``."""
        known = frozenset(earlier.commands)
        return Export(tuple(c for c in self.commands if c not in known), self.left_out)


class _LeftOutError(Exception):
    """A statement that cannot be said in Wikidata, with the reason as its text."""


def quickstatements(store: Store) -> Export:
    """Return the asserted statements of the graph whose property is mapped, with references.

    A statement is left out when its property has no counterpart, when its subject or its value has
    no item, or when no source of it has a page that could be cited.
    """
    items = {link.subject: link.item for link in read_links(store) if link.identifies}
    mappings = property_mappings(store)
    commands: list[str] = []
    left_out: dict[str, int] = {}
    for statement in asserted_statements(store):
        try:
            commands += _commands(statement, items, mappings)
        except _LeftOutError as reason:
            left_out[str(reason)] = left_out.get(str(reason), 0) + 1
    return Export(tuple(dict.fromkeys(commands)), dict(sorted(left_out.items())))


def _commands(
    statement: Statement, items: Mapping[str, str], mappings: Mapping[str, PropertyMapping]
) -> list[str]:
    mapping = mappings.get(statement.predicate)
    if mapping is None:
        raise _LeftOutError("its property has no counterpart in Wikidata")
    if statement.subject not in items:
        raise _LeftOutError("its subject is linked to no item")
    if not statement.references:
        raise _LeftOutError("no source of it has a page to cite")
    said = [items[statement.subject], mapping.theirs, _value(statement.value, mapping, items)]
    return ["\t".join([*said, *_reference(reference)]) for reference in statement.references]


def _value(value: Term, mapping: PropertyMapping, items: Mapping[str, str]) -> str:
    match mapping.value_type, value:
        case "WikibaseItem", NamedNode():
            if value.value not in items:
                raise _LeftOutError("its value is linked to no item")
            return items[value.value]
        case "Url", NamedNode():
            return _string(value.value)
        case "Time", Literal():
            return _time(value.value)
        case "Monolingualtext", Literal() if value.language:
            return _monolingual(value.value, value.language)
        case "Quantity", Literal():
            return f"{int(value.value):+d}"
        case "String" | "ExternalId", Literal():
            return _string(value.value)
        case _:
            raise _LeftOutError(f"its value is no {mapping.value_type}")


def _reference(reference: Reference) -> Iterator[str]:
    yield from ("S854", _string(reference.url))
    if reference.accessed:
        yield from ("S813", _time(reference.accessed))
    if reference.title and reference.language:
        yield from ("S1476", _monolingual(reference.title, reference.language))
    if reference.quotation and reference.language:
        yield from ("S1683", _monolingual(reference.quotation, reference.language))


def _time(text: str) -> str:
    """Return a date, month or year with the precision it has (9 year, 10 month, 11 day)."""
    parts = _DATE.match(text)
    if parts is None:
        raise _LeftOutError("its value is no date")
    finest = next(part for part in _PRECISION if parts[part])
    year, month, day = parts["year"], parts["month"] or "00", parts["day"] or "00"
    return f"+{year}-{month}-{day}T00:00:00Z/{_PRECISION[finest]}"


def _monolingual(text: str, language: str) -> str:
    return f"{language}:{_string(text)}"


def _string(text: str) -> str:
    """Return ``text`` in quotes; quotes inside stay as they are, the outer ones end the cell."""
    return f'"{" ".join(text.split())[:_LONGEST]}"'
