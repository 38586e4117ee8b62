"""Candidate files as SSSOM/TSV."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.link.sssom import Row, expand_curie, read_rows, write_rows


def test_a_written_file_reads_back(tmp_path: Path, candidate_row: Row) -> None:
    """Every cell comes back, also those with tabs, quotes and other scripts in them."""
    path = tmp_path / "candidates.sssom.tsv"
    rows = [candidate_row, replace(candidate_row, subject_label="智利", comment="first\nsecond")]
    path.write_text(write_rows(rows), encoding="utf-8")
    assert read_rows(path) == rows


def test_the_head_is_yaml_that_declares_every_prefix(candidate_row: Row) -> None:
    """The metadata block comes first, behind #, and maps each prefix used to its namespace."""
    head = [line for line in write_rows([candidate_row]).splitlines() if line.startswith("#")]
    metadata = yaml.safe_load("\n".join(line[1:] for line in head))
    assert metadata["curie_map"]["id"] == "https://w3id.org/forumgraph/id/"
    assert metadata["curie_map"]["wd"] == "http://www.wikidata.org/entity/"
    assert {"license", "mapping_set_id"} <= set(metadata)
    used = {
        candidate_row.subject_id,
        candidate_row.predicate_id,
        candidate_row.object_id,
        candidate_row.mapping_justification,
    }
    assert {name.partition(":")[0] for name in used} <= set(metadata["curie_map"])


def test_the_columns_are_slots_of_sssom_in_its_order(candidate_row: Row) -> None:
    """Names and order are those of the Mapping class."""
    table = [line for line in write_rows([]).splitlines() if not line.startswith("#")]
    assert table == [
        (
            "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tobject_label\t"
            "mapping_justification\tauthor_label\treviewer_label\tmapping_tool\tmapping_date\t"
            "confidence\tcomment"
        )
    ]


def test_reads_a_file_of_other_tools(tmp_path: Path) -> None:
    """Other prefixes, other columns and another order of columns are understood."""
    path = tmp_path / "theirs.tsv"
    path.write_text(
        "# curie_map:\n"
        "#   forum: https://w3id.org/forumgraph/id/\n"
        "#   wikidata: http://www.wikidata.org/entity/\n"
        "# creator_id:\n"
        "#   - orcid:0000-0000-0000-0001\n"
        "object_id\tsubject_id\tpredicate_id\tmapping_justification\tsubject_category\n"
        "wikidata:Q298\tforum:chile\tskos:exactMatch\tsemapv:ManualMappingCuration\tstate\n",
        encoding="utf-8",
    )
    (row,) = read_rows(path)
    assert (row.subject_id, row.object_id) == ("id:chile", "wd:Q298")
    assert expand_curie(row.subject_id) == "https://w3id.org/forumgraph/id/chile"
    assert row.comment == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\tb\n1\t2\n", r"bad\.tsv:1: no column subject_id, .*; is this SSSOM/TSV\?"),
        (b"", r"bad\.tsv:1: no column subject_id"),
        (b"#a: [\nsubject_id\n", r"bad\.tsv: its metadata block is no YAML"),
        (
            (
                b"#a: 1\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\n"
                b"ex:1\tskos:exactMatch\twd:Q1\tsemapv:x\n"
            ),
            r"bad\.tsv:3: subject_id 'ex:1' is no CURIE with a prefix that the file declares",
        ),
        (
            (
                b"#- a\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\n"
                b"http\tskos:exactMatch\twd:Q1\tsemapv:x\n"
            ),
            r"bad\.tsv:3: subject_id 'http' is no CURIE",
        ),
        (b"\xff\xff", r"bad\.tsv: not UTF-8 at byte 0"),
        (
            b'subject_id\tpredicate_id\tobject_id\tmapping_justification\n"a"b\t\t\t\n',
            r"bad\.tsv:2: ",
        ),
    ],
    ids=["columns", "empty", "YAML", "prefix", "no CURIE", "encoding", "quotes"],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """The error names the file, where it can the line, and what is wrong."""
    path = tmp_path / "bad.tsv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_rows(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file is an error of its own."""
    with pytest.raises(NotFoundError, match="no such file"):
        read_rows(tmp_path / "none.tsv")


def test_a_reviewers_name_accepts_and_not_rejects(candidate_row: Row) -> None:
    """A row is accepted when somebody is named who does not say Not."""
    assert not candidate_row.accepted
    assert replace(candidate_row, reviewer_label="B").accepted
    assert not replace(candidate_row, reviewer_label="B", predicate_modifier="Not").accepted


def _by_spreadsheet(text: str) -> str:
    """Return a file as spreadsheets save it: every row as wide as the table, quotes doubled."""
    width = max(line.count("\t") for line in text.splitlines())
    rows = []
    for line in text.splitlines():
        cell = f'"{line}"' if line.startswith("#") and "," in line else line
        rows.append(cell + "\t" * (width - line.count("\t")))
    return "\r\n".join([*rows, "\t" * width, ""])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_saved_by_a_spreadsheet_is_read(
    tmp_path: Path, candidate_row: Row, encoding: str
) -> None:
    """Tabs behind the metadata, empty rows, CRLF, a byte order mark: nothing of it is said."""
    path = tmp_path / "candidates.sssom.tsv"
    text = _by_spreadsheet("#comment: a, b\n" + write_rows([candidate_row]))
    path.write_bytes(text.encode(encoding))

    assert read_rows(path) == [candidate_row]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_a_line_separator_within_a_cell_ends_no_row(
    tmp_path: Path, candidate_row: Row, separator: str
) -> None:
    """Texts copied from pages have them; the format's rows end with a line feed."""
    path = tmp_path / "candidates.sssom.tsv"
    rows = [replace(candidate_row, comment=f"first{separator}second")]
    path.write_text(write_rows(rows), encoding="utf-8", newline="")

    assert read_rows(path) == rows


@pytest.mark.parametrize(
    ("columns", "cells", "message"),
    [
        ("predicate_modifier", "not", "predicate_modifier 'not': SSSOM has 'Not'"),
        ("predicate_modifier", "no", "predicate_modifier 'no'"),
        ("object_id", "wd:Q1", "two columns object_id"),
    ],
)
def test_a_file_that_could_be_read_in_two_ways_is_refused(
    tmp_path: Path, columns: str, cells: str, message: str
) -> None:
    """https://w3id.org/sssom/predicate_modifier: a mapping that is denied must be no link."""
    path = tmp_path / "theirs.tsv"
    path.write_text(
        "#curie_map:\n#  wd: http://www.wikidata.org/entity/\n"
        f"subject_id\tpredicate_id\tobject_id\tmapping_justification\t{columns}\n"
        f"wd:Q2\tskos:exactMatch\twd:Q3\tsemapv:ManualMappingCuration\t{cells}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match=message):
        read_rows(path)
