"""What the benchmarks tell of processes' memory."""

import os
import subprocess
import sys

from benchmarks.memory import added, family, held
from sparql_endpoint.cli.memory import most_held


def test_a_process_holds_memory_some_of_it_alone() -> None:
    """What it shares is counted by its share, so that the whole is more than what it has alone."""
    assert 0 < added(os.getpid()) <= held(os.getpid()) < 2 * most_held()


def test_a_process_that_is_gone_holds_nothing() -> None:
    """A child may end while it is being measured."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert (held(process.pid), added(process.pid)) == (0, 0)
    assert family(process.pid) == [process.pid]


def test_a_family_has_all_descendants() -> None:
    """A server's memory is that of its workers too."""
    with subprocess.Popen(["sleep", "60"]) as process:
        assert process.pid in family(os.getpid())
        process.kill()
