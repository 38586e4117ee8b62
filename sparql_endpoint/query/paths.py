"""Property paths by SPARQL 1.1, section 18.4.

https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns

An alternative keeps a solution once for each side that it comes from; the engine keeps it once in
all. It is written out as a union. A path of length zero from a term leads to that term also where
the data do not have it; the engine's does only where they do, so that solution is added.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.reading import Edit, Reading
from sparql_endpoint.query.triples import Clause, Statement, statements

__all__ = ["Paths"]

_MOST_BRANCHES = 16
_ZERO = ("*", "?")


@dataclass(frozen=True)
class _Path:
    """A path: an alternative or a sequence of parts, an inverse or a repeated part, or a step.

    ``kind`` is ``|``, ``/``, ``^``, one of ``*+?``, or empty for a step whose text is ``text``.
    """

    kind: str
    text: str
    parts: tuple["_Path", ...] = ()

    @property
    def begins_at_zero(self) -> bool:
        """Whether the path leads from a term to that term, and on from there to any variable."""
        if self.kind in {"^", "+"}:
            return self.parts[0].begins_at_zero
        return self.kind in _ZERO or (
            self.kind == "|" and any(part.begins_at_zero for part in self.parts)
        )

    @property
    def may_be_empty(self) -> bool:
        """Whether the path leads from a term to that term, given as both ends."""
        if self.kind == "/":
            return all(part.may_be_empty for part in self.parts)
        if self.kind in {"^", "+", "|"}:
            return any(part.may_be_empty for part in self.parts)
        return self.kind in _ZERO

    def branches(self) -> list[str]:
        """Return the paths whose union this is, none of which keeps too little."""
        if self.kind == "|":
            return [branch for part in self.parts for branch in part.branches()]
        if self.kind == "/":
            return ["/".join(steps) for steps in product(*(part.branches() for part in self.parts))]
        if self.kind == "^":
            return [f"^({branch})" for branch in self.parts[0].branches()]
        return [f"({self.text})" if self.kind else self.text]

    def count(self) -> int:
        """Return how many branches there are."""
        counts = [part.count() for part in self.parts]
        if self.kind == "|":
            return sum(counts)
        if self.kind == "/":
            total = 1
            for count in counts:
                total *= count
            return total
        return counts[0] if self.kind == "^" else 1


@dataclass
class Paths:
    """The edits to the paths of a query, and warnings where one cannot be written otherwise."""

    reading: Reading
    edits: list[Edit] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _labels: dict[int, bool] = field(default_factory=dict)

    def find(self) -> None:
        """Look at every statement of the query."""
        counting = self._counts_solutions()
        for statement in statements(self.reading):
            self._take(statement, counting=counting and not self._only_asks(statement))

    def _counts_solutions(self) -> bool:
        """Return whether it matters how often a solution comes: not in ASK nor below DISTINCT."""
        reading = self.reading
        selects = [at for at in reading.here() if reading.word(at).startswith("SELECT")]
        if not reading.word(reading.body).startswith("SELECT"):
            return bool(selects)
        distinct = "DISTINCT" in (
            reading.word(reading.body + 1),
            reading.word(reading.body)[len("SELECT") :],
        )
        grouped = any(reading.word(at) in _AGGREGATES for at in reading.here())
        return not distinct or len(selects) > 1 or grouped

    def _only_asks(self, statement: Statement) -> bool:
        """Return whether a statement stands in EXISTS or MINUS, where once is as good as twice."""
        reading = self.reading
        outer = reading.outer[statement.start]
        while outer >= 0:
            if reading.sign(outer) == "{" and reading.word(outer - 1).endswith(("EXISTS", "MINUS")):
                return True
            outer = reading.outer[outer]
        return False

    def _take(self, statement: Statement, *, counting: bool) -> None:
        """Write a statement anew if one of its paths would be answered otherwise."""
        rewritten, rest = list[str](), list[Clause]()
        for clause in statement.clauses:
            groups = self._groups(statement, clause, counting=counting)
            if groups is None:
                rest.append(clause)
            else:
                rewritten += groups
        if not rewritten:
            return
        if self._holds_labels(statement):
            self.notices.append(_LABELS)
            return
        reading = self.reading
        subject = reading.source(*statement.subject)
        kept = " ; ".join(reading.source(clause.path[0], clause.objects[-1][1]) for clause in rest)
        first, last = statement.start, statement.stop
        made = f"{subject} {kept} " if kept else ""
        self.edits.append(
            (reading.tokens[first].start, reading.end(last - 1), f"{made}{' '.join(rewritten)} ")
        )

    def _holds_labels(self, statement: Statement) -> bool:
        """Return whether blank nodes with labels stand around: they may not cross groups."""
        opening = self.reading.outer[statement.start]
        if opening not in self._labels:
            within = self.reading.tokens[opening + 1 : self.reading.partner[opening]]
            self._labels[opening] = any(token.kind == "blank" for token in within)
        return self._labels[opening]

    def _groups(self, statement: Statement, clause: Clause, *, counting: bool) -> list[str] | None:
        """Return the groups that a clause becomes, a group an object, None if it stays as it is."""
        if clause.is_plain:
            return None
        path = _Parser(self.reading, *clause.path).parse()
        if path is None:
            return None
        alternative = counting and path.count() > 1
        ends = [statement.subject, *clause.objects]
        constants = [self._is_constant(end) for end in ends]
        zero = path.begins_at_zero and any(constants)
        zero = zero or (path.may_be_empty and constants[0] and any(constants[1:]))
        if not alternative and not zero:
            return None
        simple = all(self._is_simple(end) for end in ends)
        if path.count() > _MOST_BRANCHES or not simple:
            self.notices.append(_ALTERNATIVE if alternative else _ZERO_LENGTH)
            return None
        subject = self.reading.source(*statement.subject)
        return [
            self._group(subject, path, self.reading.source(*end), statement.subject, end)
            for end in clause.objects
        ]

    def _group(
        self, subject: str, path: _Path, target: str, start: tuple[int, int], end: tuple[int, int]
    ) -> str:
        parts = path.parts if path.kind == "|" else (path,)
        branches = list[str]()
        for part in parts:
            if part.may_be_empty and (self._is_constant(start) or self._is_constant(end)):
                branches += self._from_zero(subject, part, target, start, end)
            else:
                branches += [f"{{ {subject} {branch} {target} }}" for branch in part.branches()]
        return " UNION ".join(branches) if len(branches) > 1 else branches[0]

    def _from_zero(
        self, subject: str, path: _Path, target: str, start: tuple[int, int], end: tuple[int, int]
    ) -> Iterator[str]:
        """Yield the groups of a path that may have length zero, an end of which is a term."""
        first, last = self._is_constant(start), self._is_constant(end)
        yield from (f"{{ {subject} {branch} {target} }}" for branch in path.branches())
        if first and last:
            if self._term(start) == self._term(end):
                yield f"{{ FILTER NOT EXISTS {{ {subject} {path.text} {target} }} }}"
        elif path.begins_at_zero:
            term, variable = (subject, target) if first else (target, subject)
            yield (
                f"{{ VALUES {variable} {{ {term} }}"
                f" FILTER NOT EXISTS {{ {term} {path.text} {term} }} }}"
            )

    def _is_constant(self, end: tuple[int, int]) -> bool:
        kind = self.reading.tokens[end[0]].kind
        return kind in {"iri", "name", "string", "number", "word"}

    def _is_simple(self, end: tuple[int, int]) -> bool:
        return self._is_constant(end) or (
            end[1] == end[0] + 1 and self.reading.tokens[end[0]].kind == "variable"
        )

    def _term(self, end: tuple[int, int]) -> str:
        token = self.reading.tokens[end[0]]
        if token.kind in {"iri", "name"}:
            return f"<{self.reading.prologue.iri(token)}>"
        return self.reading.source(*end)


class _Parser:
    """A path read from the tokens of a clause: SPARQL 1.1, rules 88 to 96."""

    def __init__(self, reading: Reading, start: int, stop: int) -> None:
        self._reading, self._at, self._stop = reading, start, stop

    def parse(self) -> _Path | None:
        """Return the path, None for what is none."""
        path = self._several("|", lambda: self._several("/", self._inverse))
        return path if path is not None and self._at == self._stop else None

    def _sign(self) -> str:
        return self._reading.sign(self._at) if self._at < self._stop else ""

    def _several(self, sign: str, part: Callable[[], "_Path | None"]) -> _Path | None:
        start, parts = self._at, list[_Path]()
        while True:
            found = part()
            if found is None:
                return None
            parts.append(found)
            if self._sign() != sign:
                break
            self._at += 1
        if len(parts) == 1:
            return parts[0]
        flat = [inner for part in parts for inner in (part.parts if part.kind == sign else (part,))]
        return _Path(sign, self._text(start), tuple(flat))

    def _inverse(self) -> _Path | None:
        if self._sign() != "^":
            return self._element()
        start = self._at
        self._at += 1
        inner = self._element()
        return None if inner is None else _Path("^", self._text(start), (inner,))

    def _element(self) -> _Path | None:
        start = self._at
        found = self._primary()
        if found is not None and self._sign() in {"*", "+", "?"}:
            kind = self._sign()
            self._at += 1
            return _Path(kind, self._text(start), (found,))
        return found

    def _primary(self) -> _Path | None:
        start = self._at
        if start >= self._stop:
            return None
        if self._sign() == "(":
            close = self._reading.partner[start]
            found = _Parser(self._reading, start + 1, close).parse()
            self._at = close + 1
            return found
        if self._sign() == "!":
            self._at += 1
            if self._sign() == "(":
                self._at = self._reading.partner[self._at] + 1
            else:
                self._at += 2 if self._sign() == "^" else 1
            return _Path("", self._text(start))
        self._at += 1
        return _Path("", self._text(start))

    def _text(self, start: int) -> str:
        return self._reading.source(start, self._at)


_AGGREGATES = frozenset({"AVG", "COUNT", "GROUP", "GROUP_CONCAT", "HAVING", "SAMPLE", "SUM"})
_ALTERNATIVE = Notice(
    "path-alternative",
    "an alternative path (a|b) gives a solution once here that should come once for each side"
    " that it comes from; name its ends by variables or IRIs, write a UNION, or ask for DISTINCT"
    " solutions",
)
_ZERO_LENGTH = Notice(
    "path-zero-length",
    "a path that may have length zero leads from a term to itself only where the data have the"
    " term; name the other end by a variable",
)
_LABELS = Notice(
    "path-alternative",
    "a path (a|b, a* or a?) beside blank nodes with labels may give too few solutions here; write"
    " variables for _:labels",
)
