"""Turtle of tests, with the project's prefixes declared."""

from sparql_endpoint.names import PREFIXES

__all__ = ["prefixed"]


def prefixed(turtle: str) -> str:
    """Return ``turtle`` below a declaration of every prefix of the project, one a line."""
    header = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return header + turtle
