"""``forumgraph serve --store`` while ``forumgraph load`` gives it new content."""

import http.client
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FORUMGRAPH = [sys.executable, "-m", "sparql_endpoint"]
CLIENTS = 4


def load(store: Path, content: str) -> None:
    """Load a statement by the command, as another person would beside the server."""
    file = store.with_suffix(".nt")
    file.write_text(f'<http://e/s> <http://e/p> "{content}" .\n')
    command = [*FORUMGRAPH, "load", str(file), "--store", str(store)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


@contextmanager
def served(store: Path) -> Iterator[int]:
    """Serve a store and give the port."""
    command = [*FORUMGRAPH, "serve", "--port", "0", "--store", str(store)]
    command += ["--requests-per-second", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found
        try:
            yield int(found[1])
        finally:
            process.terminate()
            process.wait(20)


def ask_on(port: int, seen: list[tuple[int, bytes]], stop: threading.Event) -> None:
    """Ask a new query again and again over one connection, and note each answer."""
    query = "/sparql?format=csv&query=SELECT%20%3Fo%20%7B%3Fs%20%3Fp%20%3Fo%7D%20%23"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        while not stop.is_set():
            connection.request("GET", f"{query}{threading.get_ident()}-{len(seen)}")
            response = connection.getresponse()
            seen.append((response.status, response.read()))
            time.sleep(0.005)


def test_no_request_fails_while_a_new_load_is_taken_up(tmp_path: Path) -> None:
    """Clients that ask all the while get the old content or the new, and each the new at last."""
    store = tmp_path / "store"
    load(store, "first")
    with served(store) as port:
        stop, seen = threading.Event(), [list[tuple[int, bytes]]() for _ in range(CLIENTS)]
        threads = [threading.Thread(target=ask_on, args=(port, mine, stop)) for mine in seen]
        for thread in threads:
            thread.start()
        load(store, "second")
        end = time.monotonic() + 30
        while time.monotonic() < end and not all(
            mine and mine[-1][1] == b"o\r\nsecond\r\n" for mine in seen
        ):
            time.sleep(0.05)
        stop.set()
        for thread in threads:
            thread.join(20)
    for mine in seen:
        contents = [body for status, body in mine if status == 200]
        assert len(contents) == len(mine)
        assert list(dict.fromkeys(contents)) == [b"o\r\nfirst\r\n", b"o\r\nsecond\r\n"]
