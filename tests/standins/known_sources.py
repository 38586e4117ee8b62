"""The data without later articles, so that a new one breaks no expected answer.

An expected answer is that of the sources in ``tests/query/sources.txt``: what other sources claim,
and the things that only they speak of, is left out.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from sparql_endpoint.graph.dataset import project_quads
from sparql_endpoint.names import GRAPH, PREFIXES, expand

__all__ = ["known_quads", "known_store", "without_later"]

_LIST = Path(__file__).parents[1] / "query" / "sources.txt"
_CLAIMS = f"{GRAPH}data/claims/"
_PARTS = tuple(NamedNode(expand(name)) for name in ("rdf:subject", "rdf:predicate", "rdf:object"))
_THINGS = PREFIXES["id"]


@cache
def known_quads() -> tuple[Quad, ...]:
    """Return the statements of the project, each in the graph of its file, without later ones."""
    known = frozenset(_LIST.read_text(encoding="utf-8").split())
    return tuple(without_later(project_quads(), known))


def known_store() -> Store:
    """Return these statements in a store as ``load_project`` does, in graphs and merged."""
    store = Store()
    for quad in known_quads():
        store.add(quad)
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return store


def without_later(quads: Iterable[Quad], known: frozenset[str]) -> list[Quad]:
    """Return the statements without those that rest on other than the ``known`` sources."""
    every = list(quads)
    later = [quad for quad in every if _is_later(quad, known)]
    if not later:
        return every
    earlier = [quad for quad in every if not _is_later(quad, known)]
    only_later = _claimed(later) - _claimed(earlier)
    kept = [quad for quad in earlier if _triple(quad) not in only_later]
    spoken_of = {term for quad in later for term in (quad.subject, quad.object)}
    named = Counter(quad.object for quad in kept)
    new = {
        term
        for term in spoken_of
        if isinstance(term, NamedNode) and term.value.startswith(_THINGS) and not named[term]
    }
    return [quad for quad in kept if quad.subject not in new]


def _is_later(quad: Quad, known: frozenset[str]) -> bool:
    name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    return name.startswith(_CLAIMS) and name.removeprefix(_CLAIMS) not in known


def _triple(quad: Quad) -> tuple[object, ...]:
    return quad.subject, quad.predicate, quad.object


def _claimed(quads: Iterable[Quad]) -> set[tuple[object, ...]]:
    """Return the triples that claims among the statements are about."""
    parts: dict[object, dict[NamedNode, object]] = {}
    for quad in quads:
        if quad.predicate in _PARTS:
            parts.setdefault(quad.subject, {})[quad.predicate] = quad.object
    return {tuple(part.get(each) for each in _PARTS) for part in parts.values()}
