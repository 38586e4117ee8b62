"""A long union whose branches differ in one term, written as a pattern with VALUES.

The time that the engine takes to plan a union grows with the square of its branches: 1,000 take a
second, VALUES of 1,000 terms some milliseconds. Each branch is the pattern with one of the terms:
the pattern joined with a row for each has the same solutions, as often (SPARQL 1.1, section 18.5,
https://www.w3.org/TR/sparql11-query/#sparqlAlgebra); a subquery hides the variable in their place.
"""

from sparql_endpoint.query.distribute import Branch, union_chain
from sparql_endpoint.query.reading import Edit, Reading
from sparql_endpoint.query.triples import Statement, statements

__all__ = ["LEAST", "folded"]

LEAST = 20
"""Branches that a union has at least to be written otherwise."""

_CONSTANTS = frozenset({"iri", "name", "number", "string"})


def folded(reading: Reading) -> list[Edit]:
    """Return the edits that write long unions as patterns with VALUES."""
    edits, by_start = list[Edit](), {one.start: one for one in statements(reading)}
    for at in reading.here():
        if (
            reading.sign(at) != "{"
            or reading.word(at - 1)
            or reading.word(reading.partner[at] + 1) != "UNION"
        ):
            continue
        chain = list(union_chain(reading, at))
        varying = _varying(reading, chain, by_start) if len(chain) >= LEAST else None
        if varying is not None:
            edits.append(_edit(reading, chain, varying))
    return edits


def _varying(reading: Reading, chain: list[int], by_start: dict[int, Statement]) -> int | None:
    """Return how far behind its brace the one token stands that differs, None without such."""
    first = chain[0]
    length = reading.partner[first] - first
    if any(reading.partner[brace] - brace != length for brace in chain):
        return None
    places = [
        place
        for place in range(1, length)
        if len({reading.tokens[brace + place].text for brace in chain}) > 1
    ]
    if len(places) != 1 or Branch.read(reading, first, by_start) is None:
        return None
    place = places[0]
    alone = any(
        (first + place, first + place + 1)
        in (one.subject, *(part for each in one.clauses for part in (each.path, *each.objects)))
        for one in by_start.values()
        if first < one.start < first + length
    )
    constants = all(reading.tokens[brace + place].kind in _CONSTANTS for brace in chain)
    labels = any(reading.tokens[first + at].kind == "blank" for at in range(length))
    return place if alone and constants and not labels else None


def _edit(reading: Reading, chain: list[int], place: int) -> Edit:
    first = chain[0]
    close = reading.partner[first]
    names = dict.fromkeys(
        token.text for token in reading.tokens[first:close] if token.kind == "variable"
    )
    hidden = "?each"
    while hidden in reading.text:
        hidden += "_"
    before = reading.source(first + 1, first + place)
    after = reading.source(first + place + 1, close)
    terms = " ".join(reading.tokens[brace + place].text for brace in chain)
    pattern = f"{before} {hidden} {after} VALUES {hidden} {{ {terms} }}"
    made = f"{{ SELECT {' '.join(names) or '(1 AS ' + hidden + '_)'} {{ {pattern} }} }}"
    return reading.tokens[first].start, reading.end(reading.partner[chain[-1]]), made
