"""The command lines of the benchmarks."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.command import run


def _measure(wanted: Sequence[int], folder: Path) -> list[str]:
    return [f"{size} in {sum(1 for _ in folder.iterdir())} files" for size in wanted]


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ([], "1 in 0 files\n"),
        (["--size", "10", "--size", "20"], "10 in 0 files\n20 in 0 files\n"),
    ],
)
def test_sizes_are_those_asked_for_or_the_usual(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    printed: str,
) -> None:
    """--size may be given several times; each benchmark has a folder of its own."""
    monkeypatch.setattr("sys.argv", ["x", *options])
    run("x", "What it does.", [1], _measure)
    assert capsys.readouterr().out == printed
