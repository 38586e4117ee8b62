"""What processes hold and do, told by the kernel (https://docs.kernel.org/filesystems/proc.html)."""

import os
from pathlib import Path

__all__ = ["added", "family", "held", "worked"]


def held(pid: int) -> int:
    """Return the bytes that a process holds, what it shares counted by its share (PSS)."""
    return _rollup(pid).get("Pss", 0)


def added(pid: int) -> int:
    """Return the bytes that a process holds alone: what its end would set free (USS)."""
    rollup = _rollup(pid)
    return rollup.get("Private_Clean", 0) + rollup.get("Private_Dirty", 0)


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it ended meanwhile
        return [pid]
    return [pid, *(member for child in children for member in family(int(child)))]


def worked(pid: int) -> float:
    """Return the seconds of processor time that a process has had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rollup(pid: int) -> dict[str, int]:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return {}
    lines = (line.split() for line in text.splitlines()[1:])
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines}
