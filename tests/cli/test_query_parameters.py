"""``forumgraph query`` with parameters of a ready question."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

Forumgraph = Callable[..., Any]


def test_a_question_takes_parameters(forumgraph: Forumgraph) -> None:
    """The rows of the year chosen, in the columns of the question."""
    done = forumgraph("query", "meetings", "--year", "2018")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["firstDay"] for row in rows] == ["2018-01-21"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["meetings", "--year", "2017"], "there is no year '2017' here; the nearest is '2018'"),
        (["meetings", "--state", "Chile"], "it takes: forum, year"),
        (["ASK { ?s ?p ?o }", "--year", "2018"], "--year is for the questions that --list shows"),
    ],
)
def test_a_wrong_parameter_is_refused_with_advice(
    forumgraph: Forumgraph, arguments: list[str], words: str
) -> None:
    """The message names the nearest value, or the parameters that there are."""
    done = forumgraph("query", *arguments)
    assert done.code == 2
    assert words in done.err
