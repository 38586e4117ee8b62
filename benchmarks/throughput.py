"""Answers a second by wrk: repeated ones of a mix, and first ones, where every query is another.

wrk (https://github.com/wg/wrk) sends from a process of its own, in C, so that what is measured is
the server and not the client. A mix leaves out the export of 100,000 rows, whose bytes would hide
all else; that of first answers the look-up of one thing as well, which is measured by itself.
"""

import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.latency import CLASSES
from benchmarks.peers import Peer

__all__ = [
    "CONNECTIONS",
    "FIRST_CONNECTIONS",
    "KINDS",
    "Rate",
    "available",
    "measure",
    "measure_first",
]

CONNECTIONS, FIRST_CONNECTIONS = (1, 8, 32), (8, 32)
KINDS = ("point look-ups", "mix")
"""What first answers are measured of."""
_MEETINGS = 1000
"""How many things are looked up, of those in the smallest graph that is measured."""
_LOOK_UP = (
    "SELECT ?property ?value { <https://w3id.org/forumgraph/id/meeting-%d> ?property ?value }"
)
_LONGEST_REST = 120.0
_IDLE = 0.05
"""Seconds of work within a second of a server that has nothing to do."""

_SCRIPT = """\
local targets = {%s}
local mark = "%s"
local turn = 0
function request()
    turn = turn + 1
    local target = targets[(turn - 1) %% #targets + 1]
    if mark ~= "" then target = target .. "%%23" .. mark .. turn end
    return wrk.format("GET", target, {["Accept"] = "%s"})
end
function done(summary, latency, requests)
    io.write(string.format("p99 in us: %%d\\n", latency:percentile(99)))
end
"""
"""``mark`` makes a comment behind each query, with a number, so that none is asked twice."""


@dataclass(frozen=True)
class Rate:
    """Right answers a second, and how many answers were none (an error status or a broken line)."""

    answers: float
    failed: int
    p99: float
    """Seconds that one answer of a hundred took at least."""


def available() -> bool:
    """Tell whether wrk is installed."""
    return shutil.which("wrk") is not None


def _queries(kind: str) -> list[str]:
    """Return what is asked for repeated answers, or for first ones of a kind."""
    if kind == "point look-ups":
        return [_LOOK_UP % number for number in range(_MEETINGS)]
    left_out = {"export", "point"} if kind == "mix" else {"export"}
    return [text for name, text in CLASSES.items() if name not in left_out]


def _rate(peer: Peer, connections: int, seconds: int, kind: str = "") -> Rate:
    script = peer.folder / "mix.lua"
    accept = f"{peer.media_type}, application/n-triples;q=0.9"
    path = "/" + peer.url.split("/", 3)[3]
    targets = ", ".join(f'"{path}?{urlencode({"query": text})}"' for text in _queries(kind))
    script.write_text(_SCRIPT % (targets, secrets.token_hex(4) if kind else "", accept))
    wrk = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s"]
    told = subprocess.run(
        [*wrk, str(script), peer.url], check=True, capture_output=True, text=True
    ).stdout
    total = int(_number(r"(\d+) requests in", told))
    duration = _number(r"requests in ([\d.]+)s", told)
    failed = int(_number(r"Non-2xx or 3xx responses: (\d+)", told))
    failed += sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", told))
    p99 = _number(r"p99 in us: (\d+)", told) / 1e6
    return Rate((total - failed) / duration if duration else 0.0, failed, p99)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def measure(peers: Sequence[Peer], seconds: int) -> dict[int, dict[str, Rate]]:
    """Return, by number of connections and peer, the rate over ``seconds`` after a warm-up."""
    for peer in peers:
        _rate(peer, 1, 2)
        _rest(peer)
    table: dict[int, dict[str, Rate]] = {}
    for connections in CONNECTIONS:
        table[connections] = {}
        for peer in peers:
            table[connections][peer.name] = _rate(peer, connections, seconds)
            _rest(peer)
    return table


def measure_first(peers: Sequence[Peer], seconds: int) -> dict[tuple[str, int], dict[str, Rate]]:
    """Return, by kind, number of connections and peer, the rate of first answers."""
    table: dict[tuple[str, int], dict[str, Rate]] = {}
    for kind in KINDS:
        for connections in FIRST_CONNECTIONS:
            row = table[kind, connections] = {}
            for peer in peers:
                row[peer.name] = _rate(peer, connections, seconds, kind)
                _rest(peer)
    return table


def _rest(peer: Peer) -> None:
    """Wait until ``peer`` is done with what nobody waits for: it would slow down the others."""
    end = time.monotonic() + _LONGEST_REST
    before, after = -1.0, peer.worked()
    while after - before > _IDLE and time.monotonic() < end:
        time.sleep(1)
        before, after = after, peer.worked()
