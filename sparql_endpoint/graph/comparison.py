"""What changed between two releases of a graph, thing by thing and in sentences.

Only what the statements mean is compared: files, graphs, order and the labels of blank nodes do
not count. What belongs to a claim (the words that it rests on, the fact that it asserts) is told
with the claim.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Store,
    Triple,
)

from sparql_endpoint.graph.disagreement import rivals
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Claim, objects, read_evidence
from sparql_endpoint.graph.ranking import triple_of
from sparql_endpoint.names import expand, shorten

__all__ = ["Change", "changes"]

_TYPE, _EVIDENCE, _SOURCE = (
    NamedNode(expand(name)) for name in ("rdf:type", "dfo:evidence", "oa:hasSource")
)
_STANDING = NamedNode(expand("dfo:standing"))
_CLAIMANT = NamedNode(expand("dfo:claimant"))
_OF_CLAIM = {"rdf:subject": "subject", "rdf:predicate": "property", "rdf:object": "value"}
_NAMES = ("rdfs:label", "skos:prefLabel", "dcterms:title", "foaf:name", "schema:name")
_MOST_LETTERS = 80
"""Letters of a value that a sentence shows."""


@dataclass(frozen=True)
class Change:
    """One thing that changed: a sentence, and the triples that came and went."""

    subject: Term
    sentence: str
    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]


def changes(before: Store, after: Store) -> list[Change]:
    """Return what changed from one graph to another, sorted by subject: one change a thing."""
    old, new = _Side(before), _Side(after)
    added, removed = new.triples - old.triples, old.triples - new.triples
    touched = {triple.subject for triple in (*added, *removed)}
    owners = {s: new.owner(s) or old.owner(s) or s for s in touched}
    claims = {*new.claims, *old.claims} & {owners[s] for s in touched}
    by_owner: defaultdict[Term, tuple[list[Triple], list[Triple]]] = defaultdict(lambda: ([], []))
    for side, which, triples in ((new, 0, added), (old, 1, removed)):
        for triple in triples:
            claim = side.claim_of(triple, claims)
            by_owner[claim or owners[triple.subject]][which].append(triple)
    found = (
        Change(owner, _sentence(owner, old, new, *pair), *map(_sorted, pair))
        for owner, pair in by_owner.items()
    )
    return sorted(found, key=lambda change: str(change.subject))


def _by_content(triples: Collection[Triple]) -> Iterator[Triple]:
    """Yield triples whose blank nodes have labels that follow from what is said of them."""
    about: defaultdict[BlankNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, BlankNode):
            about[triple.subject].append(triple)
    labels: dict[BlankNode, str] = {}

    def label(node: BlankNode, path: frozenset[BlankNode]) -> str:
        if node in path:
            return "cycle"
        if node not in labels or path:
            inner = path | {node}
            lines = sorted(f"{t.predicate} {written(t.object, inner)}" for t in about[node])
            digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:24]
            if path:
                return digest
            labels[node] = digest
        return labels[node]

    def written(term: Term, path: frozenset[BlankNode]) -> str:
        return label(term, path) if isinstance(term, BlankNode) else str(term)

    def renamed(term: Any) -> Any:
        return BlankNode(f"b{label(term, frozenset())}") if isinstance(term, BlankNode) else term

    for triple in triples:
        yield Triple(renamed(triple.subject), triple.predicate, renamed(triple.object))


class _Side:
    """One of the two graphs."""

    def __init__(self, store: Store) -> None:
        self.triples = frozenset(_by_content({quad.triple for quad in store}))
        self.store = Store()
        self.store.extend(Quad(t.subject, t.predicate, t.object) for t in self.triples)
        evidence = read_evidence(self.store)
        self.claims: Mapping[Term, Claim] = {claim.iri: claim for claim in evidence.claims}
        self.rivals = rivals(self.store, evidence.claims)
        self._of_triple: defaultdict[object, set[NamedNode]] = defaultdict(set)
        for claim in evidence.claims:
            self._of_triple[triple_of(claim)].add(claim.iri)

    def owner(self, subject: Term) -> Term | None:
        """Return what a subject belongs to: itself, or of a quote or blank node what points to it.

        None where this graph does not have it.
        """
        if isinstance(subject, NamedNode):
            base = NamedNode(subject.value.removesuffix("#selector"))
            claims = [
                quad.subject
                for quad in self.store.quads_for_pattern(None, _EVIDENCE, base, DefaultGraph())
            ]
            quoted = next(self.store.quads_for_pattern(base, _SOURCE, None, None), None)
            if quoted and len(claims) == 1:
                return claims[0]
            return base if self._describes(base) else None
        pointing = next(self.store.quads_for_pattern(None, None, subject, None), None)
        if pointing is not None and pointing.subject != subject:
            return self.owner(pointing.subject)
        return subject if self._describes(subject) else None

    def claim_of(self, triple: Triple, among: Iterable[Term]) -> NamedNode | None:
        """Return the one of some claims that states a triple, if there is one."""
        stating = self._of_triple.get((triple.subject, triple.predicate, triple.object), set())
        found = sorted(stating.intersection(among), key=str)
        return found[0] if found else None

    def says(self, claim: Claim) -> str:
        """Return a claim in words."""
        parts = (claim.subject, claim.predicate, claim.object)
        return f"“{' '.join(map(self.name, parts))}”, says {self.name(claim.claimant)}"

    def name(self, term: Term | None) -> str:
        """Return what a term is called in English, else its short name or its text."""
        if term is None:
            return "nothing"
        if isinstance(term, Literal):
            text = term.value
            return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"
        if not isinstance(term, NamedNode):
            return "a thing without a name"
        named = [label for kind in _NAMES for label in objects(self.store, term, kind)]
        english = [x for x in named if isinstance(x, Literal) and x.language in {"en", None}]
        return english[0].value if english else shorten(term.value)

    def kind(self, subject: Term) -> str:
        """Return the classes of a thing in words."""
        kinds = objects(self.store, subject, "rdf:type")
        return ", ".join(map(self.name, kinds)) or "thing"

    def _describes(self, subject: Term) -> bool:
        return next(self.store.quads_for_pattern(subject, None, None, None), None) is not None  # type: ignore[arg-type]


def _sentence(
    subject: Term, old: _Side, new: _Side, added: list[Triple], removed: list[Triple]
) -> str:
    was, now = old.claims.get(subject), new.claims.get(subject)
    if was is None and now is None:
        return _of_thing(subject, old, new, added, removed)
    short = shorten(subject.value) if isinstance(subject, NamedNode) else str(subject)
    if now is None:
        assert was is not None  # noqa: S101  # one of the two is there
        return f"Claim {short} is gone: {old.says(was)}."
    if was is None:
        text = f"New claim {short}: {new.says(now)}; {_standing(now)}"
    else:
        own = [[t for t in triples if t.subject == subject] for triples in (added, removed)]
        parts = [*_of_claim(was, now, old, new), *_differences(old, new, *own)]
        text = f"Claim {short}: {'; '.join(parts) or 'its words or its fact changed'}"
    before = {other.iri for other in old.rivals.get(now.iri, ())}
    others = [other for other in new.rivals.get(now.iri, ()) if other.iri not in before]
    if others:
        text += f"; it now disagrees with {', '.join(shorten(o.iri.value) for o in others)}"
    return f"{text}."


def _of_claim(was: Claim, now: Claim, old: _Side, new: _Side) -> Iterator[str]:
    """Yield what is different about who makes a claim, and about its standing."""
    if was.standing != now.standing:
        yield f"moved from {_standing(was)} to {_standing(now)}"
    if was.claimant != now.claimant:
        yield f"said by {new.name(now.claimant)}, before by {old.name(was.claimant)}"


def _standing(claim: Claim) -> str:
    value = getattr(claim.standing, "value", "")
    return value.rpartition("#")[2] or "without standing"


def _of_thing(
    subject: Term, old: _Side, new: _Side, added: list[Triple], removed: list[Triple]
) -> str:
    side, other = (new, old) if added else (old, new)
    if not removed and other.owner(subject) is None:
        return f"New {side.kind(subject)}: {_called(side, subject)}."
    if not added and other.owner(subject) is None:
        return f"Gone, a {side.kind(subject)}: {_called(side, subject)}."
    return f"{_called(side, subject)}: {'; '.join(_differences(old, new, added, removed))}."


def _called(side: _Side, subject: Term) -> str:
    name = side.name(subject)
    short = shorten(subject.value) if isinstance(subject, NamedNode) else ""
    return name if name == short or not short else f"{name} ({short})"


def _differences(
    old: _Side, new: _Side, added: Iterable[Triple], removed: Iterable[Triple]
) -> Iterator[str]:
    """Yield what is different about each property."""
    values: defaultdict[NamedNode, tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
    for which, triples in ((0, removed), (1, added)):
        for triple in _sorted(triples):
            told = triple.predicate in {_STANDING, _CLAIMANT}  # as sentences of their own
            if not told and not isinstance(triple.object, BlankNode):
                values[triple.predicate][which].append(triple.object)
    for predicate, (gone, came) in sorted(values.items(), key=lambda item: str(item[0])):
        if gone == came:  # of a blank node of which something else changed
            continue
        short = shorten(predicate.value)
        name = _OF_CLAIM.get(short) or new.name(predicate)
        before, after = (
            ", ".join(side.name(term) for term in terms)
            for side, terms in ((old, gone), (new, came))
        )
        if gone and came:
            yield f"{name} is {after}, was {before}"
        elif came:
            yield f"{name} {after} is new"
        else:
            yield f"{name} {before} is gone"


def _sorted(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    return tuple(sorted(triples, key=str))
