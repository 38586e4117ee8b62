"""HTTP's methods as far as they are the server's matter and not that of one resource."""

from http import HTTPStatus

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest, MethodNotAllowed

__all__ = ["register"]

_SERVER = "*"
"""The target of a request that is for no resource (RFC 9112, section 3.2.4)."""


class _NotImplementedHere(MethodNotAllowed):
    """A method that no resource has; what the one asked for has instead stands in Allow."""

    code = HTTPStatus.NOT_IMPLEMENTED


def register(app: Flask) -> None:
    """Let ``app`` answer for the server as a whole."""
    app.before_request(_answer)


def _answer() -> Response | None:
    """Answer what is for no resource, or by a method that none has.

    OPTIONS of ``*`` tells what the server can (RFC 9110, section 9.3.7), without a body; any other
    method has no business with it (RFC 9112, section 3.2.4). TRACE would send credentials and
    cookies back to scripts (RFC 9110, section 9.3.8), and is a method that the server does not
    implement (section 9.1). https://www.rfc-editor.org/rfc/rfc9110#section-9
    """
    environ = request.environ
    if environ["PATH_INFO"] == _SERVER:
        if environ["REQUEST_METHOD"] != "OPTIONS":
            raise BadRequest("'*' is the server as a whole: it has OPTIONS alone")
        told = Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(_methods())})
        del told.headers["Content-Type"]  # of nothing
        return told
    if environ["REQUEST_METHOD"] == "TRACE":
        fault = request.routing_exception
        allowed = fault.valid_methods if isinstance(fault, MethodNotAllowed) else None
        detail = f"TRACE is not implemented here; there is {', '.join(_methods())}"
        raise _NotImplementedHere(allowed, detail)
    return None


def _methods() -> list[str]:
    """Return the methods that at least one resource has."""
    rules = current_app.url_map.iter_rules()
    return sorted({method for rule in rules for method in rule.methods or ()})
