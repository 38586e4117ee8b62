r"""Codepoint escapes of SPARQL 1.1, which may stand anywhere in a query.

SPARQL 1.1 Query, section 19.2 (https://www.w3.org/TR/sparql11-query/#codepointEscape), reads them
before the grammar: ``?a\\u0062`` is the variable ``?ab``. The engine reads them as SPARQL 1.2
does, in strings and IRIs only, so those outside are read here.
"""

import re

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.query.places import place_at
from sparql_endpoint.query.terminals import IRI, STRING

__all__ = ["unescaped"]

_UCHAR = r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})"
_PIECES = re.compile(rf"(?P<whole>{STRING}|{IRI}|#[^\r\n]*+|\\[^uU])|{_UCHAR}", re.DOTALL)
_SURROGATE = re.compile(r"\\(?:u[Dd][89A-Fa-f]|U0000[Dd][89A-Fa-f])[0-9A-Fa-f]{2}")
_LAST = 0x10FFFF


def unescaped(text: str) -> str:
    """Return a query without codepoint escapes outside strings, IRIs and comments.

    Raises:
        QuerySyntaxError: an escape stands for no character: beyond U+10FFFF, or half of a pair of
            surrogates.
    """
    if "\\u" not in text and "\\U" not in text:
        return text

    def read(match: re.Match[str]) -> str:
        if match["whole"] is not None:
            escaped = _SURROGATE.search(match[0]) if match[0][0] in "\"'<" else None
            if escaped is not None:
                raise _no_character(text, match.start() + escaped.start(), escaped[0])
            return match[0]
        code = int(match[2] or match[3], 16)
        if code > _LAST or _SURROGATE.fullmatch(match[0]):
            raise _no_character(text, match.start(), match[0])
        return chr(code)

    return _PIECES.sub(read, text)


def _no_character(text: str, at: int, escape: str) -> QuerySyntaxError:
    return QuerySyntaxError(
        f"the escape {escape} stands for no character",
        place_at(text, at),
        "write a character beyond U+FFFF by one escape of eight digits: \\U0001F600",
    )
