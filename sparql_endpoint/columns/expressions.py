"""Conditions on ids in SQL: three-valued, where NULL is SPARQL's error.

What is asked of a term's class, value or lexical form becomes a question of ranges of ids, which
the dictionary answers when the query is translated.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparql_endpoint.columns.algebra import Call, Exists, Expression, UntranslatableError, Variable
from sparql_endpoint.columns.classes import BLANK, IRI, STRING, Term, read_term
from sparql_endpoint.columns.dictionary import Dictionary
from sparql_endpoint.names import PREFIXES

if TYPE_CHECKING:
    from sparql_endpoint.columns.sql import Column

__all__ = ["Conditions"]

_XSD, _RDF = PREFIXES["xsd"], PREFIXES["rdf"]
_INTEGER, _DECIMAL = f"^{_XSD}integer", f"^{_XSD}decimal"
_NUMERIC = {_INTEGER, _DECIMAL}
_MOST_IDS = 5000
_ORDERS = frozenset({"<", ">", "<=", ">="})
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_TEXTS = frozenset({"STRSTARTS", "STRENDS", "CONTAINS", "REGEX"})
_SIMPLE = re.compile(r"(\^?)([\w \-/,:;@#%&=~'<>!]*)(\$?)", re.ASCII)
_RANGE = tuple[int, int]


@dataclass(frozen=True)
class Conditions:
    """Conditions on the solutions of one relation.

    ``place`` returns where the value of a variable stands, ``exists`` the condition of an EXISTS.
    """

    dictionary: Dictionary
    identifier: Callable[[str], int]
    columns: "Mapping[str, Column]"
    place: Callable[[str], str]
    exists: Callable[[Exists], str]
    nowhere: "Column"
    """What stands for a variable that is never bound."""

    def truth(self, expression: Expression) -> str:  # noqa: PLR0911  # a case each
        """Return a condition that is true, false or, for an error, NULL.

        Raises:
            UntranslatableError: the expression has no exact one.
        """
        if isinstance(expression, Exists):
            return self.exists(expression)
        if not isinstance(expression, Call):
            raise UntranslatableError("the truth of a value")
        name, arguments = expression.name, expression.arguments
        if name in {"&&", "||"}:
            word = " AND " if name == "&&" else " OR "
            return f"({word.join(self.truth(one) for one in arguments)})"
        if name == "!":
            return f"(NOT {self.truth(arguments[0])})"
        if name == "IN":
            each = [self._equal(arguments[0], one) for one in arguments[1:]]
            return f"({' OR '.join(each)})" if each else "FALSE"
        if name == "BOUND":
            return self._bound(arguments)
        if name in _TURNED:
            return self._comparison(name, *_two(arguments))
        if name == "SAMETERM":
            return self._same(*_two(arguments))
        if name in _TEXTS:
            return self._text(name, arguments)
        return self._by_class(expression, None)

    def _column(self, expression: Expression) -> "Column":
        if not isinstance(expression, Variable):
            raise UntranslatableError("no variable where one is needed")
        column = self.columns.get(expression.name, self.nowhere)
        if column.scaled:
            raise UntranslatableError("an average in an expression")
        return column

    def _bound(self, arguments: tuple[Expression, ...]) -> str:
        if len(arguments) != 1 or not isinstance(arguments[0], Variable):
            raise UntranslatableError("BOUND of no variable")
        return f"({self.place(arguments[0].name)} IS NOT NULL)"

    def _keys(self, column: "Column") -> set[str]:
        return {self.dictionary.classes[number].key for number in column.classes}

    # Comparisons

    def _comparison(self, sign: str, left: Expression, right: Expression) -> str:
        if not isinstance(left, Variable) and isinstance(right, Variable):
            left, right, sign = right, left, _TURNED[sign]
        if isinstance(left, Call) or isinstance(right, Call):
            return self._call_comparison(sign, left, right)
        if sign == "=":
            return self._equal(left, right)
        if sign == "!=":
            return f"(NOT {self._equal(left, right)})"
        column = self._column(left)
        place = self.place(left.name)  # type: ignore[union-attr]  # it is a variable
        if isinstance(right, Variable):
            return self._order(sign, column, self._column(right), place, self.place(right.name))
        term = _term(right)
        if column.counted:
            if term.key != _INTEGER:
                raise UntranslatableError("a count beside another kind of number")
            return f"({place} {sign} {term.order})"
        return self._ordered(sign, column, place, term)

    def _order(self, sign: str, one: "Column", other: "Column", left: str, right: str) -> str:
        if one.counted and other.counted:
            return f"({left} {sign} {right})"
        keys = self._keys(one)
        if self.nowhere in {one, other}:
            return "NULL::BOOLEAN"
        if one.counted or other.counted or keys != self._keys(other) or len(keys) != 1:
            raise UntranslatableError("a comparison of several classes")
        if not _ordered(next(iter(keys))):
            raise UntranslatableError("a comparison of what has no order")
        return f"({left} {sign} {right})"

    def _ordered(self, sign: str, column: "Column", place: str, term: Term) -> str:
        """Return the comparison of a variable with a value: a range of each class, or NULL."""
        if not _ordered(term.key):
            raise UntranslatableError("a comparison with what has no order")
        if any(key[0] == "~" for key in self._keys(column)):
            raise UntranslatableError("a comparison of values that we do not compare")
        mates = _NUMERIC if term.key in _NUMERIC else {term.key}
        right, wrong = list[_RANGE](), list[_RANGE]()
        for number in column.classes:
            entry = self.dictionary.classes[number]
            if entry.key in mates:
                at = self.dictionary.bound(number, term.order, after=sign in {">", "<="})
                parts = [(entry.first, at), (at, entry.stop)]
                below = sign in {"<", "<="}
                right.append(parts[not below])
                wrong.append(parts[below])
        return self._cases(place, right, wrong, whole=self._keys(column) <= mates)

    def _cases(self, place: str, right: list[_RANGE], wrong: list[_RANGE], *, whole: bool) -> str:
        """Return what is true in some ranges, false in others, and NULL elsewhere.

        ``whole`` tells that there is no elsewhere, but where nothing is bound.
        """
        true = _within(place, right)
        if whole:
            return true
        return f"(CASE WHEN {true} THEN TRUE WHEN {_within(place, wrong)} THEN FALSE END)"

    def _equal(self, left: Expression, right: Expression) -> str:
        if isinstance(right, Variable) and not isinstance(left, Variable):
            left, right = right, left
        column, place = self._column(left), self.place(getattr(left, "name", ""))
        opaque = any(key[0] == "~" for key in self._keys(column))
        if isinstance(right, Variable):
            return self._equal_columns(column, self._column(right), place, self.place(right.name))
        term = _term(right)
        if column.counted:
            if term.key != _INTEGER:
                raise UntranslatableError("a count beside another kind of term")
            return f"({place} = {term.order})"
        if term.key[0] == "~" or (opaque and term.key[0] not in "<@"):
            raise UntranslatableError("equality with values that we do not compare")
        assert isinstance(right, str)  # noqa: S101  # it is no variable, and a term
        if term.key not in _NUMERIC:
            return f"({place} = {self.identifier(right)})"
        ids = []
        for number in column.classes:
            if self.dictionary.classes[number].key in _NUMERIC:
                start = self.dictionary.bound(number, term.order, after=False)
                ids.append((start, self.dictionary.bound(number, term.order, after=True)))
        return _within(place, ids)

    def _equal_columns(self, one: "Column", other: "Column", left: str, right: str) -> str:
        if one.counted and other.counted:
            return f"({left} = {right})"
        keys, others = self._keys(one), self._keys(other)
        simple = all(
            all(key[0] in "_<@" for key in mine) or not any(key[0] == "~" for key in theirs)
            for mine, theirs in ((keys, others), (others, keys))
        )
        if one.counted or other.counted or not simple:
            raise UntranslatableError("equality of values that we do not compare")
        if len(_NUMERIC & (keys | others)) > 1:
            raise UntranslatableError("equality of integers and decimals")
        return f"({left} = {right})"

    def _same(self, left: Expression, right: Expression) -> str:
        if not isinstance(left, Variable):
            left, right = right, left
        column = self._column(left)
        if column.counted:
            raise UntranslatableError("sameTerm of a count")
        place = self.place(getattr(left, "name", ""))
        if isinstance(right, Variable):
            if self._column(right).counted:
                raise UntranslatableError("sameTerm of a count")
            return f"({place} = {self.place(right.name)})"
        if _term(right).key[0] in "^~":
            raise UntranslatableError("sameTerm of what a store may change")
        return f"({place} = {self.identifier(str(right))})"

    # Functions of a term's class

    def _call_comparison(self, sign: str, left: Expression, right: Expression) -> str:
        if not isinstance(left, Call):
            left, right, sign = right, left, _TURNED[sign]
        if not isinstance(right, str) or not isinstance(left, Call):
            raise UntranslatableError("a comparison of two computed values")
        if left.name in {"LANG", "DATATYPE"} and sign in {"=", "!="}:
            found = self._by_class(left, right)
            return f"(NOT {found})" if sign == "!=" else found
        if left.name == "STR" and sign in {"=", "!="}:
            found = self._form(left, right)
            return f"(NOT {found})" if sign == "!=" else found
        raise UntranslatableError(f"{left.name} compared")

    def _by_class(self, call: Call, wanted: str | None) -> str:
        name, arguments = call.name, call.arguments
        mark = ""
        if name == "LANGMATCHES":
            inner, wanted = _two(arguments)  # type: ignore[assignment]  # looked at below
            if not isinstance(inner, Call) or inner.name != "LANG" or not isinstance(wanted, str):
                raise UntranslatableError("LANGMATCHES of what is no LANG")
            arguments = inner.arguments
        if len(arguments) != 1:
            raise UntranslatableError(f"{name} of several arguments")
        column = self._column(arguments[0])
        if column.counted:
            raise UntranslatableError(f"{name} of a count")
        if wanted is not None:
            term = _term(wanted)
            mark = term.lexical
            if term.key != (IRI if name == "DATATYPE" else STRING):
                raise UntranslatableError(f"{name} compared with another kind of term")
        right, wrong, whole = list[_RANGE](), list[_RANGE](), True
        for number in column.classes:
            key, first, stop = self.dictionary.classes[number]
            truth = _of_class(name, key, mark)
            whole = whole and truth is not None
            if truth is not None:
                (right if truth else wrong).append((first, stop))
        place = self.place(getattr(arguments[0], "name", ""))
        return self._cases(place, right, wrong, whole=whole)

    # Lexical forms

    def _form(self, call: Call, wanted: str) -> str:
        """Return whether the lexical form of a variable is a text."""
        term = _term(wanted)
        if term.key != STRING or not term.lexical:
            raise UntranslatableError("STR compared with another kind of term")
        return self._matching(Call("STR", call.arguments), term.lexical, (True, True))

    def _text(self, name: str, arguments: tuple[Expression, ...]) -> str:
        subject, wanted, *flags = arguments
        needle = _term(wanted) if isinstance(wanted, str) else None
        if needle is None or needle.key != STRING or not needle.lexical:
            raise UntranslatableError(f"{name} of what is no text")
        text, start, end = needle.lexical, name == "STRSTARTS", name == "STRENDS"
        folded = flags == ['"i"']
        if name == "REGEX":
            simple = _SIMPLE.fullmatch(text)
            if simple is None or not simple[2] or (flags and not folded):
                raise UntranslatableError("a regular expression that is not simple")
            text, start, end = simple[2], bool(simple[1]), bool(simple[3])
        elif flags:
            raise UntranslatableError(f"{name} of three arguments")
        lower = isinstance(subject, Call) and subject.name == "LCASE"
        if lower:
            assert isinstance(subject, Call)  # noqa: S101  # as just said
            if len(subject.arguments) != 1 or folded or text != text.lower():
                raise UntranslatableError("LCASE beside capitals")
            subject = subject.arguments[0]
        if (lower or folded) and not text.isascii():
            raise UntranslatableError("letters that only tables can fold")
        text = text.lower() if folded else text
        return self._matching(subject, text, (start, end), folded=lower or folded)

    def _matching(
        self,
        subject: Expression,
        text: str,
        ends: tuple[bool, bool],
        *,
        folded: bool = False,
    ) -> str:
        """Return whether a text is in that of a term, maybe at its start or its end."""
        forms = isinstance(subject, Call) and subject.name == "STR"
        if forms and isinstance(subject, Call) and len(subject.arguments) == 1:
            subject = subject.arguments[0]
        column, place = self._column(subject), self.place(getattr(subject, "name", ""))
        if column.counted:
            raise UntranslatableError("the text of a count")
        right, readable, whole = list[_RANGE](), list[_RANGE](), True
        for number in column.classes:
            key, first, stop = self.dictionary.classes[number]
            if key == BLANK or not (forms or key[0] in '"@'):
                whole = False
                continue
            readable.append((first, stop))
            if folded and not self.dictionary.is_ascii(number):
                raise UntranslatableError("letters that only tables can fold")
            found = [
                identifier
                for identifier, before, after in self.dictionary.matches(
                    number, text.encode(), folded=folded
                )
                if not (ends[0] and before) and not (ends[1] and after)
            ]
            right += _ranges(found)
            if len(right) > _MOST_IDS:
                raise UntranslatableError("a text that is in too many terms")
        return self._cases(place, right, readable, whole=whole)


def _two(arguments: tuple[Expression, ...]) -> tuple[Expression, Expression]:
    if len(arguments) != 2:  # noqa: PLR2004  # as the name says
        raise UntranslatableError("not two arguments")
    return arguments[0], arguments[1]


def _term(expression: Expression) -> Term:
    term = read_term(expression) if isinstance(expression, str) else None
    if term is None:
        raise UntranslatableError("no term where one is needed")
    return term


def _ordered(key: str) -> bool:
    """Return whether ``<`` compares the terms of a class by their order: 17.3 has no IRIs."""
    return key == STRING or key[0] == "^"


def _of_class(  # noqa: C901, PLR0911  # a case each
    name: str, key: str, mark: str
) -> bool | None:
    """Return what a function is of a class's terms: true, false or an error."""
    literal = key[0] not in "_<"
    if name in {"ISIRI", "ISURI"}:
        return key == IRI
    if name == "ISBLANK":
        return key == BLANK
    if name == "ISLITERAL":
        return literal
    if name == "ISNUMERIC":
        if key[0] == "~":
            raise UntranslatableError("isNumeric of values that we do not read")
        return key in _NUMERIC
    if not literal:
        return None
    language = key[1:] if key[0] == "@" else ""
    if name == "LANG":
        return language == mark
    if name == "LANGMATCHES":
        if mark == "*":
            return bool(language)
        wanted = mark.lower()
        return bool(wanted) and (language == wanted or language.startswith(f"{wanted}-"))
    if name == "DATATYPE":
        if key == STRING:
            return mark == f"{_XSD}string"
        return mark == (f"{_RDF}langString" if language else key[1:])
    raise UntranslatableError(f"{name} as a condition")


def _ranges(found: Iterable[int]) -> list[_RANGE]:
    ranges = list[_RANGE]()
    for identifier in found:
        if ranges and identifier <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], identifier + 1))
        else:
            ranges.append((identifier, identifier + 1))
    return ranges


def _within(place: str, ranges: Iterable[_RANGE]) -> str:
    """Return whether an id is in one of some ranges, NULL for none."""
    ones, parts = list[str](), list[str]()
    for first, stop in ranges:
        if stop - first == 1:
            ones.append(str(first))
        elif first < stop:
            parts.append(f"({place} >= {first} AND {place} < {stop})")
    if ones:
        parts.append(f"{place} IN ({', '.join(ones)})")
    return f"({' OR '.join(parts)})" if parts else f"({place} < {_BEFORE})"


_BEFORE = -(1 << 30)
