"""The figures of a check: how much of a graph was checked."""

from dataclasses import dataclass

__all__ = ["Checked", "counted"]


@dataclass(frozen=True)
class Checked:
    """The numbers of things that the checks of a graph covered.

    Args:
        files: the files that were checked.
        statements: the triples in them.
        shapes: the shapes with a target.
        focus_nodes: the nodes in the files that a shape is about, each once.
        claims: the claims in the files.
        quotes: the quotes in the files.
        texts: the texts of sources that were read.
        compared: the quotes in the files that were compared with a text.
    """

    files: int
    statements: int
    shapes: int
    focus_nodes: int
    claims: int
    quotes: int
    texts: int
    compared: int

    def __str__(self) -> str:
        quotes = counted(self.quotes, "quote")
        if self.texts:
            quotes = (
                f"{counted(self.compared, 'quote')} of {self.quotes:,} compared with "
                f"{counted(self.texts, 'text')}"
            )
        return (
            f"{counted(self.statements, 'statement')} in {counted(self.files, 'file')}, "
            f"{counted(self.shapes, 'shape')} on {counted(self.focus_nodes, 'node')}, "
            f"{counted(self.claims, 'claim')}, {quotes}"
        )


def counted(number: int, name: str) -> str:
    """Return a number with the name of what is counted, in the plural where it is not one."""
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"
