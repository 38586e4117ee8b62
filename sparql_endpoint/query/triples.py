"""The statements of a query's patterns: subjects, paths and objects, as ranges of tokens.

SPARQL 1.1, rules 75 to 87: https://www.w3.org/TR/sparql11-query/#rTriplesSameSubjectPath. Only
statements in braces are told, not those within square brackets, nor templates of CONSTRUCT.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sparql_endpoint.query.reading import Reading

__all__ = ["Clause", "Statement", "statements"]

Range = tuple[int, int]
_TERMS = frozenset({"iri", "name", "string", "number", "variable", "blank"})
_STEPS = frozenset({"iri", "name"})
_TRUTH = frozenset({"TRUE", "FALSE"})
_JOINING = frozenset({"/", "|"})
_MODIFIERS = frozenset({"*", "+", "?"})


@dataclass(frozen=True)
class Clause:
    """A path, or a variable or IRI in its place, and the objects behind it."""

    path: Range
    objects: tuple[Range, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it is one token: a variable, an IRI or ``a``."""
        return self.path[1] == self.path[0] + 1


@dataclass(frozen=True)
class Statement:
    """A subject with all that is said of it, from its first token to the last, without the dot."""

    subject: Range
    clauses: tuple[Clause, ...]

    @property
    def start(self) -> int:
        """The index of its first token."""
        return self.subject[0]

    @property
    def stop(self) -> int:
        """The index behind its last token."""
        return self.clauses[-1].objects[-1][1]


def statements(reading: Reading) -> Iterator[Statement]:
    """Yield the statements in the patterns of a query, as far as they are SPARQL 1.1."""
    template = _template(reading)
    at = reading.body
    while at < len(reading.tokens):
        if at in reading.elsewhere or at in template:
            at += 1
            continue
        found = _Walk(reading, at).statement() if _may_begin(reading, at) else None
        if found is None:
            at += 1
        else:
            yield found
            at = found.stop


def _template(reading: Reading) -> range:
    """Return the tokens of CONSTRUCT's template."""
    at = reading.body
    if not reading.word(at).startswith("CONSTRUCT") or reading.sign(at + 1) != "{":
        return range(0)
    return range(at + 1, reading.partner[at + 1] + 1)


def _may_begin(reading: Reading, at: int) -> bool:
    """Return whether a statement may begin at a token: in braces, behind another pattern."""
    outer, before = reading.outer[at], reading.sign(at - 1)
    if outer < 0 or reading.sign(outer) != "{" or _is_data(reading, outer):
        return False
    if before == ")":  # of a FILTER or BIND, and not of a subject
        return reading.expression[reading.partner[at - 1]]
    return before in {"{", "}", "."}


def _is_data(reading: Reading, brace: int) -> bool:
    """Return whether braces hold the data of VALUES."""
    before = brace - 1
    if reading.sign(before) == ")" and reading.partner[before] >= 0:
        before = reading.partner[before]
    return reading.word(before - 1).endswith("VALUES")


class _Walk:
    """A reader of one statement."""

    def __init__(self, reading: Reading, at: int) -> None:
        self._reading, self._at = reading, at

    def statement(self) -> Statement | None:
        """Return the statement that begins here, None where none does."""
        subject = self._node()
        if subject is None:
            return None
        clauses = list[Clause]()
        while True:
            clause = self._clause()
            if clause is None:
                break
            clauses.append(clause)
            if self._sign() != ";":
                break
            while self._sign() == ";":
                self._at += 1
        if not clauses or self._sign() in {"{|", "~", "<<", "<<("}:
            return None
        return Statement(subject, tuple(clauses))

    def _sign(self) -> str:
        return self._reading.sign(self._at)

    def _kind(self) -> str:
        within = self._at < len(self._reading.tokens)
        return self._reading.tokens[self._at].kind if within else ""

    def _clause(self) -> Clause | None:
        start = self._at
        if self._kind() == "variable" or self._reading.word(self._at) == "A":
            self._at += 1
            if self._reading.word(start) == "A" and self._sign() in _JOINING | _MODIFIERS:
                self._at = start
        if self._at == start and not self._path():
            self._at = start
            return None
        path, objects = (start, self._at), list[Range]()
        while True:
            node = self._node()
            if node is None:
                return None
            objects.append(node)
            if self._sign() != ",":
                return Clause(path, tuple(objects))
            self._at += 1

    def _path(self) -> bool:
        """Pass over a path; False if none stands here."""
        while True:
            while self._sign() in {"^", "!"}:
                self._at += 1
            if self._sign() == "(":
                self._at = self._reading.partner[self._at] + 1
            elif self._kind() in _STEPS or self._reading.word(self._at) == "A":
                self._at += 1
            else:
                return False
            if self._sign() in _MODIFIERS:
                self._at += 1
            if self._sign() not in _JOINING:
                return True
            self._at += 1

    def _node(self) -> Range | None:
        """Pass over a term, a collection or a blank node with properties."""
        start, kind = self._at, self._kind()
        if self._sign() in {"(", "["}:
            self._at = self._reading.partner[start] + 1
        elif kind == "string":
            self._at += 1
            if self._kind() == "langtag":
                self._at += 1
            elif self._sign() == "^^":
                self._at += 2
        elif kind in _TERMS or self._reading.word(start) in _TRUTH:
            self._at += 1
        elif self._sign() in {"+", "-"}:
            self._at += 2
        else:
            return None
        return start, self._at
