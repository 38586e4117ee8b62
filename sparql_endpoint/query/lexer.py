"""The tokens of a SPARQL query, told apart as the engine tells them apart.

The safety of the endpoint rests on seeing every SERVICE that the engine will see, so the lexer
follows the engine where the recommendation alone would mislead. By the longest match of
https://www.w3.org/TR/sparql11-query/#sparqlGrammar the text ``?a<?b#>`` ends with an IRI; the
engine, which knows that no IRI can follow an operand, compares ``?a`` with ``?b`` and starts a
comment. Who reads only the first way takes for a string what the engine runs.
"""

import re
from collections.abc import Iterator

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.query.places import place_at
from sparql_endpoint.query.terminals import NAME_RUN, SKIP, STRING_START, pattern
from sparql_endpoint.query.tokens import Brackets, Token

__all__ = ["Lexer", "Token"]

_MEANT = {
    "&": "'and' is '&&'",
    "@": 'a language tag stands right behind its string: "foro"@es',
    "\\": "an escape stands only in strings, IRIs and local names",
    "%": "a percent sign stands only in local names, with two hexadecimal digits",
    "\u201c": "strings stand between straight quotation marks",
    "\u201d": "strings stand between straight quotation marks",
    "\u2018": "strings stand between straight quotation marks",
    "\u2019": "strings stand between straight quotation marks",
    "\xa0": "this is a no-break space: write a plain one",
    "\ufeff": "this is a byte order mark: leave it out",
}
"""What was probably meant where a character cannot stand."""

_LOCATED = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")


class Lexer:
    """One pass over a query text, in time linear in its length and without recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.doubtful: Token | None = None
        """A token in brackets that starts with ``<`` after an operand, and holds what would start
        a string or a comment if another reader took it the other way."""
        self._brackets = Brackets(text)

    @property
    def depth(self) -> int:
        """The deepest nesting of brackets among the tokens taken so far."""
        return self._brackets.depth

    @property
    def nesting(self) -> int:
        """How many brackets are open behind the last token taken."""
        return self._brackets.nesting

    @property
    def in_expression(self) -> bool:
        """Whether the innermost open bracket holds an expression."""
        return self._brackets.in_expression

    def __iter__(self) -> Iterator[Token]:
        """Yield the tokens, without white space and comments.

        Raises:
            QuerySyntaxError: no token starts at some place, or brackets do not match.
        """
        text, brackets = self.text, self._brackets
        at = nameless = 0
        while True:
            compares = brackets.after_operand and brackets.in_expression
            match = pattern(compares, at >= nameless).match(text, at)
            if match is None:
                raise _unreadable(text, at)
            kind = match.lastgroup or "end"
            if kind == "end":
                break
            token = Token(kind, match[kind], match.start(kind))
            if kind == "word" and token.start >= nameless:
                nameless = self._run_end(token)
            if brackets.nesting and brackets.after_operand and token.text[0] == "<":
                self._doubt(token)
            brackets.follow(token)
            yield token
            at = match.end()
        brackets.finish()

    def _run_end(self, word: Token) -> int:
        """Return where a prefix could next start, given that none does at ``word``.

        Without it ``a.a.a.a…`` would be searched for a colon from every letter again.
        """
        run = NAME_RUN.match(self.text, word.start)
        return run.end() if run else word.start

    def _doubt(self, token: Token) -> None:
        match = pattern(compares=False, names=True).match(self.text, token.start)
        iri = match["iri"] if match else None
        if iri and ("'" in iri or "#" in iri) and not _LOCATED.match(iri):
            self.doubtful = token


def _unreadable(text: str, at: int) -> QuerySyntaxError:
    """Return the error for a text of which no token starts at ``at``."""
    skipped = SKIP.match(text, at)
    start = skipped.end() if skipped else at
    begun = STRING_START.match(text, start)
    if begun is None:
        hint = _MEANT.get(text[start], "")
        return QuerySyntaxError(f"unexpected '{text[start]}'", place_at(text, start), hint)
    if text.startswith("\\", begun.end()):
        reason = f"'{text[begun.end() : begun.end() + 2]}' is no escape in a string"
        hint = "write '\\\\' for a backslash"
        return QuerySyntaxError(reason, place_at(text, begun.end()), hint)
    long = text[start] * 3
    mark = long if text.startswith(long, start) else text[start]
    hint = f"add the missing {mark}"
    if begun.end() < len(text):
        hint = f"a string over several lines stands between {long} and {long}"
    return QuerySyntaxError("this string is never closed", place_at(text, start), hint)
