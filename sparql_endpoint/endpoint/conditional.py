"""Conditional requests: whether a client has the answer already, by tag or by date.

RFC 9110, section 13 (https://www.rfc-editor.org/rfc/rfc9110#section-13). Only GET and HEAD select
a representation; a query by POST does not, so its conditions are ignored (section 13.2.1).
"""

from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.http import parse_etags

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["condition", "http_time", "is_held"]

_FORMS = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
"""IMF-fixdate, and the two obsolete forms that a recipient must take (section 5.6.7)."""


def condition(environ: "WSGIEnvironment", etag: str, modified: datetime | None) -> HTTPStatus:
    """Return OK for a request that is to be answered, else NOT_MODIFIED or PRECONDITION_FAILED.

    ``etag`` is the weak tag of the answer, empty for one that changes by itself; ``modified`` is
    when its data last changed. The order is that of section 13.2.2.
    """
    if not etag or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return HTTPStatus.OK
    if not _may_be_performed(environ, modified):
        return HTTPStatus.PRECONDITION_FAILED
    if "HTTP_IF_NONE_MATCH" in environ:  # then a date counts for nothing (section 13.1.3)
        known = parse_etags(environ["HTTP_IF_NONE_MATCH"])
        held = known.contains_weak(etag.removeprefix("W/").strip('"'))
    else:
        since = http_time(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
        held = bool(since and modified and modified <= since)
    return HTTPStatus.NOT_MODIFIED if held else HTTPStatus.OK


def is_held(environ: "WSGIEnvironment", etag: str) -> bool:
    """Return whether the client surely has the answer of the tag ``etag``: it names the tag.

    Before there is an answer nothing else counts, for the conditions of a request that would fail
    must be ignored (section 13.2.1). Who names its tag has had the answer.
    """
    if environ.get("HTTP_IF_NONE_MATCH", "*").strip() == "*":
        return False
    return condition(environ, etag, None) is HTTPStatus.NOT_MODIFIED


def _may_be_performed(environ: "WSGIEnvironment", modified: datetime | None) -> bool:
    """Return whether If-Match holds, or If-Unmodified-Since where there is none.

    If-Match compares strongly (section 13.1.1), and so no weak tag is ever a match.
    """
    if "HTTP_IF_MATCH" in environ:
        return bool(parse_etags(environ["HTTP_IF_MATCH"]).star_tag)
    since = http_time(environ.get("HTTP_IF_UNMODIFIED_SINCE", ""))
    return not (since and modified and modified > since)


@lru_cache(maxsize=256)
def http_time(text: str) -> datetime | None:
    """Return the time that an HTTP-date names, None for what is none: it must be ignored."""
    for form in _FORMS if text else ():
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
