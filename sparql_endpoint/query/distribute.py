"""A pattern before or behind groups in braces, written into each of them.

``?t a :T . { A } UNION { B }`` is ``{ ?t a :T . A } UNION { ?t a :T . B }``: a join distributes
over a union (SPARQL 1.1, section 18.5, https://www.w3.org/TR/sparql11-query/#sparqlAlgebra). The
engine orders the patterns of a group without regard to what is bound outside, which can take hours
where the other takes milliseconds. It is done where the groups hold triples, and FILTER and BIND
that read only variables of those triples: then neither changes its meaning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sparql_endpoint.query.reading import Edit, Reading
from sparql_endpoint.query.terminals import IRI
from sparql_endpoint.query.triples import Statement, statements

__all__ = ["distributed", "may_distribute", "union_chain"]

_MOST_BRANCHES = 8
_GROUP = re.compile(r"\{[^{}]*\}")
_SEVERAL = re.compile(r"[;.]\s*[^\s;.}]")
_NEAR = 80
_IRI = re.compile(IRI)
_WORDS = ("UNION", "BIND", "FILTER")
_BEFORE = re.compile(
    r"(?:[{}]|\b(?:UNION|OPTIONAL|MINUS|EXISTS|WHERE|GRAPH\s+\S+|VALUES\s+\S+))\s*\Z"
)
_BEHIND = re.compile(r"[\s.]*(?:[?$:\[]|I\b|(?!UNION|OPTIONAL|FILTER|BIND|MINUS|VALUES|GRAPH)\w+:)")


def may_distribute(capitals: str) -> bool:
    """Return whether a query, in capitals, may have groups that this is for."""
    if capitals.count("{") < len(["outer", "inner"]) or not any(w in capitals for w in _WORDS):
        return False
    text = _IRI.sub("I", capitals)
    inside = text.find("{") + 1
    several = beside = False
    for group in _GROUP.finditer(text, inside):
        several = several or _SEVERAL.search(text, *group.span()) is not None
        beside = beside or (
            _BEFORE.search(text, max(0, group.start() - _NEAR), group.start()) is None
            or _BEHIND.match(text, group.end()) is not None
        )
    return several and beside


def distributed(reading: Reading) -> list[Edit]:
    """Return the edits that write what stands beside groups into them."""
    edits, moved = list[Edit](), set[int]()
    by_start = {one.start: one for one in statements(reading)}
    by_stop = {one.stop: one for one in by_start.values()}
    for at in reading.here():
        if reading.sign(at) != "{" or reading.sign(reading.outer[at]) != "{":
            continue
        if not (
            reading.sign(at - 1) in {"{", "}", "."} or at in by_stop or _behind_filter(reading, at)
        ):
            continue  # behind OPTIONAL, GRAPH or another keyword
        chain = list(union_chain(reading, at))
        branches = [Branch.read(reading, brace, by_start) for brace in chain]
        beside = list(_beside(reading, chain, by_start, by_stop))
        starts = {one.start for one in beside}
        if not starts & moved and _fits(reading, chain, branches, beside):
            moved |= starts
            edits += _edits(reading, chain, beside)
    return edits


def _behind_filter(reading: Reading, at: int) -> bool:
    close = at - 1
    return reading.sign(close) == ")" and reading.word(reading.partner[close] - 1) == "FILTER"


def union_chain(reading: Reading, brace: int) -> Iterator[int]:
    """Yield the opening braces of a group and those joined to it by UNION."""
    yield brace
    close = reading.partner[brace]
    while reading.word(close + 1) == "UNION" and reading.sign(close + 2) == "{":
        yield close + 2
        close = reading.partner[close + 2]


@dataclass(frozen=True)
class Branch:
    """What a group in braces holds: triples, FILTER and BIND that read their variables."""

    variables: frozenset[str]
    """Those of its triples."""
    targets: frozenset[str]
    """Those that BIND gives a value."""
    patterns: int
    """How many triples there are."""
    conditions: int
    """How many FILTER and BIND there are."""

    @classmethod
    def read(cls, reading: Reading, brace: int, by_start: dict[int, Statement]) -> "Branch | None":
        """Return the group, None for one that holds anything else."""
        variables, targets, reads = set[str](), set[str](), set[str]()
        patterns = conditions = 0
        at = brace + 1
        while at < reading.partner[brace]:
            statement = by_start.get(at)
            if statement is not None:
                variables |= _variables(reading, statement.start, statement.stop)
                patterns += sum(len(clause.objects) for clause in statement.clauses)
                at = statement.stop
            elif reading.word(at) in {"FILTER", "BIND"} and reading.sign(at + 1) == "(":
                close = reading.partner[at + 1]
                found = _variables(reading, at + 1, close)
                if reading.word(at) == "BIND":
                    target = reading.tokens[close - 1].text[1:]
                    found = _variables(reading, at + 1, close - 1)
                    if target in variables or not found <= variables:
                        return None
                    targets.add(target)
                reads |= found
                conditions += 1
                at = close + 1
            elif reading.sign(at) == ".":
                at += 1
            else:
                return None
        if not reads <= variables:
            return None
        return cls(frozenset(variables), frozenset(targets), patterns, conditions)


def _variables(reading: Reading, start: int, stop: int) -> set[str]:
    within = reading.tokens[start:stop]
    return {token.text[1:] for token in within if token.kind == "variable"}


def _beside(
    reading: Reading,
    chain: list[int],
    by_start: dict[int, Statement],
    by_stop: dict[int, Statement],
) -> Iterator[Statement]:
    """Yield the statements right before and behind a chain of groups, over FILTER."""
    at = chain[0]
    while True:
        at -= reading.sign(at - 1) == "."
        statement = by_stop.get(at)
        opening = reading.partner[at - 1] if reading.sign(at - 1) == ")" else -1
        if statement is not None and reading.outer[statement.start] == reading.outer[chain[0]]:
            yield statement
            at = statement.start
        elif opening > 0 and reading.word(opening - 1) == "FILTER":
            at = opening - 1
        else:
            break
    at = reading.partner[chain[-1]] + 1
    while True:
        at += reading.sign(at) == "."
        statement = by_start.get(at)
        if statement is not None:
            yield statement
            at = statement.stop
        elif reading.word(at) == "FILTER" and reading.sign(at + 1) == "(":
            at = reading.partner[at + 1] + 1
        else:
            break


def _fits(
    reading: Reading,
    chain: list[int],
    branches: list[Branch | None],
    beside: list[Statement],
) -> bool:
    """Return whether to write the statements into the groups means the same, and may help."""
    if not beside or not 1 <= len(chain) <= _MOST_BRANCHES or None in branches:
        return False
    groups = [branch for branch in branches if branch is not None]
    if max(group.patterns for group in groups) < len(["one", "other"]):
        return False
    if len(groups) == 1 and not groups[0].conditions:
        return False  # the engine itself takes away such braces
    shared = set[str]().union(*(_variables(reading, one.start, one.stop) for one in beside))
    if not all(group.variables & shared for group in groups):
        return False
    if any(t.kind == "blank" for one in beside for t in reading.tokens[one.start : one.stop]):
        return False
    outer, last = reading.outer[chain[0]], reading.partner[chain[-1]]
    around = _variables(reading, outer, chain[0])
    around |= _variables(reading, last, reading.partner[outer])
    return not any(group.targets & around for group in groups)


def _edits(reading: Reading, chain: list[int], beside: list[Statement]) -> Iterator[Edit]:
    text = " . ".join(reading.source(one.start, one.stop) for one in beside)
    for brace in chain:
        yield (reading.end(brace), reading.end(brace), f" {text} . ")
    for one in beside:
        dot = one.stop if reading.sign(one.stop) == "." else one.stop - 1
        yield (reading.tokens[one.start].start, reading.end(dot), " ")
