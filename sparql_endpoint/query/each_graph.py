"""GRAPH with a variable, evaluated for each graph by itself as SPARQL 1.1 defines it.

Section 18.6 (https://www.w3.org/TR/sparql11-query/#sparqlAlgebraEval): ``GRAPH ?g { P }`` is the
union, over the named graphs, of P in that graph joined with ?g. The engine hands ?g down to the
patterns of P instead, which is another thing where P has a subquery, VALUES, MINUS, another GRAPH
or ?g itself in it. There the definition is written out, a branch for each graph.
"""

from functools import lru_cache

from pyoxigraph import BlankNode, NamedNode

from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.reading import Reading, edited, read

__all__ = ["each_graph", "needs_each_graph", "scope_notices"]

_TELLING = ("GRAPH", "MINUS", "SELECT", "VALUES")
_MOST_GRAPHS = 200
_MOST_CLAUSES = 40
_LONGEST = 60_000
_REMEMBERED = 64


def needs_each_graph(reading: Reading) -> int | None:
    """Return the index of the first GRAPH that the engine would evaluate otherwise, or None."""
    for at in reading.here():
        if not reading.word(at).endswith("GRAPH"):
            continue
        if at + 2 >= len(reading.tokens) or reading.tokens[at + 1].kind != "variable":
            continue
        if reading.sign(at + 2) == "{" and _differs(reading, at + 1):
            return at
    return None


def _name(reading: Reading, at: int) -> str:
    return reading.tokens[at].text[1:]


def _differs(reading: Reading, at: int) -> bool:
    name = _name(reading, at)
    for inner in range(at + 2, reading.partner[at + 1]):
        if reading.word(inner).endswith(_TELLING):
            return True
        if reading.tokens[inner].kind == "variable" and _name(reading, inner) == name:
            return True
    return False


@lru_cache(maxsize=_REMEMBERED)
def each_graph(
    text: str, names: tuple[NamedNode | BlankNode, ...]
) -> tuple[str, tuple[Notice, ...]]:
    """Return a query whose GRAPH clauses have a branch for each of the graphs, where that matters.

    There is a warning instead where the graphs are too many, or one has no name that a query could
    hold.
    """
    written = text
    if len(names) > _MOST_GRAPHS or not all(isinstance(name, NamedNode) for name in names):
        return text, (_TOO_MANY,)
    for _ in range(_MOST_CLAUSES):
        reading = read(written)
        at = needs_each_graph(reading)
        if at is None:
            return written, ()
        start = reading.end(at) - len("GRAPH")
        close = reading.partner[at + 2]
        variable = reading.tokens[at + 1].text
        body = reading.source(at + 2, close + 1)
        branches = [f"{{ GRAPH {name} {body} VALUES {variable} {{ {name} }} }}" for name in names]
        made = f" {{ {' UNION '.join(branches) or f'VALUES {variable} {{ }}'} }}"
        written = edited(written, [(start, reading.end(close), made)])
        if len(written) > _LONGEST:
            break
    return text, (_TOO_MANY,)


def scope_notices(reading: Reading) -> list[Notice]:
    """Return a warning for each GRAPH that reads its variable in an expression inside, unbound."""
    found = list[Notice]()
    for at in reading.here():
        if not reading.word(at).endswith("GRAPH") or reading.sign(at + 2) != "{":
            continue
        if reading.tokens[at + 1].kind != "variable":
            continue
        name = _name(reading, at + 1)
        for inner in range(at + 3, reading.partner[at + 2]):
            token = reading.tokens[inner]
            if token.kind == "variable" and token.text[1:] == name and reading.expression[inner]:
                found.append(Notice("graph-variable", _SCOPE.format(name)))
                break
    return found


_TOO_MANY = Notice(
    "graph-subquery",
    "a subquery, VALUES, MINUS or GRAPH inside GRAPH with a variable is evaluated over all graphs"
    " at once here, since they are too many, or named by blank nodes, to be asked one by one; name"
    " the graph, or put FROM NAMED before WHERE for those wanted",
)
_SCOPE = (
    "?{0} has no value inside GRAPH ?{0} {{ … }}: it gets one only behind the braces, so what reads"
    " it inside is an error. Write the FILTER or BIND behind the closing brace"
)
