"""The forms of a name that are compared."""

import csv
from pathlib import Path

import pytest

from sparql_endpoint.link.wording import canonical, core, initials, numbers, plain

with Path(__file__).with_name("wordings.csv").open(encoding="utf-8", newline="") as file:
    _ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", _ROWS, ids=[row["text"] for row in _ROWS])
def test_a_name_has_three_forms(row: dict[str, str]) -> None:
    """Plain keeps order, canonical keeps what counts, core keeps what names; none is ever empty."""
    assert plain(row["text"]) == row["plain"]
    assert canonical(row["text"]) == row["canonical"]
    assert core(row["text"]) == row["core"]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Organización de los Estados Americanos", "oea"),
        ("Communist Party of China", "cpc"),
        ("El Salvador", ""),
        ("", ""),
    ],
)
def test_initials_are_of_the_words_that_count(text: str, letters: str) -> None:
    """Articles give no letter, and two words make no acronym."""
    assert initials(text) == letters


def test_numbers_are_those_of_years_and_ordinals() -> None:
    """They tell a meeting from the next, however alike their names are."""
    assert numbers(canonical("Third Action Plan (2022-2024)")) == {"3", "2022", "2024"}
    assert numbers("chile") == frozenset()
