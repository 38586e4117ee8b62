"""The broken graphs of tests/bad: one Turtle file a shape, named for the shape it breaks.

Its first line is ``# expect:`` and the message. Each node in it that is broken is named for how.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sparql_endpoint.graph.document import Document, Term, read_document

__all__ = ["BROKEN_GRAPHS", "BrokenGraph"]

_EXPECT = "# expect: "


@dataclass(frozen=True)
class BrokenGraph:
    """A graph that breaks one shape."""

    path: Path

    @property
    def shape(self) -> str:
        """The short name of the shape that it breaks."""
        return f"shapes:{self.path.stem}"

    @cached_property
    def document(self) -> Document:
        """The file as read."""
        return read_document(self.path)

    @property
    def message(self) -> str:
        """The message expected, and the only one."""
        first = self.document.content.decode().split("\n", 1)[0]
        assert first.startswith(_EXPECT), f"{self.path}: begin it with '{_EXPECT}<message>'"
        return first.removeprefix(_EXPECT)

    @property
    def subjects(self) -> set[Term]:
        """What it speaks about."""
        return {quad.subject for quad in self.document.statements}


BROKEN_GRAPHS = tuple(
    map(
        BrokenGraph, sorted((Path(__file__).parents[1] / "bad").glob("*.ttl"), key=lambda p: p.stem)
    )
)
