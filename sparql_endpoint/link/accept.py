"""Reviewed candidates become links: Turtle blocks at the end of ``data/wikidata.ttl``.

What an editor wrote in the file stays byte for byte; a link comes with an owl:Axiom that keeps its
reason, as the other links there do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import DefaultGraph, Literal, RdfFormat, Store

from sparql_endpoint.errors import DataError
from sparql_endpoint.link.links import IDENTITY, LINK_PROPERTIES, Link, item_id, read_links
from sparql_endpoint.link.sssom import Row, expand_curie
from sparql_endpoint.names import PREFIXES

__all__ = ["Accepted", "accept_rows", "accepted_turtle"]

_SECTION = "# --- Accepted candidates ------------------------------------------------------"
_SUBJECT, _ITEM = re.compile(r"id:[A-Za-z0-9_-]+"), re.compile(r"wd:Q[1-9][0-9]*")
_REASON = re.compile(r"semapv:[A-Za-z]+")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEEDED = ("id", "link", "owl", "rdfs", "semapv", "skos", "sssom", "wd", "xsd")


@dataclass(frozen=True)
class Accepted:
    """The rows that became links, and how many did not: not reviewed, rejected, already there."""

    rows: tuple[Row, ...]
    unreviewed: int
    rejected: int
    known: int


def accept_rows(rows: Sequence[Row], store: Store) -> Accepted:
    """Return which reviewed rows are new links to the data in ``store``.

    Raises:
        DataError: a row cannot be a link, or contradicts a link that is there or another row.
    """
    links = read_links(store)
    new: list[Row] = []
    known = 0
    for row in rows:
        if row.accepted:
            link = _link(row)
            if any((link.subject, link.item) == (old.subject, old.item) for old in links):
                known += 1
            else:
                _refuse_contradiction(link, links)
                links.append(link)
                new.append(row)
    return Accepted(
        tuple(new),
        unreviewed=sum(not row.reviewer_label for row in rows),
        rejected=sum(bool(row.reviewer_label) and not row.accepted for row in rows),
        known=known,
    )


def accepted_turtle(existing: str, rows: Iterable[Row]) -> str:
    """Return the text of the file of links with a block for each row added at its end.

    Raises:
        DataError: the text lacks a prefix that the blocks are written with, or is not Turtle.
    """
    missing = [name for name in _NEEDED if f"@prefix {name}:" not in existing]
    if missing:
        raise DataError(f"the file of links does not declare the prefix {', '.join(missing)}")
    section = "" if _SECTION in existing else f"\n{_SECTION}\n"
    text = existing.rstrip("\n") + "\n" + section + "".join(f"\n{_block(row)}" for row in rows)
    Store().load(input=text.encode(), format=RdfFormat.TURTLE, to_graph=DefaultGraph())
    return text


def _link(row: Row) -> Link:
    """Return the link of a row, whose cells are of the kinds that SSSOM has for them.

    https://mapping-commons.github.io/sssom/Mapping/
    """
    if row.predicate_id not in LINK_PROPERTIES:
        raise DataError(f"{row.subject_id}: {row.predicate_id} does not link to Wikidata")
    if not _SUBJECT.fullmatch(row.subject_id) or not _ITEM.fullmatch(row.object_id):
        told = f"{row.subject_id} {row.predicate_id} {row.object_id}"
        raise DataError(f"{told}: a link goes from an entity (id:) to an item (wd:Q…)")
    if not _REASON.fullmatch(row.mapping_justification):
        told = f"mapping_justification {row.mapping_justification!r}"
        raise DataError(f"{row.subject_id}: {told} is no term of semapv:")
    if not _is_day(row.mapping_date):
        raise DataError(f"{row.subject_id}: mapping_date {row.mapping_date!r} is no YYYY-MM-DD")
    if row.confidence and not _is_confidence(row.confidence):
        raise DataError(f"{row.subject_id}: confidence {row.confidence!r} is no number from 0 to 1")
    if not row.comment:
        raise DataError(f"{row.subject_id}: a link needs its reason in the column 'comment'")
    return Link(expand_curie(row.subject_id), row.predicate_id, expand_curie(row.object_id))


def _is_day(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_confidence(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and float(text) <= 1


def _refuse_contradiction(new: Link, links: Iterable[Link]) -> None:
    if new.predicate not in IDENTITY:
        return
    for old in links:
        if old.identifies and (old.subject == new.subject or old.item == new.item):
            told = f"{_slug(new.subject)} cannot be {new.item}"
            raise DataError(f"{told}: {_slug(old.subject)} is {old.item} already")


def _block(row: Row) -> str:
    slug, item = row.subject_id.partition(":")[2], item_id(expand_curie(row.object_id))
    reason = f"{row.comment.rstrip('.')}. Reviewed by {row.reviewer_label}."
    sure = f'    sssom:confidence "{row.confidence}"^^xsd:double ;\n' if row.confidence else ""
    return (
        f"{row.subject_id}\n"
        f"    {row.predicate_id} {row.object_id} .\n\n"
        f"link:{slug}-{item}\n"
        f"    a owl:Axiom ;\n"
        f"    owl:annotatedSource {row.subject_id} ;\n"
        f"    owl:annotatedProperty {row.predicate_id} ;\n"
        f"    owl:annotatedTarget {row.object_id} ;\n"
        f"    sssom:mapping_justification {row.mapping_justification} ;\n"
        f'    sssom:mapping_date "{row.mapping_date}"^^xsd:date ;\n'
        f"{sure}"
        f"    rdfs:comment {Literal(reason, language='en')} .\n"
    )


def _slug(iri: str) -> str:
    return iri.removeprefix(PREFIXES["id"])
