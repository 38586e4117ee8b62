"""Errors on their way from a child to the front: as JSON, and back as the error they were."""

from typing import Any

from sparql_endpoint.errors import (
    ForumGraphError,
    Place,
    QueryError,
    QuerySyntaxError,
    QueryTooDeepError,
    RemoteBusyError,
    RemoteError,
    RemoteTimeoutError,
    ServiceRefusedError,
    UpdateAsQueryError,
    UpdateRefusedError,
    UsageError,
)

__all__ = ["raised", "told"]

_PLAIN = {
    kind.__name__: kind
    for kind in (
        QueryError,
        QueryTooDeepError,
        RemoteError,
        RemoteTimeoutError,
        ServiceRefusedError,
        UsageError,
    )
}


def told(error: ForumGraphError) -> dict[str, Any]:
    """Return what a child tells of an error of ours."""
    message: dict[str, Any] = {"code": type(error).__name__, "message": str(error)}
    if isinstance(error, RemoteBusyError):
        message |= {"retry_after": error.retry_after}
    if isinstance(error, QuerySyntaxError):
        place = error.place
        message |= {"message": error.reason, "hint": error.hint}
        message |= {"line": place.line, "column": place.column, "text": place.text}
    return message


def raised(message: dict[str, Any]) -> ForumGraphError | None:
    """Return the error that a child told, None if its code is no error's."""
    code = message["code"]
    if code == QuerySyntaxError.__name__:
        place = Place(message["line"], message["column"], message["text"])
        return QuerySyntaxError(message["message"], place, message["hint"])
    if code == RemoteBusyError.__name__:
        return RemoteBusyError(message["message"], message["retry_after"])
    if code in _PLAIN:
        return _PLAIN[code](message["message"])
    for kind in (UpdateAsQueryError, UpdateRefusedError):
        if code == kind.__name__:
            return kind()
    return None
