"""Requests answered by workers that may be ended at any moment, within limits."""

import json
import os
import signal
import subprocess
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from running_server import Answer, RunningServer, running, wait_until

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.limits import Limits
from sparql_endpoint.server.worker_process import WorkerProcess

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
ALL = "SELECT * { ?a ?b ?c }"
MANY = (
    b"GET /sparql?query=SELECT+*+%7B?a+?b+?c+VALUES+?d+%7B1+2+3+4+5+6+7+8+9+10%7D%7D HTTP/1.1\r\n"
    b"Host: h\r\n"
)
"""The head of a request for an answer of some 40 MB in XML, more than the system buffers."""
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def answers(server: RunningServer) -> bool:
    """Return whether a trivial query is answered; the cache is not asked."""
    number = answers.asked = getattr(answers, "asked", 0) + 1  # type: ignore[attr-defined]  # a counter
    answer = server.ask(f"SELECT ?o {{ <http://e/7> <http://e/label> ?o }} # {number}")
    return answer.body == b"o\r\nthing 7\r\n"


def begin(server: RunningServer, query: str, got: list[Answer]) -> threading.Thread:
    """Ask in a thread; the answer is put into ``got``."""
    thread = threading.Thread(target=lambda: got.append(server.ask(query)))
    thread.start()
    assert wait_until(lambda: server.busy)
    return thread


def test_a_query_over_its_time_is_ended(hasty: RunningServer) -> None:
    """Its client gets a problem that says what to do, and the worker is gone."""
    before = set(hasty.workers)
    answer = hasty.ask(LONG)
    assert (answer.status, answer.problem) == (503, "query-timeout")
    assert "longer than 1.5 s: ask for less" in json.loads(answer.body)["detail"]
    assert before - set(hasty.workers)
    assert answers(hasty)


def test_a_browser_gets_the_end_of_its_query_as_a_page(hasty: RunningServer) -> None:
    """Another worker answers for the one that was ended, and knows what the client takes."""
    answer = hasty.ask(LONG, Accept="text/html")
    assert (answer.status, answer.headers.get_content_type()) == (503, "text/html")


def test_the_end_of_a_long_request_is_a_problem_too(hasty: RunningServer) -> None:
    """The slot holds 64 KiB; what is longer is answered by the listener."""
    query = f"{LONG} #{'x' * 100_000}"
    head = f"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Length: {len(query)}\r\n"
    kind = "Content-Type: application/sparql-query\r\n\r\n"
    (answer,) = hasty.say((head + kind + query).encode())
    assert (answer.status, answer.headers.get_content_type()) == (503, "application/problem+json")
    assert "longer than 1.5 s" in json.loads(answer.body)["detail"]


def test_a_query_over_its_memory_is_ended(server: RunningServer) -> None:
    """A memory bomb costs its own request only."""
    answer = server.ask(BOMB)
    assert (answer.status, answer.problem) == (503, "query-memory")
    assert "128 MiB" in json.loads(answer.body)["detail"]
    assert answers(server)


def test_a_stack_overflow_costs_one_request(things: Path) -> None:
    """100,000 nested parentheses crash the worker that parses them and nothing else."""
    text = f"SELECT ({'(' * 100_000}1{')' * 100_000} AS ?x) {{}}"
    head = f"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Length: {len(text)}\r\n"
    kind = "Content-Type: application/sparql-query\r\n\r\n"
    with running(things, Limits(query_time=60, max_nesting=1_000_000)) as server:
        (answer,) = server.say((head + kind + text).encode())
        assert answer.status == 500
        assert answers(server)
        assert server.figures()["crashed"] == 1


