"""Errors on their way from a child to the front: as JSON, and back as the error they were."""

import re
from typing import Any

from sparql_endpoint.errors import (
    ForumGraphError,
    Place,
    QueryError,
    QuerySyntaxError,
    QueryTooDeepError,
    RemoteError,
    RemoteTimeoutError,
    ServiceRefusedError,
    UpdateRefusedError,
)

__all__ = ["raised", "told"]

_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_PLAIN = {
    kind.__name__: kind
    for kind in (
        QueryError,
        QueryTooDeepError,
        RemoteError,
        RemoteTimeoutError,
        ServiceRefusedError,
    )
}


def told(error: ForumGraphError) -> dict[str, Any]:
    """Return what a child tells of an error of ours."""
    message: dict[str, Any] = {"code": type(error).__name__, "message": str(error)}
    if isinstance(error, QuerySyntaxError):
        place = error.place
        message |= {"message": error.reason, "hint": error.hint}
        message |= {"line": place.line, "column": place.column, "text": place.text}
    return message


def raised(message: dict[str, Any], query: str) -> ForumGraphError | None:
    """Return the error that a child told of the text ``query``; None if the code is no error's."""
    code = message["code"]
    if code == QuerySyntaxError.__name__:
        place = Place(message["line"], message["column"], message["text"])
        return QuerySyntaxError(message["message"], place, message["hint"])
    if code in _PLAIN:
        return _PLAIN[code](message["message"])
    if code == UpdateRefusedError.__name__:
        return UpdateRefusedError()
    if code == "syntax":
        return _engine_syntax_error(message["message"], query)
    if code == "query":
        return QueryError(message["message"])
    return None


def _engine_syntax_error(said: str, query: str) -> QueryError:
    """Return the error that pyoxigraph's message tells about ``query``."""
    match = _AT.fullmatch(said.strip())
    if match is None:
        return QueryError(said)
    line, column, reason = int(match[1]), int(match[2]), " ".join(match[3].split())
    lines = query.split("\n")
    shown = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return QuerySyntaxError(reason, Place(line, column, shown))
