"""The competency questions as examples to run."""

from dataclasses import dataclass
from functools import cache

from sparql_endpoint.paths import QUERIES
from sparql_endpoint.query.outline import outline

__all__ = ["Example", "examples"]


@dataclass(frozen=True)
class Example:
    """A question with its query."""

    slug: str
    title: str
    question: str
    text: str
    keywords: tuple[str, ...]

    @property
    def form(self) -> str:
        """The query's form, in capitals."""
        return outline(self.text).form


@cache
def examples() -> tuple[Example, ...]:
    """Return the questions in the order of their files' names."""
    found = []
    for path in sorted(QUERIES.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        lines = [line[2:].split(": ", 1) for line in text.splitlines() if line.startswith("# ")]
        head = dict(line for line in lines if len(line) > 1)
        keywords = tuple(head.get("keywords", "").split(", "))
        found.append(
            Example(path.stem, head.get("title", ""), head.get("question", ""), text, keywords)
        )
    return tuple(found)
