"""How long each kind of page takes on the project's data, and what it weighs.

    python -m benchmarks.pages                 every kind of page, in English
    python -m benchmarks.pages --rounds 31     more requests for each median

Three times are told. *First* is the first request for the page, in the order of the table, of a
server that started some seconds before; ``--wait 0`` tells what its very first reader waits.
*Fresh* is the median of a server that keeps no page and no answer, so that each request makes the
page anew. *Kept* is the median of one that keeps them, as it does unless told otherwise. All over
HTTP on one kept-alive connection, from sending the request to the last byte.
"""

import gzip
import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from urllib.parse import urlsplit

from benchmarks.command import command_line
from benchmarks.table import milliseconds, table

__all__ = ["PAGES"]

_DATA = "/.well-known/void"
PAGES = {
    "front page": "/",
    "browse": "/browse",
    "browse meetings": "/browse/dfo:Meeting",
    "browse claims": "/browse/dfo:Claim",
    "browse claims, narrowed": "/browse/dfo:Claim?standing=dfo:attributed&page=2",
    "forum": "/page/china-celac-forum",
    "bloc": "/page/celac",
    "state": "/page/chile",
    "person": "/page/xi-jinping",
    "meeting": "/page/ccf-ministerial-3",
    "series": "/page/ccf-ministerial-meetings",
    "claim": "/page/claim/closer-partnership-2018-07",
    "quotation": "/page/quote/closer-partnership-2018-86-162",
    "article": "/page/source/closer-partnership-2018",
    "record source": "/page/source/celac-members-list",
    "search": "/search?q=bolivia",
    "search, nothing found": "/search?q=bolvia",
    "disagreements": "/disagreements",
    "ontology": "/ontology",
    "help": "/help/first-question",
    "changes": "/changes",
    "query": "/sparql",
    "not found": "/page/nowhere",
    "VoID, no page": _DATA,
}
"""The kinds of pages, and a large one of each kind."""

_UNLIMITED = ("--requests-per-second", "0")


class _Reader:
    """One connection to a server, as a browser has it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._http = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        self._http.connect()

    def read(self, path: str) -> tuple[float, bytes]:
        """Return the seconds until the whole page was there, and the page."""
        began = time.perf_counter()
        self._http.request("GET", path, headers={"Accept": "text/html"})
        body = self._http.getresponse().read()
        return time.perf_counter() - began, body


@contextmanager
def _server(*options: str) -> Iterator[_Reader]:
    """Give a reader of the project's site, served by the command line that users type."""
    command = [sys.executable, "-m", "sparql_endpoint", "serve", "--port", "0"]
    process = subprocess.Popen([*command, *_UNLIMITED, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    try:
        yield _Reader(process.stdout.readline().split()[-1])
    finally:
        process.terminate()
        process.wait()


def _medians(reader: _Reader, rounds: int) -> dict[str, float]:
    """Return the median seconds of each page; the first round is not counted."""
    times = {path: [reader.read(path)[0] for _ in range(rounds + 1)] for path in PAGES.values()}
    return {path: median(found[1:]) for path, found in times.items()}


def main() -> None:
    """Measure, and print a table."""
    parser = command_line("benchmarks.pages", __doc__)
    parser.add_argument("--rounds", type=int, default=15, help="of each median (%(default)s)")
    parser.add_argument(
        "--wait", type=float, default=10.0, help="seconds before the first request (%(default)s)"
    )
    options = parser.parse_args()
    with _server() as reader:
        time.sleep(options.wait)  # while the server prepares what its first readers will need
        first = {path: reader.read(path) for path in PAGES.values()}
        kept = _medians(reader, options.rounds)
    with _server("--cache-entries", "0") as reader:
        time.sleep(options.wait)
        fresh = _medians(reader, options.rounds)
    rows = []
    for name, path in PAGES.items():
        seconds, body = first[path]
        times = map(milliseconds, (seconds, fresh[path], kept[path]))
        weight = (f"{len(each) / 1000:.1f}" for each in (body, gzip.compress(body)))
        rows.append([name, *times, *weight])
    head = ["page", "first ms", "fresh ms", "kept ms", "kB", "kB gzip"]
    print("\n".join(table(head, rows)))
    pages = [path for path in PAGES.values() if path != _DATA]
    slowest = max(pages, key=lambda path: fresh[path])
    heaviest = max(len(first[path][1]) for path in pages) / 1000
    print(f"\nSlowest fresh: {milliseconds(fresh[slowest])} ms ({slowest});", end=" ")
    print(f"heaviest: {heaviest:.1f} kB.")


if __name__ == "__main__":
    main()
