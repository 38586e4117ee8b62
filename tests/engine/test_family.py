"""A zygote and its children, and the succession of families."""

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from trusted_jobs import load_forever

from sparql_endpoint.engine.child import ChildOptions
from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.family import Family
from sparql_endpoint.limits import MIB, Limits
from sparql_endpoint.engine.query import Query
from sparql_endpoint.engine.zygote import Charge
from sparql_endpoint.errors import DataError, QueryCancelledError, ServerBusyError
from sparql_endpoint.graph.dataset import load_files

OPTIONS = ChildOptions(64 * MIB, 64 * MIB, {})
ASK = Query("ASK { <http://e/7> ?p ?o }")


def _wait_until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def test_load_may_be_given_up(tmp_path: Path) -> None:
    """Who stops while data load waits for no end of it."""
    load = partial(load_forever, tmp_path / "mark")
    charge = Charge(load, per_child=False, network=False, relay=False, options=OPTIONS)
    family = Family(charge, 1)
    with pytest.raises(DataError, match="stopped while loading"):
        family.await_load(lambda: True)
    assert family.buried
    family.end()


def test_data_that_cannot_be_loaded_again_are_tried_again(things: Path, tmp_path: Path) -> None:
    """While the lost data do not come back queries wait; when they do they are answered."""
    path = tmp_path / "data.nt"
    path.write_bytes(things.read_bytes())
    with Engine(partial(load_files, [path])) as engine:
        path.rename(tmp_path / "away.nt")
        os.kill(engine._dynasty.current.pid, signal.SIGKILL)
        assert _wait_until(lambda: engine.statistics().restarts == 1)
        with pytest.raises(QueryCancelledError):
            engine.run(ASK, cancelled=lambda: True)
        (tmp_path / "away.nt").rename(path)
        assert b"true" in engine.run(ASK).read()


def test_query_that_waits_for_a_process_ends_with_its_time(things: Path) -> None:
    """A query whose time is over before there is a process for it is told so."""
    with Engine(partial(load_files, [things]), Limits(query_time=0.5, quick_places=1)) as engine:
        engine.run(ASK)
        os.kill(engine._dynasty.current.pid, signal.SIGSTOP)
        for child in list(engine._dynasty.current.children.values()):
            child.kill()
        time.sleep(0.2)
        assert _wait_until(lambda: _outcome(engine) == "QueryTimeoutError")
        os.kill(engine._dynasty.current.pid, signal.SIGCONT)
        assert _wait_until(lambda: _outcome(engine) == "answered")


def _outcome(engine: Engine) -> str:
    try:
        engine.run(ASK).read()
    except Exception as error:  # noqa: BLE001  # the test looks at it
        return type(error).__name__
    return "answered"


def test_process_that_hangs_is_killed_at_the_end(things: Path) -> None:
    """A zygote that does not end with its front is killed."""
    engine = Engine(partial(load_files, [things]))
    pid = engine._dynasty.current.pid
    os.kill(pid, signal.SIGSTOP)
    engine.stop()
    assert not Path(f"/proc/{pid}").exists()


def test_stop_while_data_load_again_gives_up(things: Path, tmp_path: Path) -> None:
    """A stop waits for no reload."""
    path = tmp_path / "data.nt"
    path.write_bytes(things.read_bytes())
    engine = Engine(partial(load_files, [path]))
    path.unlink()
    os.kill(engine._dynasty.current.pid, signal.SIGKILL)
    assert _wait_until(lambda: engine.statistics().restarts == 1)
    engine.stop()
    assert _wait_until(lambda: "_revive" not in str(threading.enumerate()))
    with pytest.raises(ServerBusyError):
        engine.run(ASK)
