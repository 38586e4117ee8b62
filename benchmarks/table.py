"""Tables of Markdown, and numbers as they stand in them."""

from collections.abc import Iterable, Sequence

__all__ = ["megabytes", "milliseconds", "table"]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def milliseconds(seconds: float) -> str:
    """Return seconds as milliseconds with three digits, or whole above a second."""
    return f"{seconds * 1000:.3g}" if seconds < 1 else f"{seconds * 1000:.0f}"


def megabytes(size: float) -> str:
    """Return bytes as millions of them."""
    return f"{size / 1e6:,.0f}" if size >= 1e7 else f"{size / 1e6:.1f}"  # noqa: PLR2004  # 10 MB