def test_a_long_request_that_is_ended_is_answered_like_a_short_one(hasty: RunningServer) -> None:
    """Also one behind others on its connection: its problem has its own type, or is a page."""
    body = f"{LONG} #{' ' * 90_000}".encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n"
    head += "Content-Type: application/sparql-query\r\nAccept: text/html\r\n\r\n"
    first = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: h\r\n\r\n"
    (alone,) = hasty.say(head.encode(), body)
    assert (alone.status, alone.headers.get_content_type()) == (503, "text/html")
    with closing(hasty.connect()) as link:
        link.sendall(first)
        assert b"true" in link.recv(10_000)
        link.sendall(head.replace("text/html", "*/*").encode() + body)
        answer = link.recv(10_000)
    assert b"problem/query-timeout" in answer


def test_a_killed_worker_costs_one_request(server: RunningServer) -> None:
    """A process killed from outside is reported as such; the next query is answered."""
    got: list[Answer] = []
    thread = begin(server, LONG, got)
    os.kill(server.busy[0], signal.SIGKILL)
    thread.join()
    assert (got[0].status, got[0].problem) == (500, "query-crashed")
    assert "killed from outside" in got[0].body.decode()
    assert answers(server)


def test_a_killed_fork_server_is_replaced(things: Path) -> None:
    """When the process that holds the data dies, they are loaded again."""
    with running(things) as server:
        former = server.fork_server
        os.kill(former, signal.SIGKILL)
        assert wait_until(lambda: server.fork_server != former)
        assert answers(server)
        assert server.figures()["restarts"] == 1


def test_a_query_that_lasts_has_a_lower_priority_than_new_ones(server: RunningServer) -> None:
    """Once there are others; as many workers as before are there for these."""
    links = [server.connect() for _ in range(2)]
    for link in links:
        link.sendall(f"GET /sparql?query={LONG.replace(' ', '+')} HTTP/1.1\r\n".encode())
        link.sendall(b"Host: h\r\n\r\n")
    before = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        assert wait_until(lambda: len(server.busy) == 2)
        assert wait_until(lambda: {_niceness(pid) for pid in server.busy} == {19})
        assert wait_until(lambda: server.listener.pools.current.idle >= Limits().quick_places)
    finally:
        for link in links:
            link.close()
    assert before < 19
    assert wait_until(lambda: not server.busy)


