"""Labels of blank nodes that are the same in every run.

They are canonical by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), whose time can grow exponentially
with the blank nodes that look alike. Section 7.1 asks for a bound on its steps. So these are
estimated first; beyond the bound labels follow what is around a blank node, and where that too is
alike the order of the statements.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from math import factorial
from typing import TypeAlias

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

__all__ = ["coloured", "is_within_bound", "labelled"]

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple | DefaultGraph
_Line = tuple[int | bytes, ...]
"""The terms of a quad, a blank node as its number and another as it is written."""
_MOST_STEPS, _STEPS_A_NODE = 5_000, 10
"""Calls that Hash N-Degree Quads (section 4.8) makes of itself: less than about a second's."""
_DEEPEST = 200
_ROUNDS = 16
"""How far around a blank node is looked, in statements."""


def labelled(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads with new labels for blank nodes, each once."""
    each = list(dict.fromkeys(quads))
    nodes = _Nodes(each)
    if not nodes.numbers:
        return each
    if nodes.are_within_bound():
        dataset = Dataset(each)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return list(dataset)
    found = nodes.colours()
    order = sorted(
        nodes.numbers, key=lambda node: (found[nodes.numbers[node]], nodes.numbers[node])
    )
    labels = {node: BlankNode(f"b{number}") for number, node in enumerate(order)}
    return [_renamed(quad, labels) for quad in each]


def is_within_bound(quads: Iterable[Quad]) -> bool:
    """Return whether RDFC-1.0 labels the blank nodes in a number of steps that is not too large."""
    return _Nodes(quads).are_within_bound()


def coloured(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads with blank nodes named after what is around them, the same for the same graph.

    Blank nodes that only their far surroundings tell apart share a name.
    """
    each = list(quads)
    nodes = _Nodes(each)
    found = nodes.colours()
    names = {node: BlankNode(f"c{found[number].hex()}") for node, number in nodes.numbers.items()}
    return [_renamed(quad, names) for quad in each]


class _Nodes:
    """The blank nodes of quads, numbered in their order, with the lines that each stands in."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.numbers: dict[BlankNode, int] = {}
        self._about: list[list[_Line]] = []
        for quad in quads:
            terms = list(_flat(quad))
            if any(isinstance(term, BlankNode) for term in terms):
                line = tuple(map(self._number, terms))
                for number in {part for part in line if isinstance(part, int)}:
                    self._about[number].append(line)

    def _number(self, term: Term) -> int | bytes:
        if not isinstance(term, BlankNode):
            return str(term).encode()
        number = self.numbers.setdefault(term, len(self.numbers))
        if number == len(self._about):
            self._about.append([])
        return number

    def are_within_bound(self) -> bool:
        """Return whether the estimate of steps is not beyond the bound."""
        groups = self._groups()
        steps = _Steps(groups)
        try:
            for node in groups:
                steps.count(node, 1, {node}, 0)
        except OverflowError:
            return False
        return True

    def _groups(self) -> dict[int, list[list[int]]]:
        """Return the nodes whose lines are like another's, with such nodes near each.

        Those near a node are in groups, by where they stand and what they are like (section 4.7).
        """
        shapes = [_shape(node, lines) for node, lines in enumerate(self._about)]
        times = Counter(shapes)
        alike = {node for node, shape in enumerate(shapes) if times[shape] > 1}
        found = {}
        for node in sorted(alike):
            near: defaultdict[object, dict[int, None]] = defaultdict(dict)
            for line in self._about[node]:
                for place, part in enumerate(line):
                    if isinstance(part, int) and part != node and part in alike:
                        near[place, line[1], shapes[part]][part] = None
            found[node] = [list(group) for group in near.values()]
        return found

    def colours(self) -> list[bytes]:
        """Return a digest of what is around each node; those alike are looked at again."""
        found = [b""] * len(self._about)
        left, before = list(range(len(found))), (0, 0)
        for _ in range(_ROUNDS):
            new = [_colour(node, self._about[node], found) for node in left]
            for node, colour in zip(left, new, strict=True):
                found[node] = colour
            times = Counter(new)
            left = [node for node in left if times[found[node]] > 1]
            now = len(left), len({found[node] for node in left})
            if now == before:
                break
            before = now
        return found


class _Steps:
    """Counts the calls that Hash N-Degree Quads makes for nodes with the groups of those near them.

    Each order of the nodes in a group is tried, each of them is followed once in it.
    """

    def __init__(self, groups: Mapping[int, Sequence[Sequence[int]]]) -> None:
        self._groups = groups
        self._left = _MOST_STEPS + _STEPS_A_NODE * len(groups)

    def count(self, node: int, times: int, issued: set[int], depth: int) -> None:
        """Count the calls that ``times`` calls for a node make.

        Raises:
            OverflowError: these are more than the bound.
        """
        for group in self._groups[node]:
            calls = times * factorial(min(len(group), 20))
            for near in group:
                if near not in issued:
                    self._left -= calls
                    if self._left < 0 or depth > _DEEPEST:
                        raise OverflowError
                    issued.add(near)
                    self.count(near, calls, issued, depth + 1)


def _shape(node: int, lines: Iterable[_Line]) -> frozenset[tuple[_Line, int]]:
    """Return what Hash First Degree Quads hashes (section 4.6): -1 is the node, -2 another."""
    shaped = (
        tuple((-1 if part == node else -2) if isinstance(part, int) else part for part in line)
        for line in lines
    )
    return frozenset(Counter(shaped).items())


def _colour(node: int, lines: Iterable[_Line], before: Sequence[bytes]) -> bytes:
    texts = sorted(
        b" ".join(
            (b"_:a" if part == node else b"_:z" + before[part].hex().encode())
            if isinstance(part, int)
            else part
            for part in line
        )
        for line in lines
    )
    return blake2b(b"\n".join([before[node], *texts]), digest_size=16).digest()


def _flat(quad: Quad) -> Iterator[Term]:
    """Yield the terms of a quad, for a triple term those in it."""
    left: list[Term] = [quad.graph_name, quad.object, quad.predicate, quad.subject]
    while left:
        term = left.pop()
        if isinstance(term, Triple):
            left += [term.object, term.predicate, term.subject]
        else:
            yield term


def _renamed(quad: Quad, labels: Mapping[BlankNode, BlankNode]) -> Quad:
    subject, predicate, value, name = quad
    return Quad(_term(subject, labels), predicate, _term(value, labels), _term(name, labels))  # type: ignore[arg-type]  # each of its kind


def _term(term: Term, labels: Mapping[BlankNode, BlankNode]) -> Term:
    if isinstance(term, BlankNode):
        return labels[term]
    if isinstance(term, Triple):
        return Triple(
            _term(term.subject, labels),  # type: ignore[arg-type]  # as before
            term.predicate,
            _term(term.object, labels),  # type: ignore[arg-type]  # as before
        )
    return term
