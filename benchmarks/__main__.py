"""Measures Forum Graph and the peers installed on this machine in one interleaved run.

    python -m benchmarks                              100,000 triples, every peer that is installed
    python -m benchmarks --size 1000000 --rounds 7    more triples, fewer rounds
    python -m benchmarks --peer oxigraph -o table.md  one peer, the table also into a file
    python -m benchmarks --heavier --peers-only       first answers to heavier queries alone

After the peers what only we have is measured: load, start, SHACL, isolation and the hostile mix;
each also by itself as python -m benchmarks.loading, .starting, .shacl, .isolation, .hostile_http.
python -m benchmarks.growth tells how our answers' time grows with the graph.

A peer is found on PATH, or by OXIGRAPH, RDFLIB_ENDPOINT and VIRTUOSO, which name its program.
"""

import argparse
import datetime as dt
import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import (
    generator,
    hostile_http,
    isolation,
    latency,
    loading,
    shacl,
    starting,
    throughput,
)
from benchmarks.command import command_line
from benchmarks.peers import PEERS, Forumgraph, Peer
from benchmarks.table import megabytes, milliseconds, table

_LEVEL = 1.05
"""A ratio up to which two peers count as level."""

_HOSTILE, _STORM = 16, 20.0
"""Hostile clients, and the seconds for which they ask."""


