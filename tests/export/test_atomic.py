"""A file is there whole or not at all."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.atomic import whole_file

PROGRAM = """
import sys, time
from pathlib import Path
from sparql_endpoint.export.atomic import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    """Until then nothing stands under its name."""
    path = tmp_path / "new.ttl"
    with whole_file(path) as file:
        file.write(b"whole")
        assert not path.exists()

    assert path.read_bytes() == b"whole"
    assert [inside.name for inside in tmp_path.iterdir()] == ["new.ttl"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_an_error_leaves_the_old_file_and_no_trace(tmp_path: Path) -> None:
    """What was there before the export stays."""
    path = tmp_path / "old.ttl"
    path.write_bytes(b"old")

    def write_and_fail() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise ValueError("midway")

    with pytest.raises(ValueError, match="midway"):
        write_and_fail()

    assert path.read_bytes() == b"old"
    assert [inside.name for inside in tmp_path.iterdir()] == ["old.ttl"]


def test_an_interruption_leaves_no_half_written_file(tmp_path: Path) -> None:
    """Ctrl+C in the middle of the writing."""
    path = tmp_path / "new.ttl"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half\n"
        writer.send_signal(signal.SIGINT)
        writer.wait(timeout=30)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """No folder is made unasked."""
    with pytest.raises(UsageError, match="cannot write here: No such file or directory"):
        whole_file(tmp_path / "no" / "such.ttl").__enter__()
