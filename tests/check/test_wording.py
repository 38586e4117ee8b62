"""Whether words carry a fact."""

import pytest

from sparql_endpoint.check.wording import has_date, has_number, has_text

NUMBERS = [
    ("17", "Seventeen subforum sessions", True),
    ("17", "diecisiete reuniones", True),
    ("17", "dezessete sessões", True),
    ("33", "thirty-three nations", True),
    ("2", "the Second Ministerial Meeting", True),
    ("3", "la tercera reunión", True),
    ("10", "in over 10 areas", True),
    ("1000", "1,000 people", True),
    ("1.5", "1.5 billion", True),
    ("2018", "in 2015-2018", True),
    ("076", "code 76", True),
    ("1", "in 2018", False),
    ("18", "Seventeen", False),
    ("17", "", False),
]
DATES = [
    ("2018-01-22", "On January 22, 2018,", True),
    ("2018-01-22", "Jan. 22, 2018", True),
    ("2018-01-22", "el 22 de enero de 2018", True),
    ("2018-03-02", "2 de março de 2018", True),
    ("2018-01-22", "2018-01-22", True),
    ("2018-01-22", "22.01.2018", True),
    ("2018-01-22", "2018年1月22日", True),
    ("2021-12", "in December 2021", True),
    ("2014", "Established in 2014", True),
    ("2018-01-22", "On January 22", False),
    ("2018-01-22", "January 23, 2018", False),
    ("2018-13-01", "1 of month 13 in 2018", False),
    ("2018-Jan-22", "January 22, 2018", False),
    ("2018-01-22", "February 22, 2018", False),
    ("2018-05-22", "on 22 of the market in 2018", False),
]
TEXTS = [
    ("China-CELAC Forum", "the China\u2013CELAC forum's work", True),
    ("subforum session", "subforum sessions", True),
    ("OAS", "unlike in the OAS,", True),
    ("OAS", "in the coast", False),
    ("Third Ministerial Meeting", "the third Meeting of Ministers", True),
    ("extends frameworks to all countries", "frameworks to cover all countries", True),
    ("a new stage of relations", "solid steps", False),
    ("中拉论坛", "中国与中拉论坛成立", True),
    ("中拉论坛", "中国", False),
]


@pytest.mark.parametrize(("number", "words", "there"), NUMBERS)
def test_a_number_stands_in_words_or_digits(number: str, words: str, there: bool) -> None:  # noqa: FBT001
    """Cardinals and ordinals count, in English, Spanish and Portuguese; parts of others do not."""
    assert has_number(number, words) is there


@pytest.mark.parametrize(("date", "words", "there"), DATES)
def test_a_date_stands_in_some_written_form(date: str, words: str, there: bool) -> None:  # noqa: FBT001
    """Each part of the date must be there, the month by name or number."""
    assert has_date(date, words) is there


@pytest.mark.parametrize(("text", "words", "there"), TEXTS)
def test_a_text_stands_in_other_words_about_as_well(text: str, words: str, there: bool) -> None:  # noqa: FBT001
    """Marks, case and endings do not matter, and most of the longer words are enough."""
    assert has_text(text, words) is there
