"""Texts that the datatypes of XML Schema allow, and texts that they do not."""

from pathlib import Path

import pytest

from sparql_endpoint.check.xsd import is_well_formed
from sparql_endpoint.names import expand

LITERALS = Path(__file__).parent / "cases" / "literals"


def literals(name: str) -> list[tuple[str, str]]:
    """Return datatype and text of each line, in which backslash and n stand for a line break."""
    lines = (LITERALS / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return [(datatype, text.replace("\\n", "\n")) for datatype, text in pairs]


@pytest.mark.parametrize(("datatype", "text"), literals("valid.tsv"))
def test_a_text_of_the_lexical_space_is_well_formed(datatype: str, text: str) -> None:
    """XML Schema 1.1 part 2 has years before 1 and after 9999, 24:00:00 and negative durations."""
    assert is_well_formed(text, expand(f"xsd:{datatype}"))


@pytest.mark.parametrize(("datatype", "text"), literals("invalid.tsv"))
def test_a_text_outside_the_lexical_space_is_not(datatype: str, text: str) -> None:
    """Neither months of 13, nor days that a month has not, nor numbers out of bounds pass."""
    assert not is_well_formed(text, expand(f"xsd:{datatype}"))


def test_a_datatype_that_is_not_of_xml_schema_allows_every_text() -> None:
    """Nothing is known of it, so nothing is said against it."""
    assert is_well_formed("anything", "http://e/own")


@pytest.mark.parametrize(
    ("datatype", "text"), [("integer", "9" * 100_000), ("gYear", "9" * 100_000)]
)
def test_a_number_may_be_as_long_as_it_likes(datatype: str, text: str) -> None:
    """Python refuses to convert more than 4,300 digits; the lexical space has no such limit."""
    assert is_well_formed(text, expand(f"xsd:{datatype}"))
