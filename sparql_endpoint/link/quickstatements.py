"""What Wikidata lacks or could cite, as QuickStatements commands, version 1.

One line a reference, columns parted by tabs: item, property, value, qualifiers, then the parts of
the reference with ``S`` for ``P``. A meeting without an item is created: CREATE, and lines whose
item is LAST. The syntax: https://www.wikidata.org/wiki/Help:QuickStatements.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from sparql_endpoint.link.entities import Entity, Term, read_entities
from sparql_endpoint.link.evidence import Reference, Statement, asserted_statements
from sparql_endpoint.link.links import read_links
from sparql_endpoint.link.mapping import PropertyMapping, class_items, property_mappings
from sparql_endpoint.names import expand

__all__ = ["Export", "quickstatements"]

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?")
_PRECISION = {"day": 11, "month": 10, "year": 9}
_LONGEST = 1_500
_LANGUAGES = ("en", "es", "pt", "zh")
_INSTANCE_OF, _START, _END = "P31", "P580", "P582"


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

    A meeting that took place and has no item is one command that creates it with its statements.
    A statement is left out when its property has no counterpart, when its subject or its value has
    no item, when its sources only imply it, or when none has a page that could be cited.
    """
    batch = _Batch(store)
    commands: list[str] = []
    created: dict[str, list[str]] = {}
    left_out: dict[str, int] = {}
    for statement in asserted_statements(store):
        try:
            lines = batch.lines(statement)
        except _LeftOutError as reason:
            left_out[str(reason)] = left_out.get(str(reason), 0) + 1
            continue
        if statement.subject in batch.items:
            commands += lines
        else:
            created.setdefault(statement.subject, []).extend(lines)
    commands += [
        "\n".join([*batch.creation(subject), *lines]) for subject, lines in created.items()
    ]
    return Export(tuple(dict.fromkeys(commands)), dict(sorted(left_out.items())))


class _Batch:
    """What the commands are made from: items, counterparts of properties and classes, entities."""

    def __init__(self, store: Store) -> None:
        self.items = {link.subject: link.item for link in read_links(store) if link.identifies}
        self._mappings = property_mappings(store)
        self._classes = class_items(store)
        self._entities = read_entities(store)
        self._several = {iri for iri, one in self._entities.items() if one.strings("dfo:heldUntil")}
        self._new = {
            iri: one
            for iri, one in self._entities.items()
            if iri not in self.items
            and expand("dfo:Meeting") in one.classes
            and one.strings("dfo:heldOn")
            and self._classed(one)
        }

    def creation(self, subject: str) -> Iterator[str]:
        """Return the lines that create the item of a meeting: labels and class."""
        meeting = self._new[subject]
        yield "CREATE"
        labels = {name.language: name.text for name in reversed(meeting.names) if name.preferred}
        yield from (
            f"LAST\tL{code}\t{_string(labels[code])}" for code in _LANGUAGES if code in labels
        )
        own = [name for name in meeting.direct_classes if name in self._classes]
        yield f"LAST\t{_INSTANCE_OF}\t{self._classes[min(own or self._classed(meeting))]}"

    def _classed(self, entity: Entity) -> list[str]:
        """Return the classes of an entity, broader ones included, that have an item."""
        return [name for name in entity.classes if name in self._classes]

    def lines(self, statement: Statement) -> list[str]:
        """Return the lines that say a statement, one for each reference."""
        mapping = self._mappings.get(statement.predicate)
        if mapping is None:
            raise _LeftOutError("its property has no counterpart in Wikidata")
        if statement.subject not in self.items and statement.subject not in self._new:
            raise _LeftOutError("its subject is linked to no item")
        if not statement.stated:
            raise _LeftOutError("its sources only imply it")
        if not statement.references:
            raise _LeftOutError("no source of it has a page to cite")
        item = self.items.get(statement.subject, "LAST")
        value = _value(statement.value, mapping, self.items)
        said = [item, self._property(statement, mapping), value, *self._times(statement)]
        return ["\t".join([*said, *_reference(reference)]) for reference in statement.references]

    def _property(self, statement: Statement, mapping: PropertyMapping) -> str:
        """Return the property; of a meeting of several days the first is its start."""
        first = statement.predicate == expand("dfo:heldOn") and statement.subject in self._several
        return _START if first else mapping.theirs

    def _times(self, statement: Statement) -> list[str]:
        """Return the qualifiers that tell when a member was one."""
        if statement.predicate != expand("org:memberOf") or not isinstance(
            statement.value, NamedNode
        ):
            return []
        memberships = [
            one
            for one in self._entities.values()
            if one.strings("org:member") == (statement.subject,)
            and one.strings("org:organization") == (statement.value.value,)
        ]
        if len(memberships) > 1:
            raise _LeftOutError("it holds in several times, which one statement cannot tell")
        periods = [iri for one in memberships for iri in one.strings("org:memberDuring")]
        return [
            part
            for period in periods
            for bound, theirs in (("dcat:startDate", _START), ("dcat:endDate", _END))
            for date in self._entities[period].strings(bound)
            for part in (theirs, _time(date))
        ]


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
