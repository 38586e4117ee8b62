"""Headers that every response has: safety, reading by other origins, and the id of the request.

CORS: https://fetch.spec.whatwg.org/#http-cors-protocol. Anybody's page may read, none may send
cookies along, since the service knows none.
"""

import re
import secrets

__all__ = ["EVERY_ANSWER", "QUERY_ID", "new_query_id", "preflight"]

QUERY_ID = "X-Query-Id"

_EXPOSED = (
    "Accept-Ranges, Allow, Content-Range, ETag, Link, Location, Repr-Digest, Retry-After,"
    " X-Query-Engine, X-Query-Id, X-Query-Warning, X-Result-Complete"
)
_DAY = "86400"
_COLUMNS = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
"""The one style sheet that a script may add: that of the widths of columns in the query editor."""
EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": _EXPOSED,
    "Content-Security-Policy": (
        f"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' {_COLUMNS};"
        " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ALLOWED = (
    "Accept, Accept-Encoding, Content-Type, If-Match, If-Modified-Since, If-None-Match,"
    " If-Range, If-Unmodified-Since, Range"
)
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}")
_MOST_NAMES = 20


def preflight(names: str, methods: str) -> list[tuple[str, str]]:
    """Return the headers that answer a preflight for a page's script.

    It may send the headers that we read and those of ``names``, which it asks for: the service is
    public and knows no credentials, so a header that it does not read does no harm.
    """
    known = {name.lower() for name in _ALLOWED.split(", ")}
    others = [name.strip() for name in names.split(",")[:_MOST_NAMES]]
    more = [name for name in others if _NAME.fullmatch(name) and name.lower() not in known]
    return [
        ("Access-Control-Allow-Headers", ", ".join([_ALLOWED, *more])),
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Max-Age", _DAY),
        ("Vary", "Access-Control-Request-Headers"),
    ]


def new_query_id() -> str:
    """Return an id that no other request has."""
    return secrets.token_hex(8)