def _arguments() -> argparse.Namespace:
    parser = command_line("benchmarks", __doc__)
    parser.add_argument("--size", type=int, default=100_000, help="triples (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="answers a class (%(default)s)")
    parser.add_argument("--seconds", type=int, default=5, help="of each throughput (%(default)s)")
    names = [peer.name for peer in PEERS[1:]]
    parser.add_argument("--peer", action="append", choices=names, help="only this peer")
    parser.add_argument(
        "--class",
        action="append",
        dest="classes",
        choices=sorted({*latency.CLASSES, *latency.HEAVIER}),
    )
    parser.add_argument("--heavier", action="store_true", help="the queries of benchmarks/heavier")
    parser.add_argument("--peers-only", action="store_true", help="leave out what only we have")
    parser.add_argument("-o", "--output", type=Path, help="also write the tables to this file")
    return parser.parse_args()


def first_answers(answers: Mapping[str, Mapping[str, tuple[float, int]]]) -> list[str]:
    """Return a table of medians in milliseconds, and each peer's ratio to ours (> 1: slower)."""
    ours = Forumgraph.name
    names = list(next(iter(answers.values())))
    rows = []
    for kind, row in answers.items():
        cells = []
        for name in names:
            seconds, size = row[name]
            cell = milliseconds(seconds)
            if name != ours:
                cell += f" ({seconds / row[ours][0]:.2f})"
            cells.append(cell if size == row[ours][1] else f"{cell}, {size} rows")
        rows.append([kind, str(row[ours][1]), *cells])
    level = sum(
        all(row[ours][0] <= row[name][0] * _LEVEL for name in names) for row in answers.values()
    )
    missed = [
        f"{kind} ({max(row[ours][0] / row[name][0] for name in names):.2f})"
        for kind, row in answers.items()
        if any(row[ours][0] > row[name][0] * _LEVEL for name in names)
    ]
    return [
        *table(["class", "rows", *names], rows),
        "",
        f"First or level in {level} of {len(answers)}; behind in: {', '.join(missed) or 'none'}.",
        f"One by one: {', '.join(_levels(answers))}.",
    ]


def _levels(answers: Mapping[str, Mapping[str, tuple[float, int]]]) -> list[str]:
    """Return in how many classes we are first or level against each peer."""
    ours = Forumgraph.name
    names = [name for name in next(iter(answers.values())) if name != ours]
    counts = {
        name: sum(row[ours][0] <= row[name][0] * _LEVEL for row in answers.values())
        for name in names
    }
    return [f"{count} against {name}" for name, count in counts.items()]


def rates(measured: Mapping[str, Mapping[str, throughput.Rate]]) -> list[str]:
    """Return a table of answers a second and their p99, with ours as a multiple of each peer's."""
    ours = Forumgraph.name
    names = list(next(iter(measured.values())))
    rows = []
    for what, row in measured.items():
        cells = []
        for name in names:
            cell = f"{row[name].answers:.0f}"
            if name != ours and row[name].answers:
                cell += f" ({row[ours].answers / row[name].answers:.2g})"
            cell += f", {milliseconds(row[name].p99)} ms"
            cells.append(cell + (f", {row[name].failed} failed" if row[name].failed else ""))
        rows.append([what, *cells])
    return table(["connections", *names], rows)


def _throughput(peers: Sequence[Peer], seconds: int) -> list[str]:
    if not throughput.available():
        return ["wrk is not installed: throughput was not measured.", ""]
    print("throughput …", file=sys.stderr, flush=True)
    repeated = {str(n): row for n, row in throughput.measure(peers, seconds).items()}
    first = {
        f"{kind}, {n}": row for (kind, n), row in throughput.measure_first(peers, seconds).items()
    }
    return [
        *("## Repeated answers a second (ours as a multiple), p99", "", *rates(repeated), ""),
        *("## First answers a second (ours as a multiple), p99", "", *rates(first), ""),
    ]


def _run(peers: Sequence[Peer], data: Path, options: argparse.Namespace) -> list[str]:
    for peer in peers:
        print(f"starting {peer.name} …", file=sys.stderr, flush=True)
        peer.start(data)
    started = [
        ["seconds to the first answer", *(f"{peer.seconds_to_load:.2f}" for peer in peers)],
        ["MB after loading", *(megabytes(peer.memory()) for peer in peers)],
    ]
    print("first answers …", file=sys.stderr, flush=True)
    texts = latency.HEAVIER if options.heavier else latency.CLASSES
    classes = {name: texts[name] for name in options.classes or texts if name in texts}
    answers = first_answers(latency.compare(peers, options.rounds, classes))
    report = ["## First answers, median ms (ratio to ours)", "", *answers, ""]
    if not options.heavier:
        report += _throughput(peers, options.seconds)
    started.append(["MB at the end", *(megabytes(peer.memory()) for peer in peers)])
    head = ["", *(peer.name for peer in peers)]
    return [*report, "## Start and memory", "", *table(head, started), ""]


def alone(size: int, folder: Path) -> list[str]:
    """Return what is measured of us alone, on a graph of ``size`` triples."""
    parts = {
        "Load": loading.measure([size], folder),
        "Start": starting.measure([size], folder),
        "SHACL": shacl.measure([size], folder),
        "Isolation": isolation.measure([size], folder),
        "Hostile mix": [
            f"- {line}" for line in hostile_http.measure(size, _HOSTILE, _STORM, folder)
        ],
    }
    return [line for name, lines in parts.items() for line in (f"## {name}", "", *lines, "")]


def main() -> None:
    """Start the peers, measure, print, and stop them."""
    options = _arguments()
    wanted = [
        peer for peer in PEERS if peer is Forumgraph or peer.name in (options.peer or peer.name)
    ]
    absent = [peer.name for peer in wanted if peer.path() is None]
    with tempfile.TemporaryDirectory(prefix="forumgraph-benchmark-") as name:
        folder = Path(name)
        data = generator.write(options.size, folder / "graph.nt")
        peers = [peer(folder) for peer in wanted if peer.path() is not None]
        head = (
            f"{options.size:,} triples, {os.cpu_count()} cores, {platform.python_version()}, "
            f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}"
            + (f"; not installed: {', '.join(absent)}" if absent else "")
        )
        try:
            lines = [head, "", *_run(peers, data, options)]
        finally:
            for peer in peers:
                peer.stop()
        lines += [] if options.peers_only else alone(options.size, folder)
    print("\n".join(lines))
    if options.output:
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
