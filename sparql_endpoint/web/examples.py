"""The competency questions as examples to run."""

from dataclasses import dataclass
from functools import cache

from sparql_endpoint.paths import QUERIES

__all__ = ["Example", "examples"]


@dataclass(frozen=True)
class Example:
    slug: str
    title: str
    question: str
    text: str


@cache
def examples() -> tuple[Example, ...]:
    found = []
    for path in sorted(QUERIES.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        head = dict(
            line[2:].split(": ", 1)
            for line in text.splitlines()
            if line.startswith("# ") and ": " in line
        )
        found.append(
            Example(path.stem, head.get("title", path.stem), head.get("question", ""), text)
        )
    return tuple(found)
