"""No process outlives its purpose, however the others end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from sparql_endpoint.engine.engine import Engine
from trusted_jobs import die_loading

from sparql_endpoint.errors import DataError, ServerBusyError
from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import Query
from sparql_endpoint.server.sandbox import parent_gone_ends_us, resume_reading

FRONT = """
import sys, threading
from functools import partial
from pathlib import Path
from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.query.evaluation import Query
from sparql_endpoint.graph.dataset import load_files
from trusted_jobs import die_loading
engine = Engine(partial(load_files, [Path(sys.argv[1])]))
engine.run(Query("ASK {}"))
long = Query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
threading.Thread(target=engine.run, args=(long,), daemon=True).start()
print(engine._dynasty.current.pid, flush=True)
threading.Event().wait()
"""
LOADING = """
import sys
from functools import partial
from pathlib import Path
from sparql_endpoint.engine.engine import Engine
from trusted_jobs import load_forever
Engine(partial(load_forever, Path(sys.argv[1])))
"""


A_WHILE = """SELECT (COUNT(*) AS ?n) {
    ?a <http://e/next> ?b . ?c <http://e/label> ?d
    FILTER (?a < <http://e/2> && CONCAT(STR(?b), ?d) = "neither")
}"""
"""A query of about a second."""


def _wait_for(true: "partial[bool]", seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _all_gone(pids: list[int]) -> bool:
    return not any(_alive(pid) for pid in pids)


def _children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def _front(program: str, argument: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join(sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(argument)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


def test_killed_front_takes_all_processes_along(things: Path) -> None:
    """After kill -9 of the front neither the zygote nor a running query lives on."""
    with _front(FRONT, things) as front:
        assert front.stdout is not None
        zygote = int(front.stdout.readline())
        pids = [zygote, *_children_of(zygote)]
        front.kill()
    assert len(pids) > 2
    assert _wait_for(partial(_all_gone, pids))


def test_front_killed_while_data_load_takes_the_zygote_along(tmp_path: Path) -> None:
    """The zygote ends with its front also while it is too busy loading to notice."""
    mark = tmp_path / "zygote"
    with _front(LOADING, mark) as front:
        assert _wait_for(partial(mark.exists))
        zygote = int(mark.read_text())
        assert _alive(zygote)
        front.kill()
    assert _wait_for(partial(_all_gone, [zygote]))


def test_zygote_ignores_what_a_terminal_sends(things: Path) -> None:
    """Ctrl+C and a service manager's SIGTERM are for the front, which ends the rest in order."""
    with Engine(partial(load_files, [things])) as engine:
        engine.run(Query("ASK {}"))
        family = engine._dynasty.current
        for pid in [family.pid, *family.children]:
            os.kill(pid, signal.SIGINT)
            os.kill(pid, signal.SIGTERM)
        assert b"true" in engine.run(Query("ASK { <http://e/7> ?p ?o }")).read()
        assert engine.statistics().restarts == 0


def test_stop_tells_running_queries(things: Path) -> None:
    """A query that does not end within the grace of a stop is told that the server stops."""
    engine = Engine(partial(load_files, [things]), Limits(buffer_bytes=0))
    result = engine.run(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
    begun = time.monotonic()
    engine.stop(grace=0.2)
    engine.stop()
    assert 0.2 < time.monotonic() - begun < 5
    with pytest.raises(ServerBusyError, match="stopping"):
        result.read()
    with pytest.raises(ServerBusyError, match="stopping"):
        engine.run(Query("ASK {}"))


def test_stop_waits_for_queries_to_end(things: Path) -> None:
    """Within the grace a query that is under way still ends well."""
    engine = Engine(partial(load_files, [things]), Limits(query_time=60))
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(engine.run(Query(A_WHILE)).read()))
    asking.start()
    while not engine.statistics().running:
        time.sleep(0.01)
    assert not answers
    engine.stop(grace=50)
    asking.join(10)
    assert [b'"value":"0"' in answer for answer in answers] == [True]


def test_loader_that_dies_is_told() -> None:
    """A process that dies while it loads is an error of the data, not a hang."""
    with pytest.raises(DataError, match="died"):
        Engine(die_loading)


@pytest.mark.parametrize(("reads", "code"), [(False, -signal.SIGIO), (True, 7)])
def test_process_ends_when_the_other_end_of_its_socket_closes(*, reads: bool, code: int) -> None:
    """The kernel ends a process too busy to read its socket, not one that reads again."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        parent_gone_ends_us(theirs)
        if reads:
            resume_reading(theirs)
        theirs.send(b"set")
        time.sleep(0.5)
        os._exit(7)
    theirs.close()
    ours.recv(3)
    ours.close()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == code
