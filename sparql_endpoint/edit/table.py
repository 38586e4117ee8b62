"""Claims from a table: the columns of the CSV that ``forumgraph export`` writes, read back."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from sparql_endpoint.edit.changes import Changes, Draft
from sparql_endpoint.edit.find import find_span
from sparql_endpoint.errors import DataError, UsageError
from sparql_endpoint.export.claims_csv import claims_csv
from sparql_endpoint.export.table_definitions import BETWEEN
from sparql_endpoint.graph.quotes import Span
from sparql_endpoint.graph.sources import read_source, source_slug
from sparql_endpoint.names import PREFIXES, expand

__all__ = ["add_rows", "draft_of", "read_rows"]

_NEEDED = ("subject", "predicate", "object", "source")
_DERIVED = ("subject_label", "predicate_label", "object_label", "claimant_label", "source_title")
"""Columns for the reader only: they are not read back."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by the names of its columns (RFC 4180).

    Raises:
        DataError: it cannot be read, or a column is missing.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")  # spreadsheets write a mark
    except (OSError, UnicodeDecodeError) as fault:
        raise DataError(f"{path}: {fault}: save it as CSV in UTF-8") from None
    reader = csv.DictReader(io.StringIO(content, newline=""))
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"{path}: there is no column {', '.join(missing)}")
    return [{name: value or "" for name, value in row.items() if name} for row in reader]


def add_rows(
    changes: Changes, rows: Iterable[Mapping[str, str]], sources: Path | None
) -> list[NamedNode]:
    """Write the claims of the rows that name none; rows that name a claim must be as the data are.

    Raises:
        UsageError: a row is wrong; the text names its number in the file, the header being 1.
    """
    quads = list(changes.store)
    known = {row["claim"]: row for row in _rows(claims_csv(quads, quads))}
    added = []
    for number, row in enumerate(rows, start=2):
        try:
            name = row.get("claim", "").strip()
            if not name:
                added.append(changes.claim(draft_of(row, sources)))
            else:
                _compare(row, known.get(expand(name)))
        except UsageError as error:
            raise UsageError(f"row {number}: {error}") from None
    return added


def draft_of(row: Mapping[str, str], sources: Path | None) -> Draft:
    """Return the claim of a row.

    Raises:
        UsageError: it has another source than its words, or its words stand nowhere.
    """
    slugs = [source_slug(each).removeprefix("source:") for each in _cells(row["source"])]
    stem = row.get("claim", "").removeprefix(PREFIXES["claim"]).rpartition("-")[0]
    slug = stem if stem in slugs else "".join(slugs[:1])
    return Draft(
        slug,
        _spans(row, slug, sources),
        _name(row["subject"]),
        _name(row["predicate"]),
        _object(row),
        claimant=_name(row.get("claimant", "")),
        voiced_in=_name(row.get("voiced_in", "")),
        standing=row.get("standing", "") or "asserted",
        basis=row.get("basis", "") or "stated",
        rule=row.get("rule", ""),
        locator=row.get("locator", ""),
        note=row.get("note", ""),
        conflicts_with=tuple(map(_name, _cells(row.get("conflicts_with", "")))),
        further_sources=tuple(f"source:{each}" for each in slugs if each != slug),
    )


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def _compare(row: Mapping[str, str], known: Mapping[str, str] | None) -> None:
    if known is None:
        raise UsageError(f"there is no claim {row['claim']}: leave the cell empty for a new one")
    changed = [
        name
        for name, value in row.items()
        if name in known and name not in _DERIVED and name != "claim" and value != known[name]
    ]
    if changed:
        raise UsageError(
            f"{row['claim']} has another {', '.join(changed)} in the data: change it in its Turtle"
            " file, for a table adds claims"
        )


def _spans(row: Mapping[str, str], slug: str, sources: Path | None) -> tuple[Span, ...]:
    """Return the spans of a row by their offsets, or where it has none, by their words."""
    starts, ends = (_cells(row.get(name, "")) for name in ("start", "end"))
    quote = row.get("quote", "")
    if starts and len(starts) == len(ends):
        return tuple(
            _by_offset(slug, quote, list(zip(map(int, starts), map(int, ends), strict=True)))
        )
    words = _cells(quote)
    if words and sources is None:
        raise UsageError("tell the folder of the texts: --sources DIR, or set FORUMGRAPH_ARTICLES")
    return tuple(find_span(read_source(sources, slug), each) for each in words) if sources else ()


def _by_offset(slug: str, quote: str, places: Sequence[tuple[int, int]]) -> Iterable[Span]:
    """Yield the spans; their lengths part the cell, whatever stands in the words."""
    at = 0
    for start, end in places:
        words = quote[at : at + end - start]
        at += end - start + len(BETWEEN)
        yield Span(slug, start, end, words)


def _object(row: Mapping[str, str]) -> str:
    """Return the value as ``Names.value`` reads it."""
    value, kind = row["object"], row.get("object_type", "")
    if kind == "iri":
        return _name(value)
    if kind.startswith("@"):
        return str(Literal(value, language=kind[1:]))
    if kind:
        return str(Literal(value, datatype=NamedNode(expand(kind))))
    return value


def _name(text: str) -> str:
    return f"<{text}>" if text.startswith(("http://", "https://")) else text


def _cells(text: str) -> list[str]:
    return text.split(BETWEEN) if text else []
