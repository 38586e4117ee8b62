"""A file is there whole or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.atomic import _is_written_through, whole_file

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


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    """rename(2) would put a file in the place of the link, and leave the old one as it was."""
    target, link = tmp_path / "folder" / "target.ttl", tmp_path / "link.ttl"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link.symlink_to(target)
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize(("umask", "expected"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_new_file_has_the_permissions_of_the_umask(
    tmp_path: Path, umask: int, expected: int
) -> None:
    """umask(2): what its user keeps to himself is not opened to others."""
    path = tmp_path / "new.ttl"
    before = os.umask(umask)
    try:
        with whole_file(path) as file:
            file.write(b"new")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == expected


def test_a_file_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    """They belong to the file and not to one export."""
    path = tmp_path / "old.ttl"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with whole_file(path) as file:
        file.write(b"new")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """fifo(7): a reader waits at its other end."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with whole_file(path) as file:
        file.write(b"new")
    assert os.read(reading, 10) == b"new"
    os.close(reading)
    assert path.is_fifo()


def test_a_device_is_written_to_and_not_replaced() -> None:
    """null(4): for root a rename would make it a regular file."""
    path = Path("/dev/null")
    assert _is_written_through(path)
    with whole_file(path) as file:
        file.write(b"new")
    assert path.is_char_device()


def test_standard_output_as_a_file_is_written_to(tmp_path: Path) -> None:
    """``-o /dev/stdout >> file``: the file that the shell has open is the one that grows."""
    program = (
        "from pathlib import Path; from sparql_endpoint.export.atomic import whole_file\n"
        "with whole_file(Path('/dev/stdout')) as file: file.write(b'new')"
    )
    path = tmp_path / "out.ttl"
    with path.open("wb") as out:
        before = os.fstat(out.fileno()).st_ino
        subprocess.run([sys.executable, "-c", program], check=True, stdout=out)
    assert (path.read_bytes(), path.stat().st_ino) == (b"new", before)
