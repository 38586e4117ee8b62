"""Property paths evaluated as SPARQL 1.1, section 18.4, defines them: slowly, and in few lines.

https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns. A path is a nested tuple, an end is a
variable (``?x``) or a term, and solutions are counted pairs of subject and object.
"""

from collections import Counter
from collections.abc import Iterable

Path = str | tuple["str | Path", ...]
Triples = frozenset[tuple[str, str, str]]
Pairs = Counter[tuple[str, str]]


def is_variable(end: str) -> bool:
    """Return whether an end of a path is a variable."""
    return end.startswith("?")


def nodes(graph: Triples) -> set[str]:
    """Return the subjects and objects of a graph, among which a path of length zero leads."""
    return {node for subject, _, object_ in graph for node in (subject, object_)}


def written(path: Path) -> str:
    """Return a path as SPARQL."""
    if isinstance(path, str):
        return f"ex:{path}"
    kind, *parts = path
    if kind in {"|", "/"}:
        return f"({str(kind).join(written(part) for part in parts)})"
    return f"^({written(parts[0])})" if kind == "^" else f"({written(parts[0])}){kind}"


def pairs(graph: Triples, start: str, path: Path, end: str) -> Pairs:
    """Return the solutions of ``start path end``."""
    if isinstance(path, str):
        found = Counter((s, o) for s, p, o in graph if p == path)
        return _between(found, start, end)
    kind, *parts = path
    first = parts[0]
    if kind == "|":
        return sum((pairs(graph, start, part, end) for part in parts), Counter())
    if kind == "/":
        left = pairs(graph, start, first, "?middle")
        right = pairs(graph, "?middle", parts[1], end)
        joined: Pairs = Counter()
        for (s, m), n in left.items():
            for (t, o), k in right.items():
                joined[s, o] += n * k if m == t else 0
        return +joined
    if kind == "^":
        return Counter({(o, s): n for (s, o), n in pairs(graph, end, first, start).items()})
    reached = _closure(graph, start, first, end, steps=1 if kind == "?" else len(graph) * 9)
    if kind == "+":
        return Counter(set(_between(reached, start, end)))
    known = {
        (node, node) for node in nodes(graph) | {e for e in (start, end) if not is_variable(e)}
    }
    return Counter(set(_between({*reached, *known}, start, end)))


def _closure(graph: Triples, start: str, path: Path, end: str, steps: int) -> set[tuple[str, str]]:
    """Return what a path, taken once or again and again, leads from and to."""
    terms = {e for e in (start, end) if not is_variable(e)}
    step = {pair for one in nodes(graph) | terms for pair in pairs(graph, one, path, "?other")}
    reached = set(step)
    for _ in range(steps - 1):
        more = reached | {(s, o) for s, m in reached for t, o in step if m == t}
        if more == reached:
            break
        reached = more
    return reached


def _between(found: Iterable[tuple[str, str]], start: str, end: str) -> Pairs:
    counted = found if isinstance(found, Counter) else Counter(found)
    return Counter(
        {
            (s, o): n
            for (s, o), n in counted.items()
            if (is_variable(start) or s == start) and (is_variable(end) or o == end)
        }
    )
