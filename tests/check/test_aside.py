"""Work done by another process."""

import os
import subprocess
import sys
import threading
from multiprocessing import Pipe

import pytest

from sparql_endpoint.check.aside import _send, aside
from sparql_endpoint.errors import DataError


def test_the_result_comes_back() -> None:
    """What the work returns is what is given, whoever did it."""
    with aside(lambda: [1, 2, 3]) as result:
        assert result() == [1, 2, 3]


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere no process is forked")
def test_another_process_does_it() -> None:
    """The work has another process id than whoever waits for it, where no other thread runs."""
    script = (
        "import os; from sparql_endpoint.check.aside import aside\n"
        "with aside(os.getpid) as result: print(result() != os.getpid())"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert told.stdout == b"True\n"


def test_beside_threads_it_is_done_here() -> None:
    """A fork copies no thread, so what one of them holds would stay locked."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with aside(os.getpid) as result:
            assert result() == os.getpid()
    finally:
        stop.set()
        thread.join()


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    """It is the same error, with all that it carries."""

    def work() -> None:
        raise DataError("not to be read")

    with aside(work) as result, pytest.raises(DataError, match="not to be read"):
        result()


def test_nobody_needs_to_ask() -> None:
    """Where something else fails first, the work is given up."""
    stop = threading.Event()
    with aside(stop.wait):
        pass
    assert not stop.is_set()


def test_a_result_is_sent_and_an_error_ends_the_stream() -> None:
    """What the other process does, seen from this one."""

    def fail() -> None:
        raise DataError("not to be read")

    here, there = Pipe(duplex=False)
    _send(lambda: "done", there)
    assert here.recv() == "done"
    here, there = Pipe(duplex=False)
    _send(fail, there)
    with pytest.raises(EOFError):
        here.recv()
