"""Persistent identifiers: every IRI of the last release must be described or marked as deprecated.

The file ``data/releases/<version>.txt`` has one short name a line, as
``forumgraph stats --identifiers`` prints them.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.names import PREFIXES, expand, shorten
from sparql_endpoint.paths import DATA

__all__ = ["check_identifiers", "identifiers", "last_release"]

_SPACES = tuple(PREFIXES[prefix] for prefix in ("claim", "dfo", "id", "quote", "source"))


def identifiers(quads: Iterable[Quad]) -> set[str]:
    """Return the short names of our IRIs that are the subject of a statement, without fragments."""
    subjects = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return {
        shorten(subject.value)
        for subject in subjects
        if subject.value.startswith(_SPACES) and not subject.value.endswith("#selector")
    }


def last_release(folder: Path = DATA / "releases") -> tuple[str, frozenset[str]] | None:
    """Return version and short names of the last release; None if no release is recorded."""
    files = sorted(folder.glob("*.txt"), key=lambda path: [*map(int, path.stem.split("."))])
    if not files:
        return None
    return files[-1].stem, frozenset(files[-1].read_text(encoding="utf-8").split())


def check_identifiers(
    quads: Iterable[Quad], release: tuple[str, frozenset[str]] | None
) -> Iterator[Finding]:
    """Yield the IRIs of the last release that the graph no longer describes."""
    if release is None:
        return
    version, released = release
    for name in sorted(released - identifiers(quads)):
        yield Finding(
            check="links",
            rule="identifier-kept",
            severity=Severity.ERROR,
            message=f"Release {version} has this IRI, and the graph says nothing of it.",
            mend=f"Keep it, or write in data/deprecated.ttl: {name} owl:deprecated true ;"
            " dcterms:isReplacedBy what took its place, or a skos:editorialNote that says why.",
            focus=NamedNode(expand(name)),
        )
