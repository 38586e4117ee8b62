"""What processes hold, told by the kernel (https://docs.kernel.org/filesystems/proc.html)."""

from pathlib import Path

__all__ = ["added", "family", "held", "most"]


def held(pid: int) -> int:
    """Return the bytes that a process holds, what it shares counted by its share (PSS)."""
    return _rollup(pid).get("Pss", 0)


def added(pid: int) -> int:
    """Return the bytes that a process holds alone: what its end would set free (USS)."""
    rollup = _rollup(pid)
    return rollup.get("Private_Clean", 0) + rollup.get("Private_Dirty", 0)


def most() -> int:
    """Return the bytes that this process held at most.

    What getrusage(2) tells is never less than what the parent held.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it ended meanwhile
        return [pid]
    return [pid, *(member for child in children for member in family(int(child)))]


def _rollup(pid: int) -> dict[str, int]:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return {}
    lines = (line.split() for line in text.splitlines()[1:])
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines}
