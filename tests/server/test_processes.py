"""No process outlives its purpose, however the others end."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from running_server import Answer, RunningServer, running, wait_until

from sparql_endpoint.limits import Limits
from sparql_endpoint.server.sandbox import exit_when_peer_closes, resume_reading

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
A_WHILE = """SELECT (COUNT(*) AS ?n) {
    ?a <http://e/next> ?b . ?c <http://e/label> ?d
    FILTER (STRENDS(STR(?a), "0") && STRLEN(CONCAT(STR(?b), ?d)) = 1)
}"""
"""A query of about a second."""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _children_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in children.split()]


def _folder_in_memory(fork_server: int) -> Path:
    """Return the folder of shared memory that the workers of a server have mapped."""
    maps = "".join(Path(f"/proc/{pid}/maps").read_text() for pid in _children_of(fork_server))
    (name,) = set(re.findall(r"/dev/shm/forumgraph-[^/\s]+", maps))
    return Path(name)


@contextmanager
def _command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run ``forumgraph serve`` in a process of its own; yield it and its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "sparql_endpoint", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        try:
            yield process, int(greeting.rstrip("/\n").rpartition(":")[2])
        finally:
            process.kill()


def test_a_killed_listener_takes_all_processes_along(things: Path) -> None:
    """After kill -9 neither the fork server nor a worker lives on, and no folder is left."""
    with _command("--data", str(things)) as (process, port):
        with socket.create_connection(("127.0.0.1", port)) as link:
            link.sendall(f"GET /sparql?query={LONG.replace(' ', '+')} HTTP/1.1\r\n".encode())
            link.sendall(b"Host: h\r\n\r\n")
            time.sleep(0.5)
            (fork_server,) = _children_of(process.pid)
            pids = [fork_server, *_children_of(fork_server)]
            folder = _folder_in_memory(fork_server)
            process.kill()
        assert len(pids) > 2
        assert wait_until(lambda: not any(map(_alive, pids)))
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_stop_ends_all_in_order(things: Path, number: int) -> None:
    """The exit code is 0, no process is left, and no folder in memory."""
    with _command("--data", str(things)) as (process, _):
        (fork_server,) = _children_of(process.pid)
        folder = _folder_in_memory(fork_server)
        process.send_signal(number)
        assert process.wait(20) == 0
        assert wait_until(lambda: not _alive(fork_server))
    assert not folder.exists()


def test_workers_ignore_what_a_terminal_sends(things: Path) -> None:
    """Ctrl+C and a service manager's SIGTERM are for the listener, which ends the rest in order."""
    with running(things) as server:
        for pid in [server.fork_server, *server.workers]:
            os.kill(pid, signal.SIGINT)
            os.kill(pid, signal.SIGTERM)
        assert server.ask("ASK { <http://e/7> ?p ?o }").body == b"true"
        assert server.figures()["restarts"] == 0


def test_a_stop_tells_running_queries(things: Path) -> None:
    """A query that does not end within the time of a stop is told that the server stops."""
    got: list[Answer] = []
    with running(things, stop_seconds=0.2) as server:
        asking = threading.Thread(target=lambda: got.append(server.ask(LONG)))
        asking.start()
        assert wait_until(lambda: server.busy)
        server.stop()
        asking.join()
    assert (got[0].status, "stopping" in got[0].body.decode()) == (503, True)


def test_a_stop_waits_for_queries_to_end(things: Path) -> None:
    """Within its time a query that is under way still ends well; nobody else is let in."""
    got: list[Answer] = []
    with running(things, stop_seconds=50.0) as server:
        idle = server.connect()
        assert server.ask("ASK {}", idle).status == 200
        assert wait_until(lambda: not server.busy)
        asking = threading.Thread(target=lambda: got.append(server.ask(A_WHILE)))
        asking.start()
        assert wait_until(lambda: server.busy)
        server.listener.stop()
        with idle:
            assert idle.recv(100) == b""
        server.stop()
        asking.join()
        with pytest.raises(ConnectionRefusedError):
            server.connect()
    assert (got[0].status, got[0].body) == (200, b"n\r\n0\r\n")


