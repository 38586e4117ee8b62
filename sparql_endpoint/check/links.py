"""Links to Wikidata, as far as they can be judged offline.

Wikidata's IRI of an item is ``http://www.wikidata.org/entity/Q…``. The address of its page and the
https form are other IRIs, which match no data (https://www.wikidata.org/wiki/Wikidata:Data_access).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TypeGuard

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import expand, shorten

__all__ = ["check_links"]

_ANY_FORM = re.compile(
    r"https?://(?:[a-z]+\.)*wikidata\.org/.*?(?P<number>[QPL][1-9][0-9]*)(?![0-9])", re.IGNORECASE
)
_ENTITY = re.compile(
    r"http://www\.wikidata\.org/(entity/[QPL][1-9][0-9]*|prop/direct/P[1-9][0-9]*)"
)
_SAME = ("skos:exactMatch", "owl:sameAs")
_LINKS = (*_SAME, "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
_TYPE = NamedNode(expand("rdf:type"))


def check_links(store: Store) -> Iterator[Finding]:
    """Yield links that are misspelt, stated twice, not one to one, or of unknown things."""
    for quad in _quads(store):
        if _names_entity(quad.object) and not _ENTITY.fullmatch(quad.object.value):
            yield _misspelt(quad, quad.object.value)
    links = [quad for name in _LINKS for quad in _quads(store, name)]
    links = [quad for quad in links if _names_entity(quad.object)]
    yield from _unknown(store, links)
    yield from _related_twice(links)
    same = {expand(name) for name in _SAME}
    yield from _not_one_to_one([link for link in links if link.predicate.value in same])


def _quads(store: Store, name: str | None = None) -> Iterator[Quad]:
    predicate = NamedNode(expand(name)) if name else None
    return store.quads_for_pattern(None, predicate, None, DefaultGraph())


def _names_entity(term: Term) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode) and bool(_ANY_FORM.match(term.value))


def _misspelt(quad: Quad, iri: str) -> Finding:
    match = _ANY_FORM.match(iri)
    number = match["number"].upper() if match else ""
    message = "This is another IRI than the one by which Wikidata names the entity."
    return _finding(quad, "wikidata-iri", message, f"Write wd:{number}.")


def _unknown(store: Store, links: list[Quad]) -> Iterator[Finding]:
    for link in links:
        if next(store.quads_for_pattern(link.subject, _TYPE, None, DefaultGraph()), None) is None:
            message = "The graph does not describe the thing that is linked."
            yield _finding(link, "linked-thing", message, "Correct its name, or describe it.")


def _related_twice(links: list[Quad]) -> Iterator[Finding]:
    relations: defaultdict[tuple[Term, Term], list[Quad]] = defaultdict(list)
    for link in links:
        relations[link.subject, link.object].append(link)
    for found in relations.values():
        if len(found) > 1:
            names = " and ".join(shorten(link.predicate.value) for link in found)
            message = f"One item is linked by {names}."
            yield _finding(found[-1], "one-relation", message, "Keep the relation that is true.")


def _not_one_to_one(links: list[Quad]) -> Iterator[Finding]:
    items: defaultdict[Term, set[str]] = defaultdict(set)
    things: defaultdict[Term, set[str]] = defaultdict(set)
    for link in links:
        items[link.subject].add(_short(link.object))
        things[link.object].add(_short(link.subject))
    for link in links:
        if len(items[link.subject]) > 1:
            message = f"One thing is said to be {_all(items[link.subject])}."
            yield _finding(link, "one-to-one", message, "Keep the item that it is.")
        if len(things[link.object]) > 1:
            message = f"One item is said to be {_all(things[link.object])}."
            yield _finding(link, "one-to-one", message, "Keep the thing that it is.")


def _all(names: set[str]) -> str:
    return " and ".join(sorted(names))


def _short(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)


def _finding(link: Quad, rule: str, message: str, mend: str) -> Finding:
    return Finding(
        check="links",
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        mend=mend,
        focus=link.subject,
        predicate=link.predicate,
        value=link.object,
    )
