"""What storms of hostile clients have in common: their queries, their options, their report."""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence

from benchmarks.command import command_line
from benchmarks.table import megabytes

__all__ = ["HOSTILE", "TRIVIAL", "latencies", "report", "shown", "storm_command_line"]

HOSTILE = {
    "cartesian count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "negated path": "SELECT (COUNT(*) AS ?n) { ?a (<x:p>|!<x:p>)* ?b . ?b (<x:p>|!<x:p>)* ?c }",
    "giant order": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "nested optional": (
        "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?c OPTIONAL { ?f ?g ?e OPTIONAL { ?h ?i ?g } } } }"
    ),
    "construct all": "CONSTRUCT { ?a ?b ?c . ?d ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    "group bomb": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?f))) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    ),
    "distinct bomb": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "deep nesting": f"SELECT ({'(' * 100}1{')' * 100} AS ?x) {{ ?a ?b ?c . ?d ?e ?f }}",
}
"""Queries that no engine answers soon, by what they are."""

TRIVIAL = "ASK { <http://nowhere.example/> ?p ?o }"
"""What a client asks beside them: it is answered at once."""


def latencies(ask: Callable[[], object], seconds: float, pause: float) -> list[float]:
    """Return how long each call of ``ask`` took, called for ``seconds`` with pauses between."""
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
        time.sleep(pause)
    return taken


def shown(seconds: Sequence[float]) -> str:
    """Return what is usual and what is worst of ``seconds``, in words."""
    taken = sorted(seconds)
    points = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999}
    shown = [f"{name} {taken[int(len(taken) * at)] * 1000:.2f}" for name, at in points.items()]
    return f"{', '.join(shown)}, worst {taken[-1] * 1000:.2f} ms ({len(taken)} queries)"


def report(
    clients: int, trivial: Sequence[float], outcomes: Counter[str], memory: Sequence[int]
) -> list[str]:
    """Return how a storm of ``clients`` went, line by line.

    Args:
        clients: how many asked hostile queries.
        trivial: seconds that the trivial query took.
        outcomes: what became of the hostile queries, and of how many.
        memory: bytes held before, at most and after.
    """
    return [
        f"trivial query beside {clients} clients: {shown(trivial)}",
        f"hostile queries: {dict(outcomes.most_common()) or 'none'}",
        "memory before, at most, after: {} MB, {} MB, {} MB".format(*map(megabytes, memory)),
    ]


def storm_command_line(name: str, description: str | None) -> argparse.ArgumentParser:
    """Return a parser of what every storm may be told: clients, seconds and size."""
    parser = command_line(f"benchmarks.{name}", description)
    parser.add_argument("--clients", type=int, default=16, help="hostile ones (%(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="of the storm (%(default)s)")
    parser.add_argument("--size", type=int, default=100_000, help="triples (%(default)s)")
    return parser
