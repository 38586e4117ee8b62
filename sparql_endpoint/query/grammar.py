"""Where a query leaves the grammar, and what could stand there: the rules are in sparql.lark."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from lark import Lark
from lark import Token as Terminal
from lark.common import LexerConf
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer as LarkLexer
from lark.parsers.lalr_interactive_parser import InteractiveParser

from sparql_endpoint.query.lexer import Lexer
from sparql_endpoint.query.tokens import Token

__all__ = ["FUNCTIONS", "KEYWORDS", "SIGNS", "Departure", "departure", "words"]


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


KEYWORDS = words(
    """AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FALSE FILTER FROM GRAPH
    GROUP HAVING IN LATERAL LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT
    SEPARATOR SERVICE SILENT TRUE UNDEF UNION VALUES VERSION WHERE"""
)
"""Words of the grammar, each a terminal of its own."""

FUNCTIONS = words(
    """ABS ADJUST AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI
    FLOOR GROUP_CONCAT HASLANG HASLANGDIR HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE
    ISURI LANG LANGDIR LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW OBJECT PREDICATE RAND REGEX
    REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT
    STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TZ UCASE
    URI UUID YEAR"""
)
"""Names of built-in functions and aggregates, all of them the terminal FUNCTION."""

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "iri": "IRIREF",
        "string": "STRING",
        "variable": "VAR",
        "blank": "BLANK",
        "name": "PNAME",
        "number": "NUMBER",
        "langtag": "LANGTAG",
    }
)
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "BANG": "!",
        "UNEQUAL": "!=",
        "AND": "&&",
        "LPAR": "(",
        "RPAR": ")",
        "RTRIPLE": ")>>",
        "STAR": "*",
        "PLUS": "+",
        "COMMA": ",",
        "MINUS_SIGN": "-",
        "DOT": ".",
        "SLASH": "/",
        "SEMICOLON": ";",
        "LESS": "<",
        "LREIFIED": "<<",
        "LTRIPLE": "<<(",
        "ATMOST": "<=",
        "EQUAL": "=",
        "GREATER": ">",
        "ATLEAST": ">=",
        "RREIFIED": ">>",
        "QUESTION": "?",
        "LBRACKET": "[",
        "RBRACKET": "]",
        "CARET": "^",
        "DATATYPE": "^^",
        "LBRACE": "{",
        "LANNOTATION": "{|",
        "PIPE": "|",
        "RANNOTATION": "|}",
        "OR": "||",
        "RBRACE": "}",
        "TILDE": "~",
    }
)
"""Terminals that are signs, and how they are written."""

_SIGN_NAMES = MappingProxyType({sign: name for name, sign in SIGNS.items()})


@dataclass(frozen=True)
class Departure:
    """A token that cannot stand where it does (None: the end), and the terminals that could."""

    token: Token | None
    before: Token | None
    accepted: frozenset[str]


def departure(text: str) -> Departure | None:
    """Return where a query first leaves the grammar, or None if it never does.

    Raises:
        QuerySyntaxError: the text has no tokens of SPARQL.
    """
    parser = _parser().parse_interactive()
    before = None
    for token in Lexer(text):
        try:
            parser.feed_token(Terminal(_terminal(token), token.text))
        except UnexpectedToken:
            return Departure(token, before, _accepted(parser))
        before = token
    accepted = _accepted(parser)
    return None if "$END" in accepted else Departure(None, before, accepted)


def _accepted(parser: InteractiveParser) -> frozenset[str]:
    return frozenset(parser.accepts())  # type: ignore[no-untyped-call]  # lark leaves it untyped


def _terminal(token: Token) -> str:
    if token.kind == "word":
        word = token.text.upper()
        if word in KEYWORDS:
            return word
        if word in FUNCTIONS:
            return "FUNCTION"
        return "A" if token.text == "a" else "WORD"
    return _KINDS.get(token.kind) or _SIGN_NAMES[token.text]


class _NoLexer(LarkLexer):
    """The parser is fed by our lexer, so it needs none."""

    def __init__(self, lexer_conf: LexerConf) -> None: ...

    def lex(self, *_: object) -> Iterator[Terminal]:
        return iter(())


@cache
def _parser() -> Lark:
    rules = files(__package__).joinpath("sparql.lark").read_text(encoding="utf-8")
    return Lark(rules, parser="lalr", lexer=_NoLexer)
