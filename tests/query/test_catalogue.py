"""The catalogue of competency questions."""

from pathlib import Path

import pytest

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.query.catalogue import catalogue, find, read

GOOD = "# title: T\n# question: Who?\n# keywords: a, b c\n\nASK {}\n"


def test_a_file_gives_its_header_and_its_text(tmp_path: Path) -> None:
    """The slug is the file's name, and the text is the whole file."""
    path = tmp_path / "who-is-it.rq"
    path.write_text(GOOD, encoding="utf-8")

    question = read(path)

    assert question.slug == "who-is-it"
    assert (question.title, question.question) == ("T", "Who?")
    assert question.keywords == ("a", "b c")
    assert question.text == GOOD


@pytest.mark.parametrize(
    "text",
    ["ASK {}\n", GOOD.replace("Who?", "Who."), GOOD.replace("# keywords: a, b c\n", "")],
    ids=["no header", "no question mark", "no keywords"],
)
def test_a_file_without_its_header_is_an_error(tmp_path: Path, text: str) -> None:
    """A question that the pages could not show is told by file."""
    path = tmp_path / "bad.rq"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=r"bad\.rq: the first lines are not"):
        read(path)


def test_a_question_is_found_by_its_slug() -> None:
    """Every question is found, and no other."""
    for slug, question in catalogue().items():
        assert find(slug) == question
    with pytest.raises(NotFoundError):
        find("no-such-question-at-all")
