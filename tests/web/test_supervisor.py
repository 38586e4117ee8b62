"""Keeping a process up."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SETUP = """\
import os, signal, sys, time
from sparql_endpoint.web.supervisor import supervise
lives = {folder!r}
def life():
    open(f"{{lives}}/{{os.getpid()}}", "w").close()
    return len(os.listdir(lives))
"""


def supervised(folder: Path, work: str) -> subprocess.CompletedProcess[str]:
    """Return what came of a program that supervises ``work``, which can count its lives."""
    folder.mkdir()
    program = SETUP.format(folder=str(folder)) + textwrap.dedent(work)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )


def lives(folder: Path) -> int:
    """Return how often the work was begun."""
    return len(list((folder / "lives").iterdir()))


def test_an_exit_code_is_passed_on(tmp_path: Path) -> None:
    """A process that ends by itself is not started again."""
    ended = supervised(
        tmp_path / "lives", "def work(): life(); return 2\nsys.exit(supervise(work))"
    )
    assert (ended.returncode, lives(tmp_path)) == (2, 1)


def test_who_is_killed_lives_again(tmp_path: Path) -> None:
    """And says so; the next life ends well."""
    work = """
        def work():
            if life() == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            return 0
        sys.exit(supervise(work))
    """
    ended = supervised(tmp_path / "lives", work)
    assert (ended.returncode, lives(tmp_path)) == (0, 2)
    assert ended.stderr == "forumgraph: the server died of SIGKILL\n"


def test_short_lives_are_not_repeated_for_ever(tmp_path: Path) -> None:
    """Three deaths in a row are enough."""
    work = """
        def work():
            life()
            os.abort()
        sys.exit(supervise(work))
    """
    ended = supervised(tmp_path / "lives", work)
    assert (ended.returncode, lives(tmp_path)) == (1, 3)


def test_a_signal_to_stop_is_passed_on_once(tmp_path: Path) -> None:
    """Whichever it was, the process is told to stop, and its code is the answer."""
    work = """
        def work():
            told = []
            signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
            os.kill(os.getppid(), signal.SIGINT)
            time.sleep(0.5)
            return 40 + len(told)
        sys.exit(supervise(work))
    """
    assert supervised(tmp_path / "lives", work).returncode == 41


def test_an_error_in_it_is_told(tmp_path: Path) -> None:
    """With its traceback, since nobody foresaw it."""
    ended = supervised(tmp_path / "lives", "sys.exit(supervise(lambda: 1 // 0))")
    assert (ended.returncode, "ZeroDivisionError" in ended.stderr) == (1, True)


FORK = """
real = os.fork
def fork():
    {before}
    pid = real()
    if pid == 0:
        {in_child}
    return pid
os.fork = fork
def work():
    time.sleep(5)
    life()
    return 7
sys.exit(supervise(work))
"""
STOP = "os.kill(os.getpid(), signal.SIGTERM)"


@pytest.mark.parametrize(
    ("before", "in_child"),
    [(STOP, "pass"), ("pass", f"os.kill(os.getppid(), signal.SIGTERM); {STOP}")],
)
def test_a_signal_to_stop_that_comes_early_is_not_lost(
    tmp_path: Path, before: str, in_child: str
) -> None:
    """Before the fork, or after it when the child has not yet put its handlers back."""
    ended = supervised(tmp_path / "lives", FORK.format(before=before, in_child=in_child))
    assert (ended.returncode, lives(tmp_path), ended.stderr) == (0, 0, "")
