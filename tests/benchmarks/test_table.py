"""Tables of the benchmarks."""

import pytest

from benchmarks.growth import growth
from benchmarks.shacl import findings_of, memory_of
from benchmarks.storm import shown
from benchmarks.table import megabytes, milliseconds, table


def test_a_table_has_a_head_a_rule_and_its_rows() -> None:
    """It is a table of GitHub's Markdown."""
    assert table(["a", "b"], [["1", "2"]]) == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.000123, "0.123"), (0.01234, "12.3"), (0.4, "400"), (2.5, "2500")]
)
def test_times_have_three_digits(seconds: float, text: str) -> None:
    """More would claim what was not measured."""
    assert milliseconds(seconds) == text


@pytest.mark.parametrize(("size", "text"), [(1_234_567, "1.2"), (1_234_567_890, "1,235")])
def test_memory_is_told_in_millions_of_bytes(size: int, text: str) -> None:
    """Small ones keep a decimal."""
    assert megabytes(size) == text


def test_growth_is_told_beside_that_of_the_graph() -> None:
    """A class that grows less than its graph is told from one that grows with it."""
    lines = growth({"point": [0.002, 0.003], "export": [0.01, 0.1]}, [10_000, 100_000])
    assert lines == [
        "| class | 10,000 | 100,000 | times, of 10 |",
        "| --- | --- | --- | --- |",
        "| point | 2 | 3 | 1.5 |",
        "| export | 10 | 100 | 10.0 |",
    ]


def test_findings_that_are_counted_only_count() -> None:
    """A report lists some findings of a rule, and says how many more there are."""
    report = {
        "findings": [{"rule": "a"}, {"rule": "b"}, {"rule": "b"}],
        "unlisted": [{"rule": "a", "severity": "error", "count": 7}],
    }
    assert list(findings_of(report).items()) == [("a", 8), ("b", 2)]


def test_the_memory_of_a_check_is_what_the_command_says() -> None:
    """Its last line on standard error has it, in MiB."""
    assert memory_of("checked in 8.1 s with 1,024 MiB of memory at most\n") == 1 << 30


def test_latencies_are_told_by_what_is_usual_and_what_is_worst() -> None:
    """Percentiles are of the sorted times, in milliseconds."""
    taken = [n / 1000 for n in range(1000)]
    assert shown(taken) == (
        "p50 500.00, p90 900.00, p99 990.00, p99.9 999.00, worst 999.00 ms (1000 queries)"
    )
