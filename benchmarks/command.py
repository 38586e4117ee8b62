"""The command lines of the benchmarks: ``python -m benchmarks.<name>``."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

__all__ = ["command_line", "run", "show"]


def command_line(module: str, description: str | None) -> argparse.ArgumentParser:
    """Return a parser for ``python -m <module>``, which describes it by its docstring."""
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def show(measure: Callable[[Path], list[str]]) -> None:
    """Print the lines of what is measured in a folder that is empty before and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="forumgraph-benchmark-") as folder:
        print("\n".join(measure(Path(folder))))


def run(
    name: str,
    description: str | None,
    default: Sequence[int],
    measure: Callable[[Sequence[int], Path], list[str]],
) -> None:
    """Print what ``measure`` tells of graphs of the sizes that the command line asks for.

    Args:
        name: of the module in ``benchmarks``.
        description: the module's docstring.
        default: sizes in triples where ``--size``, which may be given several times, asks for none.
        measure: takes the sizes and a folder of its own, and returns lines.
    """
    parser = command_line(f"benchmarks.{name}", description)
    usual = ", ".join(f"{size:,}" for size in default)
    text = f"triples; may be given several times (default: {usual})"
    parser.add_argument("--size", type=int, action="append", help=text)
    show(partial(measure, parser.parse_args().size or default))
