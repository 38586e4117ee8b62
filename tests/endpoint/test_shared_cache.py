"""Values that all workers share: their bounds, and that each process finds those of the others."""

import os
from pathlib import Path

import pytest

from sparql_endpoint.endpoint.shared_cache import SharedCache


def test_the_least_recently_written_is_given_up(tmp_path: Path) -> None:
    """By number and by bytes alike, and never more than is allowed."""
    cache = SharedCache(tmp_path / "few", entries=4, size=10_000)
    single = SharedCache(tmp_path / "single", entries=1, size=10_000)
    small = SharedCache(tmp_path / "small", entries=100, size=4000)
    for number in range(20):
        key, value = b"%d" % number, b"x" * 900
        cache.put(key, b"%d" % number)
        small.put(key, value)
        single.put(key, value)
        assert cache.get(key) == b"%d" % number
        assert small.get(key) == value
        assert single.get(key) == value
        assert cache.figures()[0] <= 4
        assert single.figures()[0] == 1
        assert small.figures()[0] * len(value) <= 4000
    assert cache.get(b"18") == b"18"
    assert (cache.get(b"0"), small.get(b"0")) == (None, None)


def test_a_key_put_again_has_the_new_value(tmp_path: Path) -> None:
    """The new value takes the place of the old."""
    cache = SharedCache(tmp_path / "cache", entries=9, size=10_000)
    cache.put(b"a", b"12")
    cache.put(b"a", b"345")
    assert (cache.get(b"a"), cache.figures()[0]) == (b"345", 1)


def test_a_very_long_value_is_not_taken(tmp_path: Path) -> None:
    """One answer does not push out all others."""
    cache = SharedCache(tmp_path / "cache", entries=9, size=1000)
    cache.put(b"a", b"x" * 251)
    assert (cache.get(b"a"), cache.figures()[0], cache.largest) == (None, 0, 250)


@pytest.mark.parametrize(("entries", "size"), [(0, 1000), (9, 0)])
def test_a_cache_without_room_stays_empty(tmp_path: Path, entries: int, size: int) -> None:
    """The settings can switch it off."""
    cache = SharedCache(tmp_path / "cache", entries=entries, size=size)
    cache.put(b"a", b"")
    cache.put(b"b", b"1")
    assert (cache.get(b"a"), cache.get(b"b"), cache.figures()) == (None, None, (0, 0))


def test_what_one_process_puts_another_gets(tmp_path: Path) -> None:
    """As the workers of a server, which are forks of one process."""
    cache = SharedCache(tmp_path / "cache", entries=9, size=10_000)
    pid = os.fork()
    if pid == 0:
        cache.put(b"a", b"of another process")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert cache.get(b"a") == b"of another process"