def test_a_worker_that_grew_is_followed_by_a_fresh_one(things: Path) -> None:
    """One that held much memory for a query does not keep it."""
    sort = "SELECT ?c ?f { ?a <http://e/label> ?c . ?d <http://e/label> ?f } ORDER BY ?c LIMIT 1"
    with running(things, Limits(query_time=60)) as server:
        before = set(server.workers)
        assert server.ask(sort + " OFFSET 300000").status in {200, 503}
        assert wait_until(lambda: before - set(server.workers))


def _open_files(server: RunningServer) -> int:
    time.sleep(0.2)
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_fault_of_the_listener_ends_nothing(
    things: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and requests are answered as before."""
    with running(things) as server:
        with monkeypatch.context() as patch:
            patch.setattr(server.listener, "_write_figures", lambda _: 1 / 0)
            assert wait_until(lambda: "ZeroDivisionError" in caplog.text)
        assert server.ask("ASK { <http://e/7> ?p ?o }").body == b"true"


def test_nothing_is_left_open(things: Path) -> None:
    """Requests that ended in every way leave no open file in the listener."""
    with running(things, Limits(query_time=0.3, max_queries_per_client=100)) as server:
        server.ask("ASK {}")
        before = _open_files(server)
        for _ in range(3):
            server.ask(LONG)
            server.ask("SELECT * { ?a ?b ?c }", Accept="application/sparql-results+xml")
            with closing(server.connect()) as link:
                link.sendall(
                    b"GET /sparql?query=SELECT+*+%7B?a+?b+?c%7D HTTP/1.1\r\nHost: h\r\n\r\n"
                )
            server.say(b"no HTTP\r\n\r\n")
        assert wait_until(lambda: not server.busy)
        assert _open_files(server) <= before + 3


@pytest.mark.parametrize(("reads", "code"), [(False, -signal.SIGIO), (True, 7)])
def test_process_ends_when_the_other_end_of_its_socket_closes(*, reads: bool, code: int) -> None:
    """The kernel ends a process too busy to read its socket, not one that reads again."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        exit_when_peer_closes(theirs)
        if reads:
            resume_reading(theirs)
        theirs.send(b"set")
        time.sleep(0.5)
        os._exit(7)
    theirs.close()
    ours.recv(3)
    ours.close()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == code


def test_clients_that_pause_keep_no_worker_from_others(things: Path) -> None:
    """However few workers there are, each of many kept-alive clients is answered in its turn."""
    limits = Limits(max_queries=2, quick_places=2)
    with running(things, limits) as server:
        links = [server.connect() for _ in range(5)]
        for _ in range(3):
            assert [server.ask("ASK {}", link).status for link in links] == [200] * len(links)
        for link in links:
            link.close()


def test_a_client_that_pauses_is_hung_up_on_in_time(things: Path) -> None:
    """The time that a worker waits for it counts."""
    with running(things, keep_alive_seconds=1) as server, closing(server.connect()) as link:
        assert server.ask("ASK {}", link).status == 200
        assert link.recv(1) == b""


def test_a_page_is_there_before_the_server_is_warm(things: Path) -> None:
    """The worker of its first reader adds the pages; programs are answered before and after."""
    with running(things) as server, closing(server.connect()) as link:
        query = "/sparql?query=ASK%7B%7D"
        got = [
            (server.get(path, link, Accept=accept).status, accept)
            for path, accept in (
                (query, "text/csv"),
                ("/", "text/html"),
                (query, "text/html"),
                ("/sparql", "text/turtle"),
                (query, "text/csv"),
            )
        ]
        assert {status for status, _ in got} == {200}
        assert b"<form" in server.get("/sparql", link, Accept="text/html").body


def test_a_stop_answers_who_was_not_let_in_yet(things: Path) -> None:
    """A request in the queue of the kernel is answered, and the next client is refused."""
    with running(things, stop_seconds=50.0) as server:
        server.listener._loop.remove(server.sock.fileno())
        with closing(server.connect()) as link:
            link.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: h\r\n\r\n")
            server.listener.stop()
            assert link.recv(100).startswith(b"HTTP/1.1 200")
            with pytest.raises(ConnectionRefusedError):
                server.connect()
