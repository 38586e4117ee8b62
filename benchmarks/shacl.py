"""Measures how long ``forumgraph check --data`` takes over the project's shapes, and its memory.

    python -m benchmarks.shacl                   10,000, 100,000 and 1,000,000 triples
    python -m benchmarks.shacl --size 5000000    another size

The generated graph breaks some rules, always the same ones and each as often as its size has it:
its claims give no basis and are not named for their sources, its quotes are not described. So what
is measured is validation and telling what is wrong. The findings are printed by rule.
"""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import generator
from benchmarks.command import run
from benchmarks.table import megabytes, table

__all__ = ["Check", "check", "findings_of", "measure", "memory_of"]

_SIZES = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Check:
    """What a check took and came to: seconds, bytes of memory at most, nodes, findings by rule."""

    seconds: float
    memory: int
    nodes: int
    findings: Mapping[str, int]


def check(data: Path) -> Check:
    """Check a file by the command that users type."""
    command = [sys.executable, "-m", "sparql_endpoint", "check", "--format", "json"]
    began = time.perf_counter()
    done = subprocess.run([*command, "--data", str(data)], capture_output=True, check=False)
    seconds = time.perf_counter() - began
    told = json.loads(done.stdout)
    nodes = told["figures"]["focus_nodes"]
    return Check(seconds, memory_of(done.stderr.decode()), nodes, findings_of(told))


def memory_of(told: str) -> int:
    """Return the bytes of memory that ``forumgraph check --data`` says it held at most."""
    found = re.search(r"with ([\d,]+) MiB of memory at most", told)
    return int(found[1].replace(",", "")) << 20 if found else 0


def findings_of(report: Mapping[str, Any]) -> dict[str, int]:
    """Return how many findings of each rule a report in JSON has, most first."""
    found = Counter(finding["rule"] for finding in report["findings"])
    found.update({more["rule"]: more["count"] for more in report["unlisted"]})
    return dict(found.most_common())


def measure(wanted: Sequence[int], folder: Path) -> list[str]:
    """Return a table of what checking graphs of the ``wanted`` sizes takes, and what is found."""
    rows, found = [], {}
    for size in wanted:
        print(f"checking {size:,} triples …", file=sys.stderr, flush=True)
        done = check(generator.write(size, folder / f"{size}.nt"))
        rate = f"{size / done.seconds:,.0f}"
        numbers = [f"{done.nodes:,}", f"{sum(done.findings.values()):,}", f"{done.seconds:.1f}"]
        rows.append([f"{size:,}", *numbers, rate, megabytes(done.memory)])
        found[size] = done.findings
    head = ["triples", "focus nodes", "findings", "s", "triples/s", "MB at most"]
    rules = dict.fromkeys(rule for findings in found.values() for rule in findings)
    by_rule = [[rule, *(f"{found[size].get(rule, 0):,}" for size in wanted)] for rule in rules]
    return [*table(head, rows), "", *table(["rule", *(f"{s:,}" for s in wanted)], by_rule)]


if __name__ == "__main__":
    run("shacl", __doc__, _SIZES, measure)
