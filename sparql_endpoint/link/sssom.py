"""Candidate links as SSSOM/TSV, the exchange format of mappings.

The format: https://mapping-commons.github.io/sssom/spec-formats-tsv/ (a block of YAML behind ``#``,
then a table with tabs); its slots: https://mapping-commons.github.io/sssom/Mapping/.
"""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.export.atomic import whole_file
from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["Row", "add_candidates", "curie", "expand_curie", "read_rows", "write_rows"]

_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "id": PREFIXES["id"],
        "owl": PREFIXES["owl"],
        "semapv": PREFIXES["semapv"],
        "skos": PREFIXES["skos"],
        "wd": PREFIXES["wd"],
    }
)
_BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "owl": PREFIXES["owl"],
        "rdf": PREFIXES["rdf"],
        "rdfs": PREFIXES["rdfs"],
        "semapv": PREFIXES["semapv"],
        "skos": PREFIXES["skos"],
        "sssom": PREFIXES["sssom"],
        "xsd": PREFIXES["xsd"],
    }
)
_METADATA: Mapping[str, Any] = MappingProxyType(
    {
        "curie_map": dict(_PREFIXES),
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "mapping_set_id": "https://w3id.org/forumgraph/mappings/wikidata-candidates",
        "mapping_set_title": "Candidate links from Forum Graph to Wikidata",
    }
)
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")


@dataclass(frozen=True)
class Row:
    """One mapping; the fields are slots of SSSOM, in its order, identifiers as CURIEs.

    A row counts as reviewed when ``reviewer_label`` names somebody; ``predicate_modifier`` ``Not``
    says that the reviewer rejects it.
    """

    subject_id: str
    subject_label: str
    predicate_id: str
    predicate_modifier: str
    object_id: str
    object_label: str
    mapping_justification: str
    author_label: str
    reviewer_label: str
    mapping_tool: str
    mapping_date: str
    confidence: str
    comment: str

    @property
    def accepted(self) -> bool:
        """Whether a reviewer is named who does not reject the mapping or find no term."""
        rejected = self.predicate_modifier == "Not" or self.object_id in _NO_TERM
        return bool(self.reviewer_label) and not rejected


_NO_TERM = frozenset({"sssom:NoTermFound", f"<{PREFIXES['sssom']}NoTermFound>"})
"""The object of a row that says that there is none (https://w3id.org/sssom/NoTermFound)."""
_COLUMNS = tuple(column.name for column in fields(Row))


def write_rows(rows: Iterable[Row]) -> str:
    """Return the rows as SSSOM/TSV.

    The columns that a reviewer fills in stand there even when they are empty.
    """
    import yaml  # noqa: PLC0415  # an extra

    header = yaml.safe_dump(dict(_METADATA), sort_keys=True, allow_unicode=True, width=1_000)
    out = io.StringIO()
    out.writelines(f"#{line}\n" for line in header.splitlines())
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows(astuple(row) for row in rows)
    return out.getvalue()


def read_rows(path: Path) -> list[Row]:
    """Return the rows of an SSSOM/TSV file, each identifier in the prefixes of this project.

    What a spreadsheet adds when it saves such a file is left out: a byte order mark, empty cells
    behind the metadata, quotation marks around it, and rows of empty cells. A line ends with CR, LF
    or both; other characters that end lines elsewhere are part of a cell.

    Raises:
        NotFoundError: there is no such file.
        DataError: it is not SSSOM/TSV, or an identifier has a prefix that it does not declare.
    """
    try:
        text = _decoded(path.read_bytes())
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except UnicodeDecodeError as fault:
        raise DataError(f"{path}: not UTF-8 at byte {fault.start}") from None
    lines = list(io.StringIO(text, newline=""))
    metadata = list(_metadata(lines))
    head = len(metadata)
    prefixes = _curie_map(path, "".join(metadata))
    table = csv.DictReader(lines[head:], delimiter="\t", strict=True)
    names = table.fieldnames or ()
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise DataError(f"{path}:{head + 1}: two columns {', '.join(twice)}: leave one")
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise DataError(f"{path}:{head + 1}: no column {', '.join(missing)}; is this SSSOM/TSV?")
    try:
        return [
            _row(path, head + table.line_num, cells, prefixes)
            for cells in table
            if _is_filled(cells)
        ]
    except csv.Error as fault:
        raise DataError(f"{path}:{head + table.line_num + 1}: {fault}") from None


def add_candidates(path: Path, rows: Iterable[Row]) -> int:
    """Add the rows whose subject and object the file does not have, and return how many.

    Raises:
        DataError: the file is there and is not SSSOM/TSV.
    """
    old = read_rows(path) if path.exists() else []
    known = {(row.subject_id, row.object_id) for row in old}
    new = [row for row in rows if (row.subject_id, row.object_id) not in known]
    with whole_file(path) as file:
        file.write(write_rows([*old, *new]).encode())
    return len(new)


def curie(iri: str) -> str:
    """Return an IRI as CURIE in the prefixes that a written file declares."""
    return shorten(iri, _PREFIXES)


def expand_curie(name: str) -> str:
    """Return the IRI of a CURIE that ``read_rows`` or ``curie`` gave."""
    prefix, _, local = name.partition(":")
    return _PREFIXES[prefix] + local


def _decoded(content: bytes) -> str:
    """Return text of UTF-8, with or without a byte order mark, or of UTF-16 with one."""
    utf16 = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return content.decode("utf-16" if utf16 else "utf-8-sig")


def _metadata(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of YAML before the table, without what makes them comments or cells."""
    for line in lines:
        quoted = line.startswith('"#')
        cell = next(csv.reader([line], delimiter="\t"))[0] if quoted else line
        if not cell.startswith("#"):
            return
        yield cell[1:].rstrip("\t\r\n") + "\n"


def _is_filled(cells: Mapping[str, Any]) -> bool:
    return any(isinstance(cell, str) and cell.strip() for cell in cells.values())


def _curie_map(path: Path, block: str) -> dict[str, str]:
    import yaml  # noqa: PLC0415  # an extra

    try:
        metadata = yaml.safe_load(block) or {}
    except yaml.YAMLError as fault:
        reason = " ".join(str(fault).split())
        raise DataError(f"{path}: its metadata block is no YAML: {reason}") from None
    declared = metadata.get("curie_map") if isinstance(metadata, dict) else None
    return {**_BUILT_IN, **(declared if isinstance(declared, dict) else {})}


def _row(path: Path, line: int, cells: Mapping[str, Any], prefixes: Mapping[str, str]) -> Row:
    known = {name: (cells.get(name) or "").strip() for name in _COLUMNS}
    for name in _NEEDED:
        prefix, colon, local = known[name].partition(":")
        if not (colon and local and prefix in prefixes):
            raise DataError(
                f"{path}:{line}: {name} {known[name]!r} is no CURIE with a prefix that the file "
                "declares in its curie_map"
            )
        known[name] = curie(prefixes[prefix] + local)
    if known["predicate_modifier"] not in {"", "Not"}:
        told = f"predicate_modifier {known['predicate_modifier']!r}"
        raise DataError(f"{path}:{line}: {told}: SSSOM has 'Not', or leave it empty")
    return Row(**known)
