"""The competency questions: one query a file in ``queries/``, each with the question it answers.

A file opens with ``# title:``, ``# question:`` and ``# keywords:``; its name is its slug.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.paths import QUERIES
from sparql_endpoint.query.near import nearest

__all__ = ["CompetencyQuestion", "catalogue", "find", "read"]

_HEADER = re.compile(
    r"# title: (?P<title>\S.*)\n# question: (?P<question>\S.*\?)\n# keywords: (?P<keywords>\S.*)\n"
)


@dataclass(frozen=True)
class CompetencyQuestion:
    """A question that the graph answers, and the query that asks it."""

    slug: str
    title: str
    question: str
    keywords: tuple[str, ...]
    text: str
    """The whole file."""


@cache
def catalogue() -> Mapping[str, CompetencyQuestion]:
    """Return the questions by slug, sorted.

    Raises:
        DataError: as ``read``.
    """
    return MappingProxyType({path.stem: read(path) for path in sorted(QUERIES.glob("*.rq"))})


def find(slug: str) -> CompetencyQuestion:
    """Return the question of this name.

    Raises:
        NotFoundError: there is none; the message names one that is spelt nearly so.
    """
    if slug in catalogue():
        return catalogue()[slug]
    near = nearest(slug, catalogue())
    advice = f"did you mean '{near}'?" if near else "'forumgraph query --list' lists them"
    raise NotFoundError(f"'{slug}' is no query, file or question; {advice}")


def read(path: Path) -> CompetencyQuestion:
    """Return the question of a file.

    Raises:
        DataError: the file does not open with a title, a question and keywords.
    """
    text = path.read_text(encoding="utf-8")
    header = _HEADER.match(text)
    if header is None:
        raise DataError(
            f"{path}: the first lines are not '# title:', '# question: …?', '# keywords:'"
        )
    keywords = tuple(word.strip() for word in header["keywords"].split(","))
    return CompetencyQuestion(path.stem, header["title"], header["question"], keywords, text)
