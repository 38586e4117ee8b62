"""The engine's message about a query that does not parse, as an error with its place."""

import re

from sparql_endpoint.errors import Place, QueryError, QuerySyntaxError

__all__ = ["syntax_error"]

_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CLASSES = re.compile(r"\[[^\]]*\]")


def syntax_error(message: str, text: str) -> QueryError:
    """Return the error that ``message`` of pyoxigraph tells about the query ``text``."""
    match = _AT.fullmatch(message.strip())
    if match is None:
        return QueryError(message)
    line, column, reason = int(match[1]), int(match[2]), " ".join(match[3].split())
    lines = text.split("\n")
    shown = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return QuerySyntaxError(reason, Place(line, column, shown))
