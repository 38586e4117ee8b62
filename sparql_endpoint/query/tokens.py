"""A token of a query, and the brackets that give it its context."""

from dataclasses import dataclass
from typing import NamedTuple

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.query.places import place_at

__all__ = ["Brackets", "Token"]

_CLOSE = {"(": ")", "[": "]", "{": "}", "<<": ">>", "<<(": ")>>", "{|": "|}"}
_OPEN = {close: opening for opening, close in _CLOSE.items()}
_OPERANDS = frozenset({"variable", "iri", "name", "string", "number", "langtag", "blank"})
_NAMES = frozenset({"iri", "name"})
_WORD_OPERANDS = ("TRUE", "FALSE")
_VERB = "A"


class Token(NamedTuple):
    """A piece of a query: ``kind`` is a group of ``terminals.pattern``, ``start`` its offset."""

    kind: str
    text: str
    start: int

    def ends_with(self, keyword: str | tuple[str, ...]) -> bool:
        """Tell a keyword in capitals, also where another is written before it without a space."""
        return self.kind == "word" and self.text.upper().endswith(keyword)


_NOTHING = Token("nothing", "", 0)


@dataclass
class _Bracket:
    """An open bracket and what it holds.

    ``context`` is *head* (the clauses around WHERE, where each parenthesis holds an expression),
    *pattern* (braces of a graph pattern), *values* (data of VALUES), *terms* (a collection, path,
    property list or triple term) or *expression*.
    """

    token: Token
    context: str


class Brackets:
    """The open brackets of a query as its tokens pass by.

    In an expression, and only there, ``<`` after an operand compares; elsewhere it starts an IRI.
    """

    def __init__(self, text: str) -> None:
        self.depth = 0
        """The deepest nesting so far."""
        self.nesting = 0
        """How many brackets are open."""
        self.after_operand = False
        """Whether the last token ends an operand."""
        self.in_expression = False
        """Whether the innermost open bracket holds an expression."""
        self._text = text
        self._stack = [_Bracket(_NOTHING, "head")]
        self._last, self._last_but_one = _NOTHING, _NOTHING
        self._values = False

    def follow(self, token: Token) -> None:
        """Take note of the next token.

        Raises:
            QuerySyntaxError: it closes a bracket that is not the last one opened.
        """
        kind, text, _ = token
        self.after_operand = kind in _OPERANDS
        if kind == "word":
            self._follow_word(token)
        elif text in _CLOSE:
            self._open(token)
        elif text in _OPEN:
            self._close(token)
        self._last_but_one, self._last = self._last, token

    def _follow_word(self, token: Token) -> None:
        word = token.text.upper()
        self.after_operand = word.endswith(_WORD_OPERANDS)
        self._values = self._values or word.endswith("VALUES")
        if self._last.text == "{" and word.startswith("SELECT"):
            self._stack[-1].context = "head"

    def _open(self, token: Token) -> None:
        self._stack.append(_Bracket(token, self._context(token.text)))
        self.nesting += 1
        self.depth = max(self.depth, self.nesting)
        self.in_expression = self._stack[-1].context == "expression"

    def finish(self) -> None:
        """Check that nothing is left open.

        Raises:
            QuerySyntaxError: a bracket is, the innermost is named.
        """
        if self.nesting:
            opening = self._stack[-1].token
            reason = f"'{opening.text}' is never closed"
            raise QuerySyntaxError(
                reason,
                place_at(self._text, opening.start),
                f"add the missing '{_CLOSE[opening.text]}'",
            )

    def _close(self, token: Token) -> None:
        opening = self._stack[-1].token
        if opening.text != _OPEN[token.text]:
            reason, hint = (
                f"'{token.text}' closes nothing",
                f"remove it, or open '{_OPEN[token.text]}' before",
            )
            if self.nesting:
                where = place_at(self._text, opening.start)
                hint = (
                    f"'{opening.text}' of line {where.line}, column {where.column} is still open:"
                    f" close it with '{_CLOSE[opening.text]}' first"
                )
            raise QuerySyntaxError(reason, place_at(self._text, token.start), hint)
        self._stack.pop()
        self.nesting -= 1
        self.in_expression = self._stack[-1].context == "expression"
        self.after_operand = True

    def _context(self, opening: str) -> str:
        """Return what the bracket holds that opens now."""
        outer = self._stack[-1].context
        if opening == "{":
            data, self._values = self._values, False
            return "values" if data else "pattern"
        if opening != "(":
            return "terms"
        if self._values or outer == "values":
            return "values"
        if outer in {"head", "expression"} or (outer == "pattern" and self._calls()):
            return "expression"
        return "terms"

    def _calls(self) -> bool:
        """Tell whether a parenthesis in a pattern follows a keyword, or FILTER and a name."""
        last = self._last
        if last.kind == "word":
            return last.text.upper() != _VERB and not last.text.upper().endswith(_WORD_OPERANDS)
        return last.kind in _NAMES and self._last_but_one.ends_with("FILTER")
