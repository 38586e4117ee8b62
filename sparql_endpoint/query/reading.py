"""A query as tokens whose brackets are paired, for what looks at a query as a whole or edits it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sparql_endpoint.query.lexer import Lexer
from sparql_endpoint.query.prologue import Prologue
from sparql_endpoint.query.tokens import Token

__all__ = ["Edit", "Reading", "edited", "read"]

Edit = tuple[int, int, str]
"""Where in a text something is replaced, from offset to offset, and by what."""

_OPENING = frozenset({"(", "[", "{", "<<", "<<(", "{|"})
_CLOSING = frozenset({")", "]", "}", ">>", ")>>", "|}"})


@dataclass(frozen=True)
class Reading:
    """The tokens of a query.

    ``partner`` has the index of the other bracket for each bracket, -1 for other tokens; ``outer``
    the index of the innermost bracket around each token, -1 where there is none; ``expression``
    whether each token stands in an expression; ``body`` the index of the first token behind the
    prologue.
    """

    text: str
    tokens: list[Token]
    partner: list[int]
    outer: list[int]
    expression: list[bool]
    body: int
    prologue: Prologue

    def word(self, index: int) -> str:
        """Return the keyword or built-in at ``index`` in capitals, empty if it is none."""
        if not 0 <= index < len(self.tokens) or self.tokens[index].kind != "word":
            return ""
        return self.tokens[index].text.upper()

    def sign(self, index: int) -> str:
        """Return the sign at ``index``, empty if none stands there."""
        within = 0 <= index < len(self.tokens)
        return self.tokens[index].text if within and self.tokens[index].kind in _SIGNS else ""

    def calls(self, index: int) -> bool:
        """Return whether the parenthesis of a call follows the name at ``index``."""
        return self.sign(index + 1) == "(" and self.expression[index + 1]

    def end(self, index: int) -> int:
        """Return the offset behind the token at ``index``."""
        token = self.tokens[index]
        return token.start + len(token.text)

    def source(self, start: int, stop: int) -> str:
        """Return the text of the tokens from ``start`` up to but not including ``stop``."""
        return self.text[self.tokens[start].start : self.end(stop - 1)] if stop > start else ""

    def arguments(self, opening: int) -> list[tuple[int, int]]:
        """Return the range of tokens of each argument between the parenthesis and its partner."""
        close, found, start = self.partner[opening], [], opening + 1
        at = start
        while at < close:
            if self.tokens[at].text in {",", ";"} and self.outer[at] == opening:
                found.append((start, at))
                start = at + 1
            at = max(at, self.partner[at])
            at += 1
        return [*found, (start, close)] if close > opening + 1 else []

    @cached_property
    def elsewhere(self) -> frozenset[int]:
        """The indices of tokens in the braces of a SERVICE, which another server reads."""
        found: set[int] = set()
        for index, token in enumerate(self.tokens):
            if token.kind == "word" and "SERVICE" in token.text.upper():
                brace = next(
                    (at for at in range(index, len(self.tokens)) if self.tokens[at].text == "{"), 0
                )
                found.update(range(brace, self.partner[brace] + 1) if brace else ())
        return frozenset(found)

    def here(self) -> Iterator[int]:
        """Yield the indices of the tokens behind the prologue that are not for another server."""
        return (at for at in range(self.body, len(self.tokens)) if at not in self.elsewhere)


_SIGNS = frozenset({"sign", "less"})


def read(text: str, base: str | None = None) -> Reading:
    """Return the tokens of a query.

    Raises:
        QuerySyntaxError: it has no tokens of SPARQL, unmatched brackets, or a bad prologue.
    """
    lexer, prologue = Lexer(text), Prologue(text, base=base)
    tokens, stack = list[Token](), [-1]
    partner, outer, expression = list[int](), list[int](), list[bool]()
    body = -1
    for index, token in enumerate(lexer):
        if body < 0 and not prologue.take(token):
            body = index
        if token.kind in _SIGNS and token.text in _CLOSING:
            opening = stack.pop()
            partner[opening] = index
            partner.append(opening)
            outer.append(stack[-1])
        else:
            partner.append(-1)
            outer.append(stack[-1])
            if token.kind in _SIGNS and token.text in _OPENING:
                stack.append(index)
        expression.append(lexer.in_expression)
        tokens.append(token)
    body = len(tokens) if body < 0 else body
    return Reading(text, tokens, partner, outer, expression, body, prologue)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with each edit made; none overlaps another."""
    pieces, at = [], 0
    for start, stop, replacement in sorted(edits):
        pieces += [text[at:start], replacement]
        at = stop
    return "".join([*pieces, text[at:]])
