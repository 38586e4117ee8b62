"""Hierarchies, such as that of classes: what stands above what."""

from collections.abc import Iterable, Mapping

__all__ = ["closure"]


def closure(start: str, direct: Mapping[str, Iterable[str]]) -> set[str]:
    """Return ``start`` and all that can be reached from it by the ``direct`` steps; loops end."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(direct.get(here, ()))
    return found
