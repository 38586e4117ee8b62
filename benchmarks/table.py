"""Tables of Markdown, and numbers as they stand in them."""

import argparse
from collections.abc import Iterable, Sequence

__all__ = ["megabytes", "milliseconds", "row", "sizes", "table"]


def row(cells: Iterable[str]) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(cells)} |"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    return [row(head), row("---" for _ in head), *map(row, rows)]


def milliseconds(seconds: float) -> str:
    """Return seconds as milliseconds with three digits, or whole above a second."""
    return f"{seconds * 1000:.3g}" if seconds < 1 else f"{seconds * 1000:.0f}"


def megabytes(size: float) -> str:
    """Return bytes as millions of them."""
    return f"{size / 1e6:,.0f}" if size >= 1e7 else f"{size / 1e6:.1f}"  # noqa: PLR2004  # 10 MB


def sizes(name: str, description: str | None, default: Sequence[int]) -> list[int]:
    """Return the sizes of graphs asked for on the command line of ``python -m benchmarks.<name>``.

    ``--size`` may be given several times.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    usual = ", ".join(f"{size:,}" for size in default)
    text = f"triples; may be given several times (default: {usual})"
    parser.add_argument("--size", type=int, action="append", help=text)
    given: list[int] | None = parser.parse_args().size
    return given or list(default)
