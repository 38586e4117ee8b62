"""Answers a second on the mix of the query classes, by wrk, with 1, 8 and 32 connections.

wrk (https://github.com/wg/wrk) sends from a process of its own, in C, so that what is measured is
the server and not the client. The mix leaves out the export of 100,000 rows, whose bytes would
hide all else.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.latency import CLASSES
from benchmarks.peers import Peer

__all__ = ["CONNECTIONS", "Rate", "available", "measure"]

CONNECTIONS = (1, 8, 32)
_LONGEST_REST = 120.0
_IDLE = 0.05
"""Seconds of work within a second of a server that has nothing to do."""

_SCRIPT = """\
local targets = {%s}
local turn = 0
function request()
    turn = turn %% #targets + 1
    return wrk.format("GET", targets[turn], {["Accept"] = "%s"})
end
"""


@dataclass(frozen=True)
class Rate:
    """Right answers a second, and how many answers were none (an error status or a broken line)."""

    answers: float
    failed: int


def available() -> bool:
    """Tell whether wrk is installed."""
    return shutil.which("wrk") is not None


def _targets(peer: Peer) -> str:
    path = "/" + peer.url.split("/", 3)[3]
    queries = [text for name, text in CLASSES.items() if name != "export"]
    return ", ".join(f'"{path}?{urlencode({"query": query})}"' for query in queries)


def _rate(peer: Peer, connections: int, seconds: int) -> Rate:
    script = peer.folder / "mix.lua"
    accept = f"{peer.media_type}, application/n-triples;q=0.9"
    script.write_text(_SCRIPT % (_targets(peer), accept))
    wrk = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s"]
    told = subprocess.run(
        [*wrk, str(script), peer.url], check=True, capture_output=True, text=True
    ).stdout
    total = int(_number(r"(\d+) requests in", told))
    duration = _number(r"requests in ([\d.]+)s", told)
    failed = int(_number(r"Non-2xx or 3xx responses: (\d+)", told))
    failed += sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", told))
    return Rate(answers=(total - failed) / duration if duration else 0.0, failed=failed)


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


def _rest(peer: Peer) -> None:
    """Wait until ``peer`` is done with what nobody waits for: it would slow down the others."""
    end = time.monotonic() + _LONGEST_REST
    before, after = -1.0, peer.worked()
    while after - before > _IDLE and time.monotonic() < end:
        time.sleep(1)
        before, after = after, peer.worked()