def _niceness(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def test_a_query_that_is_alone_keeps_its_priority(server: RunningServer) -> None:
    """It is in nobody's way."""
    with closing(server.connect()) as link:
        link.sendall(f"GET /sparql?query={LONG.replace(' ', '+')} HTTP/1.1\r\n".encode())
        link.sendall(b"Host: h\r\n\r\n")
        assert wait_until(lambda: server.busy)
        pid = server.busy[0]
        worker = server.listener.pools.current.workers[pid]
        assert wait_until(lambda: server.listener.pools.current.is_slow(worker, _now() - 0.1))
        assert _niceness(pid) == os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.parametrize(
    ("program", "seconds", "is_heavy"), [("while :; do :; done", 20, True), ("sleep 9", 1, False)]
)
def test_a_worker_is_heavy_by_what_it_computes(
    program: str, seconds: float, *, is_heavy: bool
) -> None:
    """One that others keep from the processor, or that waits for another host, is not."""
    slot: Any = SimpleNamespace(activity=SimpleNamespace(started=1.0))
    channel: Any = None
    with subprocess.Popen(["/bin/sh", "-c", program]) as process:
        worker = WorkerProcess(0, process.pid, channel, 0, slot)
        try:
            assert not worker.has_computed(0.05), "nothing is known of it yet"
            assert wait_until(lambda: worker.has_computed(0.05), seconds) is is_heavy
        finally:
            process.kill()


def _now() -> float:
    import time  # noqa: PLC0415  # for this alone

    return time.monotonic()


@pytest.mark.parametrize("half", [False, True])
def test_a_client_that_hangs_up_ends_its_query(server: RunningServer, half: bool) -> None:  # noqa: FBT001  # a case
    """Also one that only says that it will send no more, as a killed client does."""
    with closing(server.connect()) as link:
        link.sendall(f"GET /sparql?query={LONG.replace(' ', '+')} HTTP/1.1\r\n".encode())
        link.sendall(b"Host: h\r\n\r\n")
        assert wait_until(lambda: server.busy)
        if half:
            link.shutdown(1)
            assert wait_until(lambda: not server.busy)
    assert wait_until(lambda: not server.busy)


@pytest.mark.parametrize(
    ("accept", "mark"),
    [("text/csv", b"\r\n"), ("application/sparql-results+json", b'{"a":')],
)
def test_an_answer_over_the_rows_is_cut_and_says_so(
    server: RunningServer, accept: str, mark: bytes
) -> None:
    """It is a whole document of as many rows as may be."""
    answer = server.ask(PAIRS, Accept=accept)
    assert (answer.status, answer.headers["X-Result-Complete"]) == (200, "false")
    assert answer.body.count(mark) == 20_000 + (accept == "text/csv")
    assert "ETag" not in answer.headers


def test_an_answer_over_the_bytes_is_refused(things: Path, tight: Limits) -> None:
    """Nothing of it is sent."""
    with running(things, replace(tight, max_result_bytes=100_000)) as server:
        answer = server.ask(ALL)
        assert (answer.status, answer.problem) == (503, "result-too-large")


def test_a_client_has_only_so_many_requests(things: Path, tight: Limits) -> None:
    """One more is a 429 that says when to come again, over a new connection or one that is kept."""
    links = []
    with running(things, replace(tight, max_queries_per_client=2)) as server:
        kept = server.connect()
        assert server.ask("ASK {}", kept).status == 200
        assert wait_until(lambda: not server.busy)
        for _ in range(2):
            link = server.connect()
            link.sendall(f"GET /sparql?query={LONG.replace(' ', '+')} HTTP/1.1\r\n".encode())
            link.sendall(b"Host: h\r\n\r\n")
            links.append(link)
        assert wait_until(lambda: len(server.busy) == 2)
        for answer in (server.ask("ASK { 1 ?p ?o }"), server.ask("ASK { 2 ?p ?o }", kept)):
            assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        for link in (*links, kept):
            link.close()


def test_a_full_server_ends_the_query_that_has_run_longest(things: Path) -> None:
    """Whoever comes is answered, and the one that was ended is told when to come again."""
    limits = Limits(query_time=60, max_queries=2, quick_places=2, max_queries_per_client=100)
    with running(things, limits) as server:
        assert wait_until(lambda: server.listener.pools.current.idle == 2)
        got: list[Answer] = []
        threads = [begin(server, f"{LONG} # {number}", got) for number in range(2)]
        assert wait_until(lambda: len(server.busy) == 2)
        assert answers(server)
        assert wait_until(lambda: len(got) == 1)
        assert (got[0].status, got[0].headers["Retry-After"]) == (503, "10")
        assert "had run longest" in got[0].body.decode()
        server.listener._stop_at = 0.0
        for pid in server.busy:
            os.kill(pid, signal.SIGKILL)
        for thread in threads:
            thread.join()


def _are_queued(server: RunningServer, number: int) -> bool:
    return len(server.listener.clients.requests) == number


def test_the_queue_has_an_end(things: Path) -> None:
    """A request beyond it is refused at once."""
    limits = Limits(
        query_time=60, max_queries=1, quick_places=1, queue_length=0, quick_time=50,
        max_queries_per_client=100,
    )  # fmt: skip
    with running(things, limits) as server:
        links = []
        for number in range(2):
            link = server.connect()
            link.sendall(f"GET /sparql?query={LONG.replace(' ', '+')} HTTP/1.1\r\n".encode())
            link.sendall(b"Host: h\r\n\r\n")
            links.append(link)
            assert wait_until(lambda: server.busy)
            assert wait_until(partial(_are_queued, server, number))
        answer = server.ask("ASK {}")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert "waiting already" in answer.body.decode()
        for link in links:
            link.close()


def test_a_client_that_reads_slowly_holds_no_worker(things: Path) -> None:
    """The listener sends what is left, and the connection goes on afterwards."""
    with running(things) as server, closing(server.connect()) as link:
        link.sendall(MANY)
        link.sendall(b"Accept: application/sparql-results+xml\r\n\r\n")
        assert wait_until(lambda: server.listener.clients.deliveries)
        assert server.busy == []
        data = b""
        while not data.endswith(b"</sparql>"):
            data += link.recv(1 << 20)
        assert data.count(b"<result>") == 150_000
        assert server.ask("ASK {}", link).body == b"true"


def test_a_client_that_stops_reading_is_cut_off(things: Path) -> None:
    """Its connection is reset, so that nobody takes what came for whole."""
    with running(things, send_seconds=0.2) as server, closing(server.connect()) as link:
        link.sendall(MANY)
        link.sendall(b"Accept: application/sparql-results+xml\r\n\r\n")
        assert wait_until(lambda: server.listener.clients.deliveries)
        assert wait_until(lambda: not server.listener.clients)
        with pytest.raises(ConnectionResetError):
            b"".join(iter(lambda: link.recv(1 << 20), b""))


def test_answers_that_wait_for_their_clients_have_a_bound(things: Path) -> None:
    """The largest is given up when all take too much memory."""
    limits = Limits(query_time=60, total_memory=64 << 20)
    links = []
    with running(things, limits) as server:
        for _ in range(3):
            link = server.connect()
            link.sendall(MANY)
            link.sendall(b"Accept: application/sparql-results+xml\r\n\r\n")
            links.append(link)
        assert wait_until(lambda: len(server.listener.clients) < 3)
        held = server.listener.clients.deliveries.size
        assert held <= limits.total_memory
        for link in links:
            link.close()


def test_data_that_cannot_be_loaded_are_reported(tmp_path: Path) -> None:
    """The error of the loader reaches whoever starts the server."""
    with pytest.raises(NotFoundError, match="nowhere"), running(tmp_path / "nowhere.nt"):
        pass
    broken = tmp_path / "broken.nt"
    broken.write_text("<a> <b>")
    with pytest.raises(DataError, match=r"broken\.nt:1"), running(broken):
        pass


def test_a_loader_that_dies_is_reported() -> None:
    """A process that dies while it loads is an error of the data, not a hang."""
    from trusted_jobs import die_loading  # noqa: PLC0415  # a fork server imports it too

    with pytest.raises(DataError, match="died"), running(die_loading):
        pass


def test_requests_sent_at_once_are_answered_in_turn(server: RunningServer) -> None:
    """RFC 9112, section 9.3.2: also behind one that its client is slow to read."""
    with closing(server.connect()) as link:
        for query in ("ASK+%7B%7D", "SELECT+*+%7B?a+?b+?c%7D", "ASK+%7B1+?p+?o%7D"):
            link.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: h\r\n".encode())
            link.sendall(b"Accept: text/csv\r\n\r\n")
        data = b""
        while not data.endswith(b"\r\n\r\nfalse"):
            data += link.recv(1 << 20)
    assert data.count(b"HTTP/1.1 200 OK") == 3
    assert data.index(b"\r\n\r\ntrue") < data.index(b"a,b,c") < data.index(b"\r\n\r\nfalse")


def test_a_repeated_request_is_answered_out_of_the_cache(server: RunningServer) -> None:
    """The same bytes and tag, whichever worker answers; a POST too, and another query is not."""
    first = server.ask("SELECT ?o { <http://e/8> ?p ?o } ORDER BY ?o")
    assert wait_until(
        lambda: server.ask("SELECT ?o { <http://e/8> ?p ?o } ORDER BY ?o").body == first.body
    )
    tags = {server.ask("SELECT ?o { <http://e/8> ?p ?o } ORDER BY ?o").headers["ETag"]}
    assert tags == {first.headers["ETag"]}
    other = server.ask("SELECT ?o { <http://e/9> ?p ?o } ORDER BY ?o")
    assert other.body != first.body
    text = server.get("/metrics").body.decode()
    assert 'forumgraph_requests_total{endpoint="cache",status="200"}' in text
